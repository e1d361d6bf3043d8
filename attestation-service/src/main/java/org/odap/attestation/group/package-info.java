/** A participant as its group's services see it (IT). */
package org.odap.attestation.group;
