package org.odap.core.evidence;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.common.v1.PayloadProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.CommitPrepare;
import org.odap.api.peer.v1.CommitPrepareAck;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.peer.v1.Rollback;
import org.odap.api.peer.v1.RollbackAck;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.peer.v1.TransferCommenceAck;
import org.odap.api.peer.v1.TransferComplete;
import org.odap.api.peer.v1.TransferCompleteAck;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.Failure;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.api.storage.v1.StepDone;
import org.odap.api.storage.v1.StepIntent;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.LogHead;
import org.odap.core.log.PhasedPayload;

/** What two gateways record of one transfer: played here message by message, changed by tests. */
final class Recording {
  static final String TRANSFER = "0b6a3c1e-6f0a-4b1e-9a51-5d0f7d1f2a10";
  static final String L1 = "ethereum-1";
  static final String L2 = "sql-1";
  static final long START = 1_790_000_000_000L;
  private static final Asset ASSET =
      Asset.newBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId("7").build();

  private static final Party ALPHA = Party.of("odapgw://alpha.example/gateway-1");
  private static final Party BETA = Party.of("odapgw://beta.example/gateway-1");
  private static final Recording COMPLETED =
      start().initiate().lock().prepare().commit().complete();

  final Party sender;
  final Party recipient;
  final List<PhasedPayload> senderLog = new ArrayList<>();
  final List<PhasedPayload> recipientLog = new ArrayList<>();
  private final List<OdapMessage> messages = new ArrayList<>();
  private final Map<MessageType, String> results = new EnumMap<>(MessageType.class);
  private long clock = START;
  private int sequence;

  private Recording(Party sender, Party recipient) {
    this.sender = sender;
    this.recipient = recipient;
  }

  static Recording between(Party sender, Party recipient) {
    return new Recording(sender, recipient);
  }

  static Recording start() {
    return between(ALPHA, BETA);
  }

  /** A transfer without trouble; signed once, since signing is what takes time. */
  static Recording completed() {
    Recording copy = start();
    copy.senderLog.addAll(COMPLETED.senderLog);
    copy.recipientLog.addAll(COMPLETED.recipientLog);
    return copy;
  }

  /** What a message is to say that was found out about the other gateway's machine. */
  Recording attesting(MessageType message, String result) {
    results.put(message, result);
    return this;
  }

  private String result(MessageType message) {
    return results.getOrDefault(message, "");
  }

  Recording initiate() {
    ask("p1", initializationRequest());
    reply("p1", initializationResponse());
    return this;
  }

  Recording deny() {
    ask("p1", initializationRequest());
    reply(
        "p1",
        InitializationDenied.newBuilder()
            .setEnvelope(envelope("403"))
            .setHashInitializationRequest(lastHash())
            .addRejections(
                Rejection.newBuilder().setField("asset_profile").setDescription("not taken here"))
            .setTimestamp(clock)
            .setProcessedTimestamp(clock)
            .build());
    fail(senderLog, "p1", ErrorReason.ERROR_REASON_INITIATION_DENIED, "not taken there");
    return this;
  }

  Recording lock() {
    ask(
        "p2",
        TransferCommence.newBuilder()
            .setEnvelope(envelope("POST"))
            .setOriginatorPubkey(sender.publicKey())
            .setBeneficiaryPubkey(recipient.publicKey())
            .setSenderDltSystem(L1)
            .setRecipientDltSystem(L2)
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashAssetProfile(hash("profile"))
            .setHashPrevMessage(lastHash())
            .setAttestationResult(result(MessageType.TRANSFER_COMMENCE))
            .build());
    String commence = lastHash();
    reply(
        "p2",
        TransferCommenceAck.newBuilder()
            .setEnvelope(envelope("200"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashCommenceRequest(commence)
            .setAttestationResult(result(MessageType.TRANSFER_COMMENCE_ACK))
            .build());
    step(senderLog, "p2", claim(LedgerStep.LEDGER_STEP_LOCK, L1, commence));
    step(recipientLog, "p2", claim(LedgerStep.LEDGER_STEP_LOG_INCOMING, L2, commence));
    ask(
        "p2",
        LockEvidence.newBuilder()
            .setEnvelope(envelope("POST"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setLockEvidenceClaim(claim(LedgerStep.LEDGER_STEP_LOCK, L1, commence))
            .setLockEvidenceExpiration(expiry())
            .setHashCommenceAckRequest(lastHash())
            .build());
    reply(
        "p2",
        LockEvidenceAck.newBuilder()
            .setEnvelope(envelope("200"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashLockevidenceRequest(lastHash())
            .build());
    return this;
  }

  Recording prepare() {
    ask(
        "p3",
        CommitPrepare.newBuilder()
            .setEnvelope(envelope("POST"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashLockevidenceAck(lastHash())
            .build());
    reply(
        "p3",
        CommitPrepareAck.newBuilder()
            .setEnvelope(envelope("200"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashCommitprep(lastHash())
            .build());
    return this;
  }

  Recording extinguish() {
    step(senderLog, "p3", finalized());
    return this;
  }

  Recording commit() {
    extinguish();
    ask(
        "p3",
        CommitFinal.newBuilder()
            .setEnvelope(envelope("POST"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setCommitFinalClaim(finalized())
            .setHashCommitprepareAck(lastHash())
            .build());
    step(recipientLog, "p3", created());
    reply(
        "p3",
        CommitFinalAck.newBuilder()
            .setEnvelope(envelope("200"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setCommitAcknowledgementClaim(created())
            .setHashCommitfinal(lastHash())
            .build());
    return this;
  }

  Recording complete() {
    String commitFinalAck = lastHash();
    step(
        senderLog,
        "p3",
        claim(
            LedgerStep.LEDGER_STEP_RECORD_LOCATION,
            L1,
            hash(transaction(LedgerStep.LEDGER_STEP_FINALIZE_LOCK))));
    ask(
        "p3",
        TransferComplete.newBuilder()
            .setEnvelope(envelope("POST"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashCommitFinalAck(commitFinalAck)
            .setHashTransferCommence(hashOf(TransferCommence.class))
            .build());
    reply(
        "p3",
        TransferCompleteAck.newBuilder()
            .setEnvelope(envelope("200"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashTransferComplete(lastHash())
            .build());
    return this;
  }

  Recording rollBack() {
    fail(senderLog, "p2", ErrorReason.ERROR_REASON_CANCELED, "canceled by its client");
    ask(
        "p2",
        Rollback.newBuilder()
            .setEnvelope(envelope("POST"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashPrevMessage(lastHash())
            .setReason(ErrorReason.ERROR_REASON_CANCELED)
            .build());
    reply(
        "p2",
        RollbackAck.newBuilder()
            .setEnvelope(envelope("200"))
            .setClientIdentityPubkey(sender.publicKey())
            .setServerIdentityPubkey(recipient.publicKey())
            .setHashRollback(lastHash())
            .build());
    return this;
  }

  Recording undo() {
    step(senderLog, "p2", claim(LedgerStep.LEDGER_STEP_UNLOCK, L1, ""));
    step(recipientLog, "p2", claim(LedgerStep.LEDGER_STEP_WITHDRAW, L2, ""));
    return this;
  }

  LedgerClaim finalized() {
    return claim(
        LedgerStep.LEDGER_STEP_FINALIZE_LOCK, L1, hash(transaction(LedgerStep.LEDGER_STEP_LOCK)));
  }

  LedgerClaim created() {
    return claim(
        LedgerStep.LEDGER_STEP_CREATE, L2, hash(transaction(LedgerStep.LEDGER_STEP_LOG_INCOMING)));
  }

  static LedgerClaim claim(LedgerStep step, String ledger, String reference) {
    return LedgerClaim.newBuilder()
        .setDltSystem(ledger)
        .setTransferId(TRANSFER)
        .setStep(step)
        .setAsset(ASSET.toBuilder().setAssetClass("TITLE-" + ledger))
        .setAccount("account on " + ledger)
        .setTransactionId(transaction(step))
        .setBlockNumber(10 + step.getNumber())
        .setReference(reference)
        .setFinality(Finality.newBuilder().setFinal(true).setRule("instant"))
        .build();
  }

  static String transaction(LedgerStep step) {
    return "tx-" + step.getNumber();
  }

  static String hash(String text) {
    return Hash.of(text.getBytes(StandardCharsets.UTF_8));
  }

  void step(List<PhasedPayload> log, String phase, LedgerClaim claim) {
    record(
        log,
        phase,
        LogOperation.LOG_OPERATION_EXEC,
        StepIntent.newBuilder().setStep(claim.getStep()).build());
    record(
        log, phase, LogOperation.LOG_OPERATION_DONE, StepDone.newBuilder().setClaim(claim).build());
  }

  void fail(List<PhasedPayload> log, String phase, ErrorReason reason, String description) {
    record(
        log,
        phase,
        LogOperation.LOG_OPERATION_FAIL,
        Failure.newBuilder().setReason(reason).setDescription(description).build());
  }

  /** The sender signs and logs a request, the recipient logs it. */
  private void ask(String phase, Message draft) {
    OdapMessage message = OdapMessage.sign(draft, sender);
    messages.add(message);
    record(senderLog, phase, LogOperation.LOG_OPERATION_INIT, message.protobuf());
    record(recipientLog, phase, LogOperation.LOG_OPERATION_EXEC, message.protobuf());
  }

  private void reply(String phase, Message draft) {
    OdapMessage message = OdapMessage.sign(draft, recipient);
    messages.add(message);
    record(recipientLog, phase, LogOperation.LOG_OPERATION_ACK, message.protobuf());
    record(senderLog, phase, LogOperation.LOG_OPERATION_DONE, message.protobuf());
  }

  void record(List<PhasedPayload> log, String phase, LogOperation operation, Message content) {
    clock += 5;
    log.add(
        new PhasedPayload(
            phase,
            LogPayload.newBuilder()
                .setMessage(content.getDescriptorForType().getName())
                .setMessageType("2pc-log")
                .setStep(log.size() + 1)
                .setOperation(operation)
                .setGateways("GS->GR")
                .setContent(Any.pack(content))
                .setRecordedAt(clock)
                .build()));
  }

  /** The log without the entries whose content is of a kind, as its owner might rewrite it. */
  static Predicate<PhasedPayload> holding(Class<? extends Message> kind) {
    return payload -> payload.payload().getContent().is(kind);
  }

  /**
   * Changes the content of a kind in a log; what was a signed message is signed anew by its owner.
   */
  <T extends Message> Recording change(
      List<PhasedPayload> log, Class<T> kind, UnaryOperator<T> change, Party... author) {
    log.replaceAll(payload -> {
      try {
        if (!payload.payload().getContent().is(kind)) {
          return payload;
        }
        Message changed = change.apply(payload.payload().getContent().unpack(kind));
        Message signed =
            author.length == 0 ? changed : OdapMessage.sign(changed, author[0]).protobuf();
        return new PhasedPayload(
            payload.phase(), payload.payload().toBuilder().setContent(Any.pack(signed)).build());
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    });
    return this;
  }

  EvidenceBundle bundle() {
    return bundle(TRANSFER, sender, recipient);
  }

  /** Both logs, each sealed with the keys given. */
  EvidenceBundle bundle(String transfer, Party senderKeys, Party recipientKeys) {
    LogFrame frame =
        new LogFrame(
            transfer,
            sender.publicKey(),
            L1,
            recipient.publicKey(),
            L2,
            sender.identity(),
            recipient.identity(),
            LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
            AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY);
    return EvidenceBundle.newBuilder()
        .setFormatVersion(1)
        .setTransferId(TRANSFER)
        .addLogs(
            log(
                "sender",
                sender,
                recipient,
                LogEntries.seal(frame, LogHead.EMPTY, senderLog, senderKeys)))
        .addLogs(
            log(
                "recipient",
                recipient,
                sender,
                LogEntries.seal(frame, LogHead.EMPTY, recipientLog, recipientKeys)))
        .build();
  }

  private static GatewayLog log(String role, Party owner, Party peer, List<LogEntry> entries) {
    return GatewayLog.newBuilder()
        .setRole(role)
        .setGateway(owner.identity())
        .addAllCertificates(owner.pems())
        .addAllPeerCertificates(peer.pems())
        .addAllEntries(entries)
        .build();
  }

  private InitializationRequest initializationRequest() {
    return InitializationRequest.newBuilder()
        .setEnvelope(
            envelope("POST").toBuilder()
                .setPayloadProfile(
                    PayloadProfile.newBuilder()
                        .setAssetProfileId("urn:odap:profile:title")
                        .setHashAssetProfile(hash("profile"))))
        .setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LOCAL_STORE)
        .setAccessControlProfile(AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY)
        .setSourceGatewayPubkey(sender.publicKey())
        .setSourceGatewayDltSystem(L1)
        .setRecipientGatewayPubkey(recipient.publicKey())
        .setRecipientGatewayDltSystem(L2)
        .setEscrowType(EscrowType.ESCROW_TYPE_TIMELOCK)
        .setExpiryTime(expiry())
        .setOrigin("account on " + L1)
        .setDestination("account on " + L2)
        .setAsset(ASSET.toBuilder().setAssetClass("TITLE-" + L1))
        .setAssetProfile(
            AssetProfile.newBuilder()
                .setProfileId("urn:odap:profile:title")
                .setProfileVersion("1")
                .setKind(AssetKind.ASSET_KIND_UNIQUE)
                .setIssuer("Land Registry")
                .setAssetCode("TITLE"))
        .setOriginatorPubkey(sender.publicKey())
        .setBeneficiaryPubkey(recipient.publicKey())
        .setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_TWO_PHASE)
        .addSignatureAlgorithms("ES256")
        .setAttestationResult(result(MessageType.INITIALIZATION_REQUEST))
        .build();
  }

  private InitializationResponse initializationResponse() {
    return InitializationResponse.newBuilder()
        .setEnvelope(envelope("200"))
        .setHashInitializationRequest(lastHash())
        .setTimestamp(clock)
        .setProcessedTimestamp(clock)
        .setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LOCAL_STORE)
        .setSignatureAlgorithm("ES256")
        .setAttestationResult(result(MessageType.INITIALIZATION_RESPONSE))
        .build();
  }

  private Envelope envelope(String actionResponse) {
    if (actionResponse.equals("POST")) {
      sequence++;
    }
    return Envelope.newBuilder()
        .setSessionId(TRANSFER)
        .setSequenceNumber(sequence)
        .setActionResponse(actionResponse)
        .build();
  }

  private static long expiry() {
    return START + 600_000;
  }

  private String lastHash() {
    return messages.getLast().hash();
  }

  private String hashOf(Class<? extends Message> kind) {
    return messages.stream()
        .filter(message -> kind.isInstance(message.protobuf()))
        .findFirst()
        .map(OdapMessage::hash)
        .orElseThrow();
  }
}
