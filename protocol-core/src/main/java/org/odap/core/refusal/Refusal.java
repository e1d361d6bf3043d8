package org.odap.core.refusal;

import org.odap.api.common.v1.ErrorReason;

/**
 * Why something was refused: a message (ODAP 5.2, 6 to 8), a log (recovery-01 5), an order.
 *
 * @param field JSON path of the offending field, or "" where no single field is to blame
 * @param description for a person; says nothing secret
 */
public record Refusal(ErrorReason reason, String field, String description) {
  public static Refusal of(ErrorReason reason, String description) {
    return new Refusal(reason, "", description);
  }
}
