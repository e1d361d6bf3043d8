package org.odap.attestation.participant;

import java.security.PrivateKey;
import java.util.function.Supplier;
import org.odap.api.threshold.v1.ActivateKeyRequest;
import org.odap.api.threshold.v1.ActivateKeyResponse;
import org.odap.api.threshold.v1.ConcludeKeyRequest;
import org.odap.api.threshold.v1.ConcludeKeyResponse;
import org.odap.api.threshold.v1.DealSharesRequest;
import org.odap.api.threshold.v1.DealSharesResponse;
import org.odap.api.threshold.v1.JustifyDealRequest;
import org.odap.api.threshold.v1.JustifyDealResponse;
import org.odap.api.threshold.v1.KeyPlan;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ReceiveDealsRequest;
import org.odap.api.threshold.v1.ReceiveDealsResponse;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.SignPartiallyResponse;
import org.odap.api.threshold.v1.StoreKeyShareRequest;
import org.odap.api.threshold.v1.StoreKeyShareResponse;
import org.odap.attestation.group.Member;
import org.odap.attestation.group.StatementChecks;
import org.odap.attestation.store.RecordStore;
import org.odap.core.envelope.UnknownFields;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.Groups;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.rpc.FieldChecks;

/** The participant of this process: checks what it is asked, and does it. */
public final class LocalMember implements Member {
  private static final int KEY_ID_MAX = 128;

  private final Signer signer;
  private final DealtKeys dealtKeys;
  private final KeyMakings makings;

  /** A participant over its store and its own ledger. */
  public LocalMember(ParticipantConfig config, Supplier<RecordStore> store, OwnLedger ledger) {
    SigningKey own = SigningKey.read(config.signingKey());
    PrivateKey encryptionKey = Pem.privateKey(config.encryptionKey());
    Membership membership =
        new Membership(own.publicKey(), config.groups().stream().map(GroupConfig::group).toList());
    this.signer =
        new Signer(
            own,
            store,
            new LedgerCheck(config.dltSystem(), ledger),
            new AnsweredCheck(config.counterparties(), config.answersOnly()));
    this.dealtKeys = new DealtKeys(membership, encryptionKey, store);
    this.makings = new KeyMakings(membership, own, encryptionKey, store);
  }

  @Override
  public StoreKeyShareResponse storeKeyShare(StoreKeyShareRequest request) {
    keyId(new FieldChecks(), "key.key_id", request.getKey().getKeyId()).end();
    dealtKeys.keep(request);
    return StoreKeyShareResponse.getDefaultInstance();
  }

  @Override
  public SignPartiallyResponse signPartially(SignPartiallyRequest request) {
    FieldChecks checks = keyId(new FieldChecks(), "key_id", request.getKeyId());
    StatementChecks.check(checks, "statement", request.getStatement());
    if (request.hasAnswered()) {
      StatementChecks.check(checks, "answered_statement", request.getAnsweredStatement());
    }
    checks.end();
    return SignPartiallyResponse.newBuilder().setSignature(signer.sign(request)).build();
  }

  @Override
  public DealSharesResponse dealShares(DealSharesRequest request) {
    plan(request.getPlan());
    return DealSharesResponse.newBuilder().setDeal(makings.deal(request.getPlan())).build();
  }

  @Override
  public ReceiveDealsResponse receiveDeals(ReceiveDealsRequest request) {
    plan(request.getPlan());
    new FieldChecks().count("deals", request.getDealsCount(), Groups.MEMBERS_MAX).end();
    return ReceiveDealsResponse.newBuilder()
        .addAllComplaints(makings.receive(request.getPlan(), request.getDealsList()))
        .build();
  }

  @Override
  public JustifyDealResponse justifyDeal(JustifyDealRequest request) {
    keyId(new FieldChecks(), "key_id", request.getKeyId()).end();
    return JustifyDealResponse.newBuilder()
        .setJustification(makings.justify(request.getKeyId(), request.getComplaint()))
        .build();
  }

  @Override
  public ConcludeKeyResponse concludeKey(ConcludeKeyRequest request) {
    keyId(new FieldChecks(), "key_id", request.getKeyId()).end();
    return makings.conclude(request);
  }

  @Override
  public ActivateKeyResponse activateKey(ActivateKeyRequest request) {
    keyId(new FieldChecks(), "key_id", request.getKeyId()).end();
    makings.activate(request);
    return ActivateKeyResponse.getDefaultInstance();
  }

  private static void plan(KeyPlan plan) {
    FieldChecks checks = keyId(new FieldChecks(), "plan.key_id", plan.getKeyId());
    if (plan.getGroup().equals(ParticipantGroup.getDefaultInstance())) {
      checks.missing("plan.group");
    }
    // What has no name here would not show in the plan's hash.
    UnknownFields.find(plan)
        .ifPresent(path -> checks.invalid("plan." + path, "a field not known here", "none"));
    checks.end();
  }

  private static FieldChecks keyId(FieldChecks checks, String field, String keyId) {
    return checks.text(field, keyId, KEY_ID_MAX);
  }
}
