package org.odap.attestation.tpm;

/** Bytes that are not the structure they should be; the message begins with the field. */
public final class TpmFormatException extends Exception {
  private static final long serialVersionUID = 1;

  TpmFormatException(String field, String what) {
    super(field + ": " + what);
  }

  static TpmFormatException value(String field, Object value, String expected) {
    return new TpmFormatException(field, "value: " + value + " (expected: " + expected + ")");
  }
}
