package org.odap.core.transfer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.peer.v1.Alternative;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.storage.v1.TransferOrder;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.Signer;
import org.odap.core.envelope.TestKeys;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.intertrust.InterTrustFlow;
import org.odap.core.quorum.Statements;
import org.odap.core.session.Role;
import org.odap.core.session.Timing;

/** What the two gateways of the tests propose, agree to and reckon with. */
public final class Bargain {
  static final String EVIDENCE_FORMAT = "urn:odap:evidence:ethereum-receipt:v1";
  static final String DESTINATION = "account-7";
  static final String CLIENT = "spiffe://notary.example/client";
  static final String CLIENT_TRANSFER_NUMBER = "client-9";

  /** Margins: 14 s before the finalization, 15 s before phase 3, 28 s before the lock. */
  public static final Timing TIMING = new Timing(2_000, 1_000, 12_000, 60_000);

  /** When the rules of {@link Mood#ASKS_UNTIL_HALF_TIME} change. */
  static final long HALF_TIME = (Messages.START + Messages.EXPIRY) / 2;

  private static final String TITLES = "titles";
  private static final String COINS = "coins";

  private Bargain() {}

  /** How the recipient's owner takes proposals. */
  public enum Mood {
    AGREES,
    ASKS_APPROVER,
    /** Two persons at the recipient are to approve. */
    ASKS_TWO,
    /** Two persons at the sender are to approve its order; the recipient agrees. */
    ORDER_ASKS_TWO,
    /** The same, and the recipient denies. */
    ORDER_ASKS_TWO_IN_VAIN,
    /** Wants the lock to last longer, and agrees then. */
    WANTS_LONGER,
    /** Wants the lock to last longer, and has a person approve it then. */
    WANTS_LONGER_THEN_ASKS,
    /** Wants the lock to last longer, and denies it then. */
    WANTS_LONGER_THEN_DENIES,
    /** Never satisfied, yet always has an alternative. */
    HAGGLES,
    /** Has a person approve; half-way to the expiry its rules change and it denies. */
    ASKS_UNTIL_HALF_TIME,
    DENIES
  }

  /** An order for a unique asset. */
  public static Input.Order unique() {
    return order(terms().build());
  }

  /** An order for a unique asset that asks for three-phase commit. */
  public static Input.Order threePhase() {
    return order(terms().setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE).build());
  }

  /** An order for a unique asset, the lock of which lasts twice as long. */
  public static Input.Order longer() {
    return order(terms().setExpiryTime(2 * Messages.EXPIRY - Messages.START).build());
  }

  /** An order for an amount, whose account on the other ledger the recipient chooses. */
  public static Input.Order fungible() {
    InitializationRequest.Builder terms = terms().clearDestination();
    terms.getAssetBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE).clearAssetId().setAmount("1250");
    terms.getAssetProfileBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE).setDecimals(2);
    return order(terms.build());
  }

  /** The terms as the client gave them: what a gateway fills in is not there yet. */
  static InitializationRequest.Builder terms() {
    InitializationRequest.Builder terms =
        Messages.of(MessageType.INITIALIZATION_REQUEST).as(InitializationRequest.class).toBuilder()
            .clearMessageType()
            .clearAttestationResult()
            .clearIntertrust();
    terms
        .getEnvelopeBuilder()
        .clearVersion()
        .clearSessionId()
        .clearSequenceNumber()
        .clearOdapPhase()
        .clearPayloadHash()
        .clearMessageSignature();
    return terms;
  }

  public static Input.Order order(InitializationRequest terms) {
    TransferOrder order =
        TransferOrder.newBuilder()
            .setRequestId("order-1")
            .setClient(CLIENT)
            .setHashRequest(Hash.of(new byte[] {1}))
            .setClientTransferNumber(CLIENT_TRANSFER_NUMBER)
            .build();
    return new Input.Order(order, terms);
  }

  static Signer signer(Role role) {
    return role == Role.SENDER ? TestKeys.SENDER : TestKeys.RECIPIENT;
  }

  static GatewaySetting setting(Role role, Mood mood) {
    return setting(role, policy(mood));
  }

  /** A backup of either gateway, with a key of its own. */
  static GatewaySetting backup(Mood mood) {
    return new GatewaySetting(new Remembering(TestKeys.STRANGER), TIMING, policy(mood));
  }

  static GatewaySetting setting(Role role, InitiationPolicy policy) {
    return new GatewaySetting(new Remembering(signer(role)), TIMING, policy);
  }

  public static InitiationPolicy policy(Mood mood) {
    return new Policy(mood);
  }

  /** The rules of an owner who rejects these fields, whatever is proposed. */
  static InitiationPolicy rejecting(String... fields) {
    return new Rejecting(
        Stream.of(fields)
            .map(field -> Rejection.newBuilder().setField(field).setDescription("never").build())
            .toList());
  }

  /** What a recipient that agrees says. */
  static InitiationPolicy.Agree agreement(InitializationRequest proposal) {
    boolean unique = proposal.getAsset().getKind() == AssetKind.ASSET_KIND_UNIQUE;
    Asset asset = proposal.getAsset().toBuilder().setAssetClass(unique ? TITLES : COINS).build();
    boolean members = InterTrustFlow.offers(proposal);
    return new InitiationPolicy.Agree(
        asset,
        DESTINATION,
        members ? Statements.INTERTRUST : EVIDENCE_FORMAT,
        "ES256",
        LoggingProfile.LOGGING_PROFILE_EXTERNAL_STORE,
        members ? Optional.of(Members.agreement(proposal)) : Optional.empty());
  }

  /** Signs the same bytes the same way, so that equal messages are equal. */
  private static final class Remembering implements Signer {
    private static final Map<String, String> SIGNATURES = new ConcurrentHashMap<>();

    private final Signer signer;

    Remembering(Signer signer) {
      this.signer = signer;
    }

    @Override
    public String publicKey() {
      return signer.publicKey();
    }

    @Override
    public String sign(byte[] bytes) {
      return SIGNATURES.computeIfAbsent(publicKey() + Hash.of(bytes), key -> signer.sign(bytes));
    }
  }

  private record Rejecting(List<Rejection> rejections) implements InitiationPolicy {
    @Override
    public Verdict judge(InitializationRequest proposal, String peer, long now) {
      return new Deny(rejections, Optional.empty());
    }

    @Override
    public Optional<InitializationRequest> nextRound(
        InitializationRequest proposal, InitializationDenied denied, long now) {
      return Optional.empty();
    }
  }

  /** The rules of both owners. */
  private record Policy(Mood mood) implements InitiationPolicy {
    private static final long LONGER_MILLIS = 600_000;
    private static final long APPROVAL_MILLIS = 60_000;

    @Override
    public Verdict judge(InitializationRequest proposal, String peer, long now) {
      boolean longEnough = proposal.getExpiryTime() > Messages.EXPIRY;
      return switch (mood) {
        case AGREES, ORDER_ASKS_TWO -> agreement(proposal);
        case ASKS_TWO -> new AskApprover(agreement(proposal), 2);
        case ASKS_APPROVER -> new AskApprover(agreement(proposal));
        case WANTS_LONGER -> longEnough ? agreement(proposal) : deny(longer(proposal));
        case WANTS_LONGER_THEN_ASKS ->
            longEnough ? new AskApprover(agreement(proposal)) : deny(longer(proposal));
        case WANTS_LONGER_THEN_DENIES -> deny(longEnough ? Optional.empty() : longer(proposal));
        case HAGGLES -> deny(longer(proposal));
        case ASKS_UNTIL_HALF_TIME ->
            now < HALF_TIME ? new AskApprover(agreement(proposal)) : deny(Optional.empty());
        case DENIES, ORDER_ASKS_TWO_IN_VAIN -> deny(Optional.empty());
      };
    }

    @Override
    public Optional<InitializationRequest> nextRound(
        InitializationRequest proposal, InitializationDenied denied, long now) {
      return denied.hasAlternative()
          ? Optional.of(
              proposal.toBuilder().setExpiryTime(denied.getAlternative().getExpiryTime()).build())
          : Optional.empty();
    }

    @Override
    public Optional<Asking> judgeOrder(InitializationRequest terms, String peer, long now) {
      return mood == Mood.ORDER_ASKS_TWO || mood == Mood.ORDER_ASKS_TWO_IN_VAIN
          ? Optional.of(new Asking(2, now + APPROVAL_MILLIS))
          : Optional.empty();
    }

    private static Optional<Alternative> longer(InitializationRequest proposal) {
      return Optional.of(
          Alternative.newBuilder().setExpiryTime(proposal.getExpiryTime() + LONGER_MILLIS).build());
    }

    private static Deny deny(Optional<Alternative> alternative) {
      return new Deny(
          List.of(
              Rejection.newBuilder()
                  .setField("expiry_time")
                  .setDescription("too little time")
                  .build()),
          alternative);
    }
  }
}
