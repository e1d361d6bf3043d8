package org.odap.log.store;

import java.util.List;

/** What changes weigh in memory while they wait. */
final class Weights {
  /** Objects around a change. */
  static final int SMALL = 512;

  private Weights() {}

  static int of(List<SealedEntry> entries) {
    return SMALL + entries.stream().mapToInt(entry -> 2 * entry.value().length).sum();
  }
}
