package org.odap.log.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds what the witness saw acknowledged against what the database has. */
final class Testimony {
  private Testimony() {}

  /** What was acknowledged and is no longer there. */
  static List<Damage> missing(Database database, Witness witness, long lastEpoch) {
    List<Damage> missing = new ArrayList<>();
    if (Long.compareUnsigned(lastEpoch, witness.lastEpoch()) < 0) {
      missing.add(
          new Damage(
              "leases",
              0,
              "epoch %d was given, but the store knows only up to %d"
                  .formatted(witness.lastEpoch(), lastEpoch)));
    }
    for (Witness.Acknowledged acknowledged : witness.logs()) {
      Optional<LogHead> head = head(database, acknowledged);
      int length = head.map(LogHead::length).orElse(0);
      if (length < acknowledged.length()) {
        missing.add(
            new Damage(
                acknowledged.log().value(),
                length + 1,
                "it was acknowledged, as was all up to %d, and is missing"
                    .formatted(acknowledged.length())));
      } else if (head.filter(h -> h.revision() < acknowledged.revision()).isPresent()) {
        missing.add(
            new Damage(acknowledged.log().value(), 0, "its closing or last claim is missing"));
      }
    }
    return missing;
  }

  private static Optional<LogHead> head(Database database, Witness.Acknowledged acknowledged) {
    try {
      return Reading.head(database, acknowledged.log());
    } catch (StoreException e) {
      return Optional.empty();
    }
  }
}
