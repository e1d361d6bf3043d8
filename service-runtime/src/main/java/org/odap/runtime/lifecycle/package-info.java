/** How a service starts, says that it is ready, and stops. */
package org.odap.runtime.lifecycle;
