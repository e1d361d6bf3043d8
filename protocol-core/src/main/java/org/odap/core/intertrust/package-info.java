/** The InterTrust mode: what ODAP's messages carry in it, and what is checked of that (IT). */
package org.odap.core.intertrust;
