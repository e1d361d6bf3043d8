package org.odap.ledger.ethereum.step;

import java.util.Optional;
import org.odap.api.common.v1.LedgerStep;

/** Something the escrow shall do once; the same order again changes nothing. */
sealed interface Order permits TransferStep, Issuance {
  /** The call that makes the escrow do it. */
  String data();

  /** Which transfer step it is; unspecified for what is outside of transfers. */
  LedgerStep step();

  /** What it did; empty while the escrow has not carried it out for this writer. */
  Optional<Done> look(EscrowView view);
}
