package org.odap.log.store;

import java.util.Optional;

/**
 * What an update of a log found and did (recovery-01 4.5.5).
 *
 * @param lastCommonIndex index of the last entry that both had
 * @param length number of entries now
 * @param fork where the two copies disagree; then nothing was stored
 */
public record Updated(int lastCommonIndex, int length, Optional<Fork> fork) {
  static Updated joined(int lastCommonIndex, int length) {
    return new Updated(lastCommonIndex, length, Optional.empty());
  }

  static Updated forked(Fork fork, int length) {
    return new Updated(fork.lastCommonIndex(), length, Optional.of(fork));
  }
}
