package org.odap.core.envelope;

import static java.util.stream.Collectors.toUnmodifiableMap;
import static org.odap.api.common.v1.OdapPhase.ODAP_PHASE_COMMITMENT;
import static org.odap.api.common.v1.OdapPhase.ODAP_PHASE_INITIATION;
import static org.odap.api.common.v1.OdapPhase.ODAP_PHASE_LOCK_EVIDENCE;
import static org.odap.api.common.v1.OdapPhase.ODAP_PHASE_NONE;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.OdapPhase;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.CommitPrepare;
import org.odap.api.peer.v1.CommitPrepareAck;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.peer.v1.PreCommit;
import org.odap.api.peer.v1.PreCommitAck;
import org.odap.api.peer.v1.Recover;
import org.odap.api.peer.v1.RecoverAck;
import org.odap.api.peer.v1.RecoverSuccess;
import org.odap.api.peer.v1.RecoverUpdate;
import org.odap.api.peer.v1.Rollback;
import org.odap.api.peer.v1.RollbackAck;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.peer.v1.TransferCommenceAck;
import org.odap.api.peer.v1.TransferComplete;
import org.odap.api.peer.v1.TransferCompleteAck;

/**
 * The messages two gateways exchange, in the order of a transfer (ODAP 6 to 8, recovery-01 4.3).
 */
public enum MessageType {
  INITIALIZATION_REQUEST(
      InitializationRequest.getDefaultInstance(),
      "init-transfer-msg",
      ODAP_PHASE_INITIATION,
      true,
      "hash_prev_message"),
  INITIALIZATION_RESPONSE(
      InitializationResponse.getDefaultInstance(),
      "init-transfer-ack-msg",
      ODAP_PHASE_INITIATION,
      false,
      "hash_initialization_request"),
  INITIALIZATION_DENIED(
      InitializationDenied.getDefaultInstance(),
      "init-transfer-denied-msg",
      ODAP_PHASE_INITIATION,
      false,
      "hash_initialization_request"),
  TRANSFER_COMMENCE(
      TransferCommence.getDefaultInstance(),
      "transfer-commence-msg",
      ODAP_PHASE_LOCK_EVIDENCE,
      true,
      "hash_prev_message"),
  TRANSFER_COMMENCE_ACK(
      TransferCommenceAck.getDefaultInstance(),
      "transfer-commenceack-msg",
      ODAP_PHASE_LOCK_EVIDENCE,
      false,
      "hash_commence_request"),
  LOCK_EVIDENCE(
      LockEvidence.getDefaultInstance(),
      "lock-evidence-req-msg",
      ODAP_PHASE_LOCK_EVIDENCE,
      true,
      "hash_commence_ack_request"),
  LOCK_EVIDENCE_ACK(
      LockEvidenceAck.getDefaultInstance(),
      "lock-evidence-ack-msg",
      ODAP_PHASE_LOCK_EVIDENCE,
      false,
      "hash_lockevidence_request"),
  COMMIT_PREPARE(
      CommitPrepare.getDefaultInstance(),
      "commit-prepare-msg",
      ODAP_PHASE_COMMITMENT,
      true,
      "hash_lockevidence_ack"),
  COMMIT_PREPARE_ACK(
      CommitPrepareAck.getDefaultInstance(),
      "commit-prepare-ack-msg",
      ODAP_PHASE_COMMITMENT,
      false,
      "hash_commitprep"),
  PRE_COMMIT(
      PreCommit.getDefaultInstance(),
      "pre-commit-msg",
      ODAP_PHASE_COMMITMENT,
      true,
      "hash_commitprepare_ack"),
  PRE_COMMIT_ACK(
      PreCommitAck.getDefaultInstance(),
      "pre-commit-ack-msg",
      ODAP_PHASE_COMMITMENT,
      false,
      "hash_precommit"),
  COMMIT_FINAL(
      CommitFinal.getDefaultInstance(),
      "commit-final-msg",
      ODAP_PHASE_COMMITMENT,
      true,
      "hash_commitprepare_ack"),
  COMMIT_FINAL_ACK(
      CommitFinalAck.getDefaultInstance(),
      "commit-final-ack-msg",
      ODAP_PHASE_COMMITMENT,
      false,
      "hash_commitfinal"),
  TRANSFER_COMPLETE(
      TransferComplete.getDefaultInstance(),
      "commit-transfer-complete-msg",
      ODAP_PHASE_COMMITMENT,
      true,
      "hash_commit_final_ack"),
  TRANSFER_COMPLETE_ACK(
      TransferCompleteAck.getDefaultInstance(),
      "commit-transfer-complete-ack-msg",
      ODAP_PHASE_COMMITMENT,
      false,
      "hash_transfer_complete"),
  ROLLBACK(
      Rollback.getDefaultInstance(), "rollback-msg", ODAP_PHASE_NONE, true, "hash_prev_message"),
  ROLLBACK_ACK(
      RollbackAck.getDefaultInstance(),
      "rollback-ack-msg",
      ODAP_PHASE_NONE,
      false,
      "hash_rollback"),
  RECOVER(Recover.getDefaultInstance(), "recover-msg", ODAP_PHASE_NONE, true, "hash_prev_message"),
  RECOVER_UPDATE(
      RecoverUpdate.getDefaultInstance(),
      "recover-update-msg",
      ODAP_PHASE_NONE,
      false,
      "hash_recover"),
  RECOVER_SUCCESS(
      RecoverSuccess.getDefaultInstance(),
      "recover-success-msg",
      ODAP_PHASE_NONE,
      true,
      "hash_recover_update"),
  RECOVER_ACK(
      RecoverAck.getDefaultInstance(),
      "recover-ack-msg",
      ODAP_PHASE_NONE,
      false,
      "hash_recover_success");

  private static final Map<String, MessageType> BY_NAME =
      Arrays.stream(values())
          .collect(toUnmodifiableMap(type -> type.descriptor().getFullName(), type -> type));

  private final Message prototype;
  private final String urn;
  private final OdapPhase phase;
  private final boolean request;
  private final FieldDescriptor previousHash;
  private final FieldDescriptor envelope;
  private final FieldDescriptor messageType;
  private final Optional<FieldDescriptor> namedSignature;

  MessageType(
      Message prototype, String urn, OdapPhase phase, boolean request, String previousHash) {
    this.prototype = prototype;
    this.urn = "urn:ietf:odap:msgtype:" + urn;
    this.phase = phase;
    this.request = request;
    Descriptor descriptor = prototype.getDescriptorForType();
    this.previousHash = descriptor.findFieldByName(previousHash);
    this.envelope = descriptor.findFieldByName("envelope");
    this.messageType = descriptor.findFieldByName("message_type");
    this.namedSignature =
        descriptor.getFields().stream()
            .filter(field -> field.getName().endsWith("_signature"))
            .findAny();
  }

  /** The type of a message; what is no message between gateways is an IllegalArgumentException. */
  public static MessageType of(Message message) {
    String name = message.getDescriptorForType().getFullName();
    return named(name)
        .filter(type -> type.messageClass().isInstance(message))
        .orElseThrow(() -> new IllegalArgumentException(name + " is no message between gateways"));
  }

  /** The type of the message with this full protobuf name. */
  public static Optional<MessageType> named(String fullName) {
    return Optional.ofNullable(BY_NAME.get(fullName));
  }

  /** Value of the message's message_type (ODAP 7, 8). */
  public String urn() {
    return urn;
  }

  /** Phase its envelope must name (ODAP 5.2). */
  public OdapPhase phase() {
    return phase;
  }

  /** Whether it asks; an answer carries the sequence number of its request (ODAP 5.6.5). */
  public boolean request() {
    return request;
  }

  public Class<? extends Message> messageClass() {
    return prototype.getClass();
  }

  Message prototype() {
    return prototype;
  }

  Descriptor descriptor() {
    return prototype.getDescriptorForType();
  }

  /** Field that holds the hash of the message before this one. */
  FieldDescriptor previousHashField() {
    return previousHash;
  }

  FieldDescriptor envelopeField() {
    return envelope;
  }

  FieldDescriptor messageTypeField() {
    return messageType;
  }

  /** The signature field beside the envelope: client_signature or server_signature, where named. */
  Optional<FieldDescriptor> namedSignature() {
    return namedSignature;
  }

  Optional<FieldDescriptor> field(String name) {
    return Optional.ofNullable(descriptor().findFieldByName(name));
  }
}
