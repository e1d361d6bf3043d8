/** Numbers and probes for operators, over plain HTTP on an address of their own. */
package org.odap.runtime.metrics;
