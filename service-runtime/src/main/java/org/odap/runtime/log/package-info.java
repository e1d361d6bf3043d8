/** The log service's callers: what each of them does in the same way. */
package org.odap.runtime.log;
