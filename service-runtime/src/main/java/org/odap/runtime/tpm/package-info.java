/** A TPM in software, for development and tests. */
package org.odap.runtime.tpm;
