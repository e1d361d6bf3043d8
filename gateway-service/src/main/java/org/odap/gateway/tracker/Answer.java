package org.odap.gateway.tracker;

/** What a tracker's status says about the entry that was posted. */
enum Answer {
  /** It has it. */
  TAKEN,
  /** It could not take it now: it is asked again for as long as that lasts. */
  LATER,
  /** It does not want it as it is: it is asked again for a time. */
  REFUSED,
  /** There is no such tracker any more: it is not asked again. */
  GONE;

  private static final int GONE_STATUS = 410;

  static Answer of(int status) {
    return switch (status) {
      // Time-out, too early, too many: what is asked for is that it be repeated.
      case 408, 425, 429 -> LATER;
      case GONE_STATUS -> GONE;
      default ->
          switch (status / 100) {
            case 2 -> TAKEN;
            case 4 -> REFUSED;
            default -> LATER;
          };
    };
  }
}
