package org.odap.core.transfer;

import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.TransferOrder;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.refusal.Refusal;

/** What can reach a transfer. */
public sealed interface Input {
  /**
   * A client orders a transfer (ODAP 5.10.6).
   *
   * @param order what is kept of the order
   * @param terms the first proposal; session, numbers, hash and signature are filled in
   */
  record Order(TransferOrder order, InitializationRequest terms) implements Input {}

  /**
   * A message of the peer: a request, or the answer to a request of this side.
   *
   * @param message as it came in; nothing of it has been checked
   * @param peerPubkey public key of the certificate the peer showed, base64url SPKI DER
   */
  record Received(OdapMessage message, String peerPubkey) implements Input {}

  /**
   * The peer refused a request for good; nothing changed on its side.
   *
   * @param request type of the request
   * @param refusal the peer's reason
   */
  record PeerRefused(MessageType request, Refusal refusal) implements Input {}

  /**
   * The ledger did a step and is sure of it.
   *
   * @param claim what it did
   * @param dealt with a lock in the InterTrust mode: the key for the other ledger's participants
   */
  record LedgerDid(LedgerClaim claim, Optional<DealtKey> dealt) implements Input {
    /** Without a key. */
    public LedgerDid(LedgerClaim claim) {
      this(claim, Optional.empty());
    }
  }

  /**
   * The ledger refused a step for good; nothing changed on it.
   *
   * @param step the step
   * @param reason why
   * @param description the ledger's words
   */
  record LedgerRefused(LedgerStep step, ErrorReason reason, String description) implements Input {}

  /**
   * The peer or the ledger has not answered for longer than the gateway's patience.
   *
   * @param reason PEER_UNREACHABLE or LEDGER_UNAVAILABLE
   * @param description what was tried
   */
  record Stalled(ErrorReason reason, String description) implements Input {}

  /** What a client wants of a transfer. One with a key is known when it is repeated. */
  sealed interface Wish extends Input {
    /** Who wants it; its key is empty when the client gave none. */
    ClientRequest request();

    /** Identity of the client. */
    default String client() {
      return request().getClient();
    }

    private static ClientRequest of(String client) {
      return ClientRequest.newBuilder().setClient(client).build();
    }
  }

  /**
   * A person approves the proposal that waits (ODAP 6.2).
   *
   * @param request who, and under which key
   */
  record Approved(ClientRequest request) implements Wish {
    /** Without a key. */
    public Approved(String client) {
      this(Wish.of(client));
    }
  }

  /**
   * A person declines the proposal that waits (ODAP 6.2).
   *
   * @param request who, and under which key
   * @param reason why; goes to the peer
   */
  record Declined(ClientRequest request, String reason) implements Wish {
    /** Without a key. */
    public Declined(String client, String reason) {
      this(Wish.of(client), reason);
    }
  }

  /**
   * A client or operator gives the transfer up.
   *
   * @param request who, and under which key
   * @param reason why; goes to the peer
   */
  record Canceled(ClientRequest request, String reason) implements Wish {
    /** Without a key. */
    public Canceled(String client, String reason) {
      this(Wish.of(client), reason);
    }
  }

  /**
   * An operator closes a transfer that can't end by itself, as when a ledger is lost for good.
   *
   * @param request who, and under which key
   * @param reason why, and what was agreed
   */
  record Resolved(ClientRequest request, String reason) implements Wish {
    /** Without a key. */
    public Resolved(String client, String reason) {
      this(Wish.of(client), reason);
    }
  }

  /**
   * This gateway was away, or takes the transfer over from one that is: comes before anything else
   * that is asked of a transfer read from its log (recovery-01 4.3).
   */
  record Recovered() implements Input {}

  /** Time has passed. */
  record Tick() implements Input {}
}
