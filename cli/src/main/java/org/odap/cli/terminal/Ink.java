package org.odap.cli.terminal;

/** Colors by what they mean, so that a screen reads alike everywhere. */
public enum Ink {
  /** Done, held. */
  GOOD("32"),
  /** Failed, refused. */
  BAD("31"),
  /** Going on now. */
  ACTIVE("36"),
  /** Not yet, or of lesser interest. */
  FAINT("2"),
  /** Headings. */
  STRONG("1");

  private static final String ESCAPE = "\u001b[";

  private final String code;

  Ink(String code) {
    this.code = code;
  }

  String paint(String text) {
    return ESCAPE + code + "m" + text + ESCAPE + "0m";
  }
}
