package org.odap.edge;

import java.util.List;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapException;

/**
 * What is wrong with a request, with the place where it is. Texts a caller sent are not repeated.
 */
final class Mistakes {
  private static final int SHOWN_CHARS_MAX = 64;

  private Mistakes() {}

  /** The field's value is not what it has to be. */
  static OdapException invalid(String path, String description) {
    return at(ErrorReason.ERROR_REASON_FIELD_INVALID, path, description);
  }

  /** There is no such field. */
  static OdapException unknown(String path) {
    return at(ErrorReason.ERROR_REASON_FIELD_UNKNOWN, path, "unknown");
  }

  /** The field is there twice, under one name or two. */
  static OdapException doubled(String path) {
    return invalid(path, "given twice (expected: once)");
  }

  /** The whole request is malformed. */
  static OdapException malformed(String description) {
    return new OdapException(ErrorReason.ERROR_REASON_FIELD_INVALID, description);
  }

  private static OdapException at(ErrorReason reason, String path, String description) {
    String shown = shown(path);
    return new OdapException(
        reason,
        shown.isEmpty() ? description : shown + ": " + description,
        List.of(new FieldViolation(shown, description)));
  }

  /** A name somebody sent: cut, and without what would break a line or a terminal. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(4L * SHOWN_CHARS_MAX)
        .forEach(c ->
            shown.appendCodePoint(
                Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
                    ? '?'
                    : c));
    return shown.toString();
  }
}
