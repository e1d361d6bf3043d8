package org.odap.ledger.sql.asset;

import java.util.regex.Pattern;
import org.odap.api.common.v1.ErrorReason;
import org.odap.ledger.sql.database.RefusedException;

/**
 * What an account of this ledger is called: letters, digits and . _ : @ + - and nothing that splits
 * a path.
 */
public final class Accounts {
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@+-]{0,255}");

  private Accounts() {}

  /** Refuses a name that can't be an account. */
  public static void require(String account) {
    if (!isWellFormed(account)) {
      throw new RefusedException(
          ErrorReason.ERROR_REASON_ACCOUNT_INVALID,
          "account: value: " + account + " (expected: letters, digits and . _ : @ + -)");
    }
  }

  /** Whether a name can be that of an account, or of a class. */
  public static boolean isWellFormed(String name) {
    return WELL_FORMED.matcher(name).matches();
  }
}
