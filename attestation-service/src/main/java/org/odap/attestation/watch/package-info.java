/** Whether the services this one needs answer. */
package org.odap.attestation.watch;
