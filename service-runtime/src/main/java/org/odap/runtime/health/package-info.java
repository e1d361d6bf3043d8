/** Whether a service has started, lives, and is ready for calls. */
package org.odap.runtime.health;
