package org.odap.ledger.fabric.network;

import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;

/**
 * What a network's answer means for the call that got it.
 *
 * @param reason how the suite tells it, where it has to be told
 * @param words for a person, one line
 */
public record Failure(Kind kind, ErrorReason reason, String words) {
  /** What can be done about a failure. */
  public enum Kind {
    /** The chaincode itself said no; the words are its own. */
    REFUSED,
    /** Nothing was done, and a repeat is refused until somebody changes something. */
    PERMANENT,
    /** Nothing was done; a new proposal may succeed. */
    TRY_AGAIN,
    /** Whether something was done is not known: the ledger has to be asked. */
    UNKNOWN
  }

  /** As it is told to a caller whose call ends here. */
  public OdapException exception(Exception cause) {
    return new OdapException(reason, words, cause);
  }
}
