package org.odap.attestation.quorum;

import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Supplier;
import org.odap.api.threshold.v1.CollectSignatureRequest;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.DealKeyRequest;
import org.odap.api.threshold.v1.DealKeyResponse;
import org.odap.api.threshold.v1.DescribeQuorumRequest;
import org.odap.api.threshold.v1.DescribeQuorumResponse;
import org.odap.api.threshold.v1.DistributeKeyRequest;
import org.odap.api.threshold.v1.DistributeKeyResponse;
import org.odap.api.threshold.v1.GenerateKeyRequest;
import org.odap.api.threshold.v1.GenerateKeyResponse;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.QuorumServiceGrpc.QuorumServiceImplBase;
import org.odap.attestation.group.StatementChecks;
import org.odap.attestation.store.RecordStore;
import org.odap.quorum.Groups;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.FieldChecks;

/** Who collects, over gRPC: checks what it is asked, and has it done. */
public final class QuorumEndpoint extends QuorumServiceImplBase {
  private static final int KEY_ID_MAX = 128;

  private final ParticipantGroup group;
  private final KnownKeys keys;
  private final Collector collector;
  private final Dealer dealer;
  private final KeyMaker keyMaker;

  /**
   * Who collects.
   *
   * @param identity of this service, as a dealer
   * @param secret that dealt keys are derived from
   */
  public QuorumEndpoint(
      QuorumConfig config,
      String identity,
      byte[] secret,
      Members members,
      Supplier<RecordStore> store,
      RoundMetrics metrics) {
    this.group = config.group().group();
    this.keys = new KnownKeys(store);
    this.collector = new Collector(members, keys, config.signingTimeout(), metrics);
    this.dealer = new Dealer(secret, identity, group, members, keys, config.roundTimeout());
    this.keyMaker = new KeyMaker(group, members, keys, store, config.roundTimeout());
  }

  @Override
  public void describeQuorum(
      DescribeQuorumRequest request, StreamObserver<DescribeQuorumResponse> observer) {
    Answers.answer(
        observer,
        DescribeQuorumResponse.newBuilder().setGroup(group).addAllKeys(keys.listed()).build());
  }

  @Override
  public void collectSignature(
      CollectSignatureRequest request, StreamObserver<CollectSignatureResponse> observer) {
    FieldChecks checks = keyId("key_id", request.getKeyId());
    StatementChecks.check(checks, "statement", request.getStatement());
    if (request.hasAnswered() != request.hasAnsweredStatement()) {
      checks.missing(request.hasAnswered() ? "answered_statement" : "answered");
    }
    checks.end();
    Answers.answer(observer, collector.collect(request));
  }

  @Override
  public void dealKey(DealKeyRequest request, StreamObserver<DealKeyResponse> observer) {
    FieldChecks checks = keyId("key_id", request.getKeyId()).hash("hash_tx", request.getHashTx());
    group(checks, request.getGroup());
    checks.end();
    Answers.answer(observer, DealKeyResponse.newBuilder().setKey(dealer.deal(request)).build());
  }

  @Override
  public void distributeKey(
      DistributeKeyRequest request, StreamObserver<DistributeKeyResponse> observer) {
    keyId("key.key_id", request.getKey().getKeyId()).end();
    Answers.answer(
        observer,
        DistributeKeyResponse.newBuilder()
            .addAllTaken(dealer.distribute(request.getKey()))
            .build());
  }

  @Override
  public void generateKey(
      GenerateKeyRequest request, StreamObserver<GenerateKeyResponse> observer) {
    FieldChecks checks = keyId("key_id", request.getKeyId());
    checks.optionalText("reshared_key_id", request.getResharedKeyId(), KEY_ID_MAX);
    if (request.hasGroup()) {
      group(checks, request.getGroup());
    }
    checks.end();
    Answers.answer(observer, keyMaker.generate(request));
  }

  private static FieldChecks keyId(String field, String keyId) {
    return new FieldChecks().text(field, keyId, KEY_ID_MAX);
  }

  private static void group(FieldChecks checks, ParticipantGroup group) {
    Optional<String> mistake = Groups.mistake(group);
    mistake.ifPresent(why -> checks.invalid("group", why, "a group"));
  }
}
