/** Travel-rule data of transfers: encrypted, durable, and nobody reads it unseen (ARCH 6). */
package org.odap.resource.travelrule;
