package org.odap.log.store;

import java.util.List;

/** Durable is what is synced to this machine's disk; the witness is told of it. */
record OwnDisk(Database database, Witness witness) implements Durability {
  /** What the witness saw acknowledged and is no longer there. */
  List<Damage> missing(Verification.Report report) {
    return Testimony.missing(database, witness, report.lastEpoch());
  }

  @Override
  public void write(Batch batch) {
    database.write(batch.seal());
    witness.acknowledgeEpoch(batch.leases().lastEpoch());
    batch.heads().forEach(witness::acknowledge);
  }

  @Override
  public void close() {
    witness.close();
    database.close();
  }
}
