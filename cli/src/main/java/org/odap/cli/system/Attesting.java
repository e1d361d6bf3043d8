package org.odap.cli.system;

import java.util.Locale;

/** What a gateway asks of its counterparty's machine before a transfer (ARCH 6). */
public enum Attesting {
  /** No transfer without proof. */
  REQUIRED,
  /** Proof is asked for; without it the transfer goes on. */
  PREFERRED,
  /** Nothing is asked, and no machine has a TPM. */
  OFF;

  /** As in a gateway's configuration. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
