/** What participants and who collects keep on disk. */
package org.odap.attestation.store;
