/** What a service writes into its log, and how much of it. */
package org.odap.runtime.logging;
