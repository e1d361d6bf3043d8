package org.odap.ledger.ethereum.chain;

/** The node answered a request with an error of its own: it did not act on the request. */
public final class ChainRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String nodeMessage;
  private final String revertData;

  public ChainRefusedException(String method, int code, String nodeMessage, String revertData) {
    super(method + ": " + nodeMessage);
    this.code = code;
    this.nodeMessage = nodeMessage;
    this.revertData = revertData;
  }

  /** The JSON-RPC error code. */
  public int code() {
    return code;
  }

  /** The node's own words. */
  public String nodeMessage() {
    return nodeMessage;
  }

  /** What a reverted contract said, as 0x-hex; empty where the error is not a revert. */
  public String revertData() {
    return revertData;
  }
}
