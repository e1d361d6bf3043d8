package org.odap.log.store;

import java.util.List;
import java.util.stream.Collectors;

/** The store was not opened because some of it is damaged; nothing was changed. */
public final class DamagedStoreException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final String WHAT_TO_DO =
      "\nnothing was changed: restore the data directory from a backup, or start once with"
          + " --salvage to put damaged logs aside (docs/log-storage.md)";

  private final transient List<Damage> damages;

  DamagedStoreException(List<Damage> damages) {
    super(
        damages.stream()
            .map(Damage::toString)
            .collect(Collectors.joining("\n", "the store is damaged:\n", WHAT_TO_DO)));
    this.damages = List.copyOf(damages);
  }

  /** What is damaged, one a log entry where that can be told. */
  public List<Damage> damages() {
    return damages;
  }
}
