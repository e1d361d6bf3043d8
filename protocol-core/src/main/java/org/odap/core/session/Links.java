package org.odap.core.session;

import static org.odap.core.session.Check.same;

import org.odap.api.common.v1.ErrorReason;

/** Checks that several messages share. */
public final class Links {
  private Links() {}

  /** The message names the hash of the message before it (ODAP 7, 8). */
  public static Check previous(String field, String section) {
    return new Check(
        "The message names the hash of the message before it.",
        section,
        scene ->
            same(
                scene.message().previousHash(),
                scene.session().lastHash(),
                ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG,
                field));
  }
}
