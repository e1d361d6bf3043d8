package org.odap.ledger.ethereum.step;

import java.util.Optional;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.escrow.TransferRecord;

/** A step of a transfer, asked for by the writer with this epoch. */
record TransferStep(TransferId id, LedgerStep step, long epoch, String data) implements Order {

  @Override
  public Optional<Done> look(EscrowView view) {
    TransferRecord record = view.escrow().transferOf(id);
    // A step done under a lower epoch is sent again: the escrow must learn of the new writer before
    // the old one is surely fenced off.
    return record.epochOf(step) < epoch ? Optional.empty() : view.done(id, step, record);
  }
}
