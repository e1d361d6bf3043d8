package org.odap.ledger.fabric.development.endorsement;

/** A proposal that one endorser did not endorse. */
public final class EndorserException extends Exception {
  private static final long serialVersionUID = 1;

  /** Who is to blame; the gateway makes different answers of it. */
  public enum Cause {
    /** The proposal or who signed it is refused before anything runs. */
    PROPOSAL,
    /** The peer could not run it. */
    PEER,
    /** The chaincode answered with an error. */
    CHAINCODE,
    /** The peer does not answer. */
    UNREACHABLE
  }

  private final Cause blame;

  EndorserException(Cause blame, String message) {
    super(message);
    this.blame = blame;
  }

  public Cause blame() {
    return blame;
  }
}
