/** Whole systems as processes, and the house rules that need to see every module. */
package org.odap.it;
