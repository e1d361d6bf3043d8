package org.odap.core.envelope;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LegalStatus;
import org.odap.api.common.v1.LogAnchor;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.common.v1.OdapPhase;
import org.odap.api.common.v1.PayloadProfile;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.peer.v1.Alternative;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.CommitPrepare;
import org.odap.api.peer.v1.CommitPrepareAck;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowAction;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.InterTrustProposal;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.peer.v1.PreCommit;
import org.odap.api.peer.v1.PreCommitAck;
import org.odap.api.peer.v1.Recover;
import org.odap.api.peer.v1.RecoverAck;
import org.odap.api.peer.v1.RecoverSuccess;
import org.odap.api.peer.v1.RecoverUpdate;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.peer.v1.Rollback;
import org.odap.api.peer.v1.RollbackAck;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.peer.v1.TransferCommenceAck;
import org.odap.api.peer.v1.TransferComplete;
import org.odap.api.peer.v1.TransferCompleteAck;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.EncryptedKeyShare;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.LogHead;
import org.odap.core.log.PhasedPayload;

/**
 * A valid, signed example of each message. Those of the three phases are one session, linked by
 * hashes; rollback, recovery and denial branch off from it.
 */
public final class Messages {
  public static final String SESSION = "0f8fad5b-d9cb-469f-a165-70867728950e";
  public static final String SENDER_DLT = "ethereum-1";
  public static final String RECIPIENT_DLT = "land-register";

  /** When the first message was made. */
  public static final long START = 1_790_000_000_000L;

  /** When the escrow expires. */
  public static final long EXPIRY = START + 3_600_000;

  private static final String ORIGIN = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
  private static final String DESTINATION = "account-7";
  private static final Map<MessageType, OdapMessage> EXAMPLES = examples();

  /** What a transfer by two-phase commit that succeeds goes without. */
  private static final Set<MessageType> ASIDE =
      Set.of(MessageType.INITIALIZATION_DENIED, MessageType.PRE_COMMIT, MessageType.PRE_COMMIT_ACK);

  private Messages() {}

  /** The example of a type. */
  public static OdapMessage of(MessageType type) {
    return EXAMPLES.get(type);
  }

  /** The twelve messages of a transfer that succeeds, in order. */
  public static List<OdapMessage> session() {
    return EXAMPLES.values().stream()
        .filter(message -> message.type().phase() != OdapPhase.ODAP_PHASE_NONE)
        .filter(message -> !ASIDE.contains(message.type()))
        .toList();
  }

  /** Who signs messages of a type: the sender gateway asks, the recipient gateway answers. */
  public static Signer signer(MessageType type) {
    return type.request() ? TestKeys.SENDER : TestKeys.RECIPIENT;
  }

  /** A changed message, completed and signed anew by who should. */
  public static OdapMessage sign(Message draft) {
    return OdapMessage.sign(draft, signer(MessageType.of(draft)));
  }

  /** The asset of the session. */
  public static Asset asset(String assetClass) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(assetClass)
        .setAssetId("41")
        .build();
  }

  /** The profile of the session's asset. */
  public static AssetProfile assetProfile() {
    return AssetProfile.newBuilder()
        .setProfileId("urn:odap:profile:land-title")
        .setProfileVersion("1.2")
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setIssuer("Land Registry of Exampleland")
        .setAssetCode("TITLE")
        .setAssetCodeType("register")
        .setIssuanceDate("2026-01-31")
        .setExpirationDate("2036-01-31")
        .setVerificationEndpoint("https://registry.example/titles")
        .setProspectusLink("https://registry.example/prospectus")
        .addKeyInformationLinks("https://registry.example/key-information")
        .addKeywords("land")
        .addTransferRestrictions("ZZ")
        .addLedgerRequirements("lock")
        .setLegalStatus(LegalStatus.LEGAL_STATUS_REGULATED)
        .putAttributes("cadastre", "Gemarkung Köln, Flur 3")
        .putAttributes("area", "750 m²")
        .build();
  }

  public static String assetProfileHash() {
    return Hash.of(CanonicalJson.of(assetProfile()));
  }

  /** What the ledgers of the session did. */
  public static LedgerClaim claim(LedgerStep step) {
    boolean onSource =
        step != LedgerStep.LEDGER_STEP_CREATE && step != LedgerStep.LEDGER_STEP_LOG_INCOMING;
    LedgerClaim.Builder claim =
        LedgerClaim.newBuilder()
            .setDltSystem(onSource ? SENDER_DLT : RECIPIENT_DLT)
            .setTransferId(SESSION)
            .setStep(step)
            .setAsset(asset(onSource ? "0x8ba1f109551bd432803012645ac136ddd64dba72" : "titles"))
            .setAccount(onSource ? ORIGIN : DESTINATION)
            .setTransactionId("tx-" + step.getNumber())
            .setBlockNumber(1_000L + step.getNumber())
            .setBlockHash("0x" + "ab".repeat(32))
            .setReference("session " + SESSION)
            .setFinality(
                Finality.newBuilder()
                    .setFinal(true)
                    .setRule("confirmations")
                    .setConfirmations(12)
                    .setNodesAsked(1))
            .setProofFormat("urn:odap:evidence:ethereum-receipt:v1")
            .setProof("{\"receipt\":\"0x02\"}")
            .setLogAnchor(
                LogAnchor.newBuilder()
                    .setSeqNumber(10 + step.getNumber())
                    .setLogEntryHash("cd".repeat(32)));
    if (step == LedgerStep.LEDGER_STEP_LOCK) {
      claim.setLockExpiry(EXPIRY);
    }
    return claim.build();
  }

  /** The participants of a ledger, three of whom any two sign together. */
  public static ParticipantGroup group(String dltSystem) {
    ParticipantGroup.Builder group =
        ParticipantGroup.newBuilder().setDltSystem(dltSystem).setFaultyMax(1).setThreshold(2);
    for (int index = 1; index <= 3; index++) {
      String name = dltSystem + "/member-" + index;
      group.addParticipants(
          Participant.newBuilder()
              .setIndex(index)
              .setParticipant("odapparticipant://" + name)
              .setPubkey(TestKeys.named(name).publicKey())
              .setEncryptionKey(TestKeys.named(name + "/encryption").publicKey()));
    }
    return group.build();
  }

  /** A key dealt to such a group; its points are none. */
  public static DealtKey dealtKey(String keyId) {
    DealtKey.Builder key = DealtKey.newBuilder().setKeyId(keyId).setPublicKey("cG9pbnQ");
    for (int index = 1; index <= 3; index++) {
      key.addShares(
          EncryptedKeyShare.newBuilder()
              .setIndex(index)
              .setEncryptedShare("eyJhbGciOiJFQ0RILUVTIn0..aXY.c2hhcmU.dGFn"));
    }
    return key.addCommitments("cG9pbnQ").addCommitments("cG9pbnQ").build();
  }

  private static Map<MessageType, OdapMessage> examples() {
    Map<MessageType, OdapMessage> examples = new EnumMap<>(MessageType.class);
    add(examples, request());
    String request = examples.get(MessageType.INITIALIZATION_REQUEST).hash();
    add(examples, response(request));
    add(examples, denied(request));
    addPhase2(examples);
    addPhase3(examples);
    addRollback(examples);
    addRecovery(examples);
    return examples;
  }

  private static void add(Map<MessageType, OdapMessage> examples, Message draft) {
    OdapMessage message = sign(draft);
    examples.put(message.type(), message);
  }

  private static Envelope.Builder envelope(int sequenceNumber) {
    return Envelope.newBuilder()
        .setSessionId(SESSION)
        .setSequenceNumber(sequenceNumber)
        .setResourceUrl("odapres://registry/gateway-b.example/" + RECIPIENT_DLT)
        .setDeveloperUrn("odapclient:notary/gateway-a.example/titles/registrar.one")
        .setCredentialProfile(CredentialScheme.CREDENTIAL_SCHEME_X509);
  }

  private static InitializationRequest request() {
    Envelope.Builder envelope =
        envelope(1)
            .setPayloadProfile(
                PayloadProfile.newBuilder()
                    .setAssetProfileId(assetProfile().getProfileId())
                    .setHashAssetProfile(assetProfileHash())
                    .setProvenance("https://registry.example/profiles")
                    .addCapabilities("lock"))
            .setApplicationProfile(
                ApplicationProfile.newBuilder()
                    .setApplicationName("TRACKER")
                    .putParameters("X-Tracker_URL", "https://api.tracker.example/updates")
                    .putParameters("X-Tracking-Policy", "Always"));
    return InitializationRequest.newBuilder()
        .setEnvelope(envelope)
        .setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LOCAL_STORE)
        .setAccessControlProfile(AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY)
        .setSourceGatewayPubkey(TestKeys.SENDER.publicKey())
        .setSourceGatewayDltSystem(SENDER_DLT)
        .setRecipientGatewayPubkey(TestKeys.RECIPIENT.publicKey())
        .setRecipientGatewayDltSystem(RECIPIENT_DLT)
        .setEscrowType(EscrowType.ESCROW_TYPE_TIMELOCK)
        .setExpiryTime(EXPIRY)
        .setMultipleCancelsAllowed(true)
        .addPermissions(ORIGIN)
        .setOrigin(ORIGIN)
        .setDestination(DESTINATION)
        .addSubsequentCalls("record-location")
        .addHistory(
            EscrowAction.newBuilder()
                .setTransactionId("tx-0")
                .setActionCategory("unlock")
                .setOrigin(ORIGIN)
                .setDestination(ORIGIN)
                .setBalance("0")
                .setCurrentStatus("free")
                .putActionLockSpecificParameters("reason", "expired"))
        .setAsset(asset("0x8ba1f109551bd432803012645ac136ddd64dba72"))
        .setAssetProfile(assetProfile())
        .setOriginatorPubkey(TestKeys.ORIGINATOR)
        .setBeneficiaryPubkey(TestKeys.BENEFICIARY)
        .setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_TWO_PHASE)
        .addLockClaimFormats("urn:odap:evidence:ethereum-receipt:v1")
        .addSignatureAlgorithms("ES256")
        .setTravelRulePayload("eyJhbGciOiJFQ0RILUVTIn0..aXY.dHJhdmVsIHJ1bGU.dGFn")
        .setAttestationResult("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmVk")
        .setIntertrust(
            InterTrustProposal.newBuilder()
                .setHashOrder("ef".repeat(32))
                .setGroup(group(SENDER_DLT)))
        .build();
  }

  private static InitializationResponse response(String request) {
    return InitializationResponse.newBuilder()
        .setEnvelope(envelope(1))
        .setHashInitializationRequest(request)
        .setDestination(DESTINATION)
        .setTimestamp(START + 10)
        .setProcessedTimestamp(START + 12)
        .setLoggingProfile(LoggingProfile.LOGGING_PROFILE_EXTERNAL_STORE)
        .setLockClaimFormat("urn:odap:evidence:ethereum-receipt:v1")
        .setSignatureAlgorithm("ES256")
        .setAttestationResult("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmVk")
        .setIntertrust(
            InterTrustAgreement.newBuilder()
                .setGroup(group(RECIPIENT_DLT))
                .setKey(dealtKey(SESSION + "/sender")))
        .build();
  }

  private static InitializationDenied denied(String request) {
    return InitializationDenied.newBuilder()
        .setEnvelope(envelope(1))
        .setHashInitializationRequest(request)
        .addRejections(
            Rejection.newBuilder()
                .setField("expiry_time")
                .setDescription("too little time: an hour (expected: at least a day)"))
        .setAlternative(
            Alternative.newBuilder()
                .setEscrowType(EscrowType.ESCROW_TYPE_TIMELOCK)
                .setExpiryTime(START + 86_400_000)
                .setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_TWO_PHASE)
                .setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LOCAL_STORE)
                .setAccessControlProfile(AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY)
                .addLockClaimFormats("urn:odap:evidence:ethereum-receipt:v1")
                .addSignatureAlgorithms("ES256")
                .addAssetProfileIds(assetProfile().getProfileId()))
        .setTimestamp(START + 10)
        .setProcessedTimestamp(START + 12)
        .build();
  }

  private static void addPhase2(Map<MessageType, OdapMessage> examples) {
    add(
        examples,
        TransferCommence.newBuilder()
            .setEnvelope(envelope(2))
            .setOriginatorPubkey(TestKeys.ORIGINATOR)
            .setBeneficiaryPubkey(TestKeys.BENEFICIARY)
            .setSenderDltSystem(SENDER_DLT)
            .setRecipientDltSystem(RECIPIENT_DLT)
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashAssetProfile(assetProfileHash())
            .setAssetUnit("1")
            .setHashPrevMessage(examples.get(MessageType.INITIALIZATION_RESPONSE).hash())
            .setClientTransferNumber("client-9")
            .setAttestationResult("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmVk")
            .build());
    add(
        examples,
        TransferCommenceAck.newBuilder()
            .setEnvelope(envelope(2))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashCommenceRequest(examples.get(MessageType.TRANSFER_COMMENCE).hash())
            .setServerTransferNumber("server-3")
            .setAttestationResult("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmVk")
            .build());
    add(
        examples,
        LockEvidence.newBuilder()
            .setEnvelope(envelope(3))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setLockEvidenceClaim(claim(LedgerStep.LEDGER_STEP_LOCK))
            .setLockClaimFormat("urn:odap:evidence:ethereum-receipt:v1")
            .setLockEvidenceExpiration(EXPIRY)
            .setHashCommenceAckRequest(examples.get(MessageType.TRANSFER_COMMENCE_ACK).hash())
            .setClientTransferNumber("client-9")
            .setDealtKey(dealtKey(SESSION + "/recipient"))
            .build());
    add(
        examples,
        LockEvidenceAck.newBuilder()
            .setEnvelope(envelope(3))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashLockevidenceRequest(examples.get(MessageType.LOCK_EVIDENCE).hash())
            .setServerTransferNumber("server-3")
            .setUnlockClaim(claim(LedgerStep.LEDGER_STEP_LOG_INCOMING))
            .build());
  }

  private static void addPhase3(Map<MessageType, OdapMessage> examples) {
    add(
        examples,
        CommitPrepare.newBuilder()
            .setEnvelope(envelope(4))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashLockevidenceAck(examples.get(MessageType.LOCK_EVIDENCE_ACK).hash())
            .setClientTransferNumber("client-9")
            .build());
    add(
        examples,
        CommitPrepareAck.newBuilder()
            .setEnvelope(envelope(4))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashCommitprep(examples.get(MessageType.COMMIT_PREPARE).hash())
            .setServerTransferNumber("server-3")
            .build());
    add(
        examples,
        PreCommit.newBuilder()
            .setEnvelope(envelope(5))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashCommitprepareAck(examples.get(MessageType.COMMIT_PREPARE_ACK).hash())
            .setClientTransferNumber("client-9")
            .build());
    add(
        examples,
        PreCommitAck.newBuilder()
            .setEnvelope(envelope(5))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashPrecommit(examples.get(MessageType.PRE_COMMIT).hash())
            .setServerTransferNumber("server-3")
            .build());
    add(
        examples,
        CommitFinal.newBuilder()
            .setEnvelope(envelope(5))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setCommitFinalClaim(claim(LedgerStep.LEDGER_STEP_FINALIZE_LOCK))
            .setCommitFinalClaimFormat("urn:odap:evidence:ethereum-receipt:v1")
            .setHashCommitprepareAck(examples.get(MessageType.COMMIT_PREPARE_ACK).hash())
            .setClientTransferNumber("client-9")
            .build());
    add(
        examples,
        CommitFinalAck.newBuilder()
            .setEnvelope(envelope(5))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setCommitAcknowledgementClaim(claim(LedgerStep.LEDGER_STEP_CREATE))
            .setCommitAcknowledgementClaimFormat("urn:odap:evidence:ethereum-receipt:v1")
            .setHashCommitfinal(examples.get(MessageType.COMMIT_FINAL).hash())
            .setServerTransferNumber("server-3")
            .build());
    add(
        examples,
        TransferComplete.newBuilder()
            .setEnvelope(envelope(6))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashCommitFinalAck(examples.get(MessageType.COMMIT_FINAL_ACK).hash())
            .setHashTransferCommence(examples.get(MessageType.TRANSFER_COMMENCE).hash())
            .setClientTransferNumber("client-9")
            .build());
    add(
        examples,
        TransferCompleteAck.newBuilder()
            .setEnvelope(envelope(6))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashTransferComplete(examples.get(MessageType.TRANSFER_COMPLETE).hash())
            .setServerTransferNumber("server-3")
            .build());
  }

  private static void addRollback(Map<MessageType, OdapMessage> examples) {
    add(
        examples,
        Rollback.newBuilder()
            .setEnvelope(envelope(4))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashPrevMessage(examples.get(MessageType.LOCK_EVIDENCE_ACK).hash())
            .setReason(ErrorReason.ERROR_REASON_CANCELED)
            .setDescription("canceled by the client")
            .build());
    add(
        examples,
        RollbackAck.newBuilder()
            .setEnvelope(envelope(4))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashRollback(examples.get(MessageType.ROLLBACK).hash())
            .build());
  }

  private static void addRecovery(Map<MessageType, OdapMessage> examples) {
    var log =
        LogEntries.seal(
            frame(),
            LogHead.EMPTY,
            List.of(
                received(1, examples.get(MessageType.TRANSFER_COMMENCE)),
                received(2, examples.get(MessageType.TRANSFER_COMMENCE_ACK))),
            TestKeys.RECIPIENT);
    add(
        examples,
        Recover.newBuilder()
            .setEnvelope(envelope(4))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashPrevMessage(examples.get(MessageType.LOCK_EVIDENCE_ACK).hash())
            .setLogLength(9)
            .setLastEntryHash(log.getLast().getLogEntryHash())
            .setLastPhase("p2")
            .setLastStep(4)
            .setBackup(true)
            .addEarlierPubkeys(TestKeys.STRANGER.publicKey())
            .build());
    add(
        examples,
        RecoverUpdate.newBuilder()
            .setEnvelope(envelope(4))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashRecover(examples.get(MessageType.RECOVER).hash())
            .addAllEntries(log)
            .setDisputed(true)
            .build());
    add(
        examples,
        RecoverSuccess.newBuilder()
            .setEnvelope(envelope(5))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashRecoverUpdate(examples.get(MessageType.RECOVER_UPDATE).hash())
            .setSuccess(true)
            .setEntriesChanged(1)
            .build());
    add(
        examples,
        RecoverAck.newBuilder()
            .setEnvelope(envelope(5))
            .setClientIdentityPubkey(TestKeys.SENDER.publicKey())
            .setServerIdentityPubkey(TestKeys.RECIPIENT.publicKey())
            .setHashRecoverSuccess(examples.get(MessageType.RECOVER_SUCCESS).hash())
            .build());
  }

  /** What the logs of the session repeat in each entry. */
  public static LogFrame frame() {
    return frame(SESSION);
  }

  /** The same of another session. */
  public static LogFrame frame(String session) {
    return new LogFrame(
        session,
        TestKeys.SENDER.publicKey(),
        SENDER_DLT,
        TestKeys.RECIPIENT.publicKey(),
        RECIPIENT_DLT,
        "spiffe://notary.example/gateway-a",
        "spiffe://registry.example/gateway-b",
        LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
        AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY);
  }

  /** Content of the entry in which a message is logged. */
  public static PhasedPayload received(int step, OdapMessage message) {
    return new PhasedPayload(
        "p2",
        LogPayload.newBuilder()
            .setMessage("ack-" + message.type().name().toLowerCase(Locale.ROOT))
            .setMessageType("2pc-log")
            .setVotes("none")
            .setStep(step)
            .setOperation(LogOperation.LOG_OPERATION_ACK)
            .setGateways("GS->GR")
            .setContent(Any.pack(message.protobuf()))
            .setRecordedAt(START + step)
            .build());
  }
}
