package org.odap.attestation.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.threshold.v1.CollectSignatureRequest;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.DealKeyRequest;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.DistributeKeyRequest;
import org.odap.api.threshold.v1.GenerateKeyRequest;
import org.odap.api.threshold.v1.GenerateKeyResponse;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.Statement;
import org.odap.attestation.group.Member;
import org.odap.attestation.participant.CounterpartyConfig;
import org.odap.attestation.store.RecordStore;
import org.odap.quorum.GroupConfig;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.TestKeys;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.rpc.OdapException;

/** A ledger's participants and who collects, in this process, each with its own store. */
final class TestQuorum implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Path folder;
  private final List<TestMember> members = new ArrayList<>();
  private final TestLedger ledger;
  private final String dltSystem;
  private final List<GroupConfig> groups = new ArrayList<>();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private Duration signing = LIMIT;
  private RecordStore store;

  /** Members who are in no group yet. */
  TestQuorum(Path folder, String dltSystem, int count) {
    this.folder = folder.resolve(dltSystem);
    this.dltSystem = dltSystem;
    this.ledger = new TestLedger(dltSystem);
    try {
      Files.createDirectories(this.folder);
      DevelopmentPki pki = DevelopmentPki.create(this.folder.resolve("pki"), "alpha.example");
      for (int i = 1; i <= count; i++) {
        Path own = Files.createDirectories(this.folder.resolve("member-" + i));
        members.add(new TestMember(pki, own, "member-" + i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All members in one group, started. */
  static TestQuorum of(Path folder, int count, int faultyMax, int threshold) {
    TestQuorum quorum = new TestQuorum(folder, "ledger-a", count);
    quorum.start(List.of(quorum.group(1, count, faultyMax, threshold)), List.of());
    return quorum;
  }

  /** A group of some of the members. */
  GroupConfig group(int from, int to, int faultyMax, int threshold) {
    return new GroupConfig(
        dltSystem,
        faultyMax,
        Optional.of(threshold),
        members.subList(from - 1, to).stream().map(TestMember::config).toList());
  }

  void start(List<GroupConfig> configured, List<CounterpartyConfig> counterparties) {
    groups.addAll(configured);
    members.forEach(member -> member.start(configured, counterparties, ledger));
    restart();
  }

  /** Who collects starts again with what is on disk. */
  void restart() {
    if (store != null) {
      store.close();
    }
    store = RecordStore.open(folder.resolve("quorum"), EntryKeys.NONE);
  }

  void signWithin(Duration limit) {
    signing = limit;
  }

  TestLedger ledger() {
    return ledger;
  }

  TestMember member(int number) {
    return members.get(number - 1);
  }

  ParticipantGroup group() {
    return groups.getFirst().group();
  }

  /** How often a member did something in a round. */
  double counted(int member, RoundMetrics.Answer answer) {
    return meters
        .find(RoundMetrics.ANSWERS)
        .tag("participant", member(member).config().identity())
        .tag("answer", answer.name().toLowerCase(Locale.ROOT))
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** How many rounds ended so. */
  long rounds(RoundMetrics.Outcome outcome) {
    return meters
        .find(RoundMetrics.ROUND)
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .timers()
        .stream()
        .mapToLong(Timer::count)
        .sum();
  }

  private QuorumEndpoint endpoint() {
    Map<String, Member> reached = new HashMap<>();
    members.forEach(member -> reached.put(member.config().pubkey(), member.reached()));
    QuorumConfig config =
        new QuorumConfig(
            groups.getFirst(),
            groups.subList(1, groups.size()),
            folder.resolve("quorum"),
            TestKeys.inFile("secret", folder.resolve("secret")),
            signing,
            LIMIT);
    return new QuorumEndpoint(
        config,
        "odapquorum://alpha.example/quorum",
        TestKeys.bytes(dltSystem.hashCode()),
        new Members(reached),
        () -> store,
        new RoundMetrics(meters));
  }

  GenerateKeyResponse generate(String keyId) {
    return call(endpoint()::generateKey, GenerateKeyRequest.newBuilder().setKeyId(keyId).build());
  }

  GenerateKeyResponse reshare(String keyId, String old, ParticipantGroup to) {
    return call(
        endpoint()::generateKey,
        GenerateKeyRequest.newBuilder().setKeyId(keyId).setResharedKeyId(old).setGroup(to).build());
  }

  CollectSignatureResponse collect(String keyId, Statement statement) {
    return collect(
        CollectSignatureRequest.newBuilder().setKeyId(keyId).setStatement(statement).build());
  }

  CollectSignatureResponse collect(CollectSignatureRequest request) {
    return call(endpoint()::collectSignature, request);
  }

  DealtKey deal(String keyId, String hashTx, ParticipantGroup group) {
    return call(
            endpoint()::dealKey,
            DealKeyRequest.newBuilder().setKeyId(keyId).setHashTx(hashTx).setGroup(group).build())
        .getKey();
  }

  List<Integer> distribute(DealtKey key) {
    return call(endpoint()::distributeKey, DistributeKeyRequest.newBuilder().setKey(key).build())
        .getTakenList();
  }

  /** What is thrown instead of an answer. */
  static OdapException refusal(Runnable call) {
    try {
      call.run();
    } catch (OdapException e) {
      return e;
    }
    throw new AssertionError("was not refused");
  }

  static void assertRefused(ErrorReason reason, Runnable call) {
    OdapException refusal = refusal(call);
    assertThat(refusal.reason()).as(refusal.description()).isEqualTo(reason);
  }

  private static <Q, A> A call(BiConsumer<Q, StreamObserver<A>> method, Q request) {
    List<A> answers = new ArrayList<>();
    method.accept(
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(A answer) {
            answers.add(answer);
          }

          @Override
          public void onError(Throwable failure) {
            throw new AssertionError(failure);
          }

          @Override
          public void onCompleted() {}
        });
    return answers.getFirst();
  }

  @Override
  public void close() {
    members.forEach(TestMember::close);
    if (store != null) {
      store.close();
    }
  }
}
