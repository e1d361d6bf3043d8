package org.odap.core.evidence;

/**
 * Something in the evidence that is not as it must be.
 *
 * @param log whose log or certificate shows it: "sender", "recipient", or "" for the bundle as such
 * @param index the log entry concerned; 0 = none in particular
 * @param what what is wrong, as a sentence
 */
public record Finding(String log, int index, String what) {
  static Finding about(String log, String what) {
    return new Finding(log, 0, what);
  }

  /** The finding with its place, as one line. */
  public String text() {
    String place = log.isEmpty() ? "bundle" : log + "'s log";
    return (index == 0 ? place : place + ", entry " + index) + ": " + what;
  }
}
