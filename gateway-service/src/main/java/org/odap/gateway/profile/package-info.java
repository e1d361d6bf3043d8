/** Which assets this gateway knows, and which of them it takes (ODAP 5.7, ARCH 6). */
package org.odap.gateway.profile;
