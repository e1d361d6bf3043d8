package org.odap.cli.bench;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.SignPartiallyResponse;
import org.odap.api.threshold.v1.Statement;
import org.odap.cli.CliException;
import org.odap.core.envelope.Base64Url;
import org.odap.core.quorum.Statements;
import org.odap.threshold.GroupKey;
import org.odap.threshold.KeyShare;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PartialSignature;
import org.odap.threshold.Polynomial;

/** Participants of a ledger that sign together, f of them liars when told (IT, figure 4). */
final class ThresholdGroup {
  private static final int ES256_BYTES = 64;

  /** So that a third of 63 is 21. */
  private static final double ROUNDING = 1e-9;

  private final int faulty;
  private final int participants;
  private final List<KeyShare> shares;
  private final GroupKey key;
  private final Random random;

  /**
   * A group.
   *
   * @param participants n
   * @param ratio f/n; f = floor((n - 3) * ratio), and f + 1 must sign, as in the paper
   */
  ThresholdGroup(int participants, double ratio, long seed) {
    this.participants = participants;
    this.faulty = faulty(participants, ratio);
    this.random = new Random(seed);
    Polynomial polynomial = Polynomial.random(faulty + 1, new SecureRandom());
    this.shares = IntStream.rangeClosed(1, participants).mapToObj(polynomial::share).toList();
    try {
      this.key = GroupKey.of(polynomial.publicKey(), polynomial.commitments(), participants);
    } catch (MalformedPointException e) {
      throw new CliException("no group: " + e.getMessage(), e);
    }
  }

  static int faulty(int participants, double ratio) {
    return (int) Math.floor((participants - 3) * ratio + ROUNDING);
  }

  /**
   * What the participants answer in one round, in the order it arrives.
   *
   * @param round that they are of
   * @param signMillis what one of them took, the mean of all
   */
  record Answers(
      int round, List<PartialSignature> partials, Set<Integer> liars, double signMillis) {}

  Answers answers(int round, boolean withLiars) {
    byte[] message = bytes(round);
    List<Integer> order = new ArrayList<>(IntStream.range(0, participants).boxed().toList());
    Collections.shuffle(order, random);
    Set<Integer> liars = new TreeSet<>();
    if (withLiars) {
      order.subList(0, faulty).forEach(at -> liars.add(at + 1));
      Collections.shuffle(order, random);
      // One of them is quick: were the first that answer honest by chance, nobody would look on.
      Collections.swap(order, 0, order.indexOf(liars.iterator().next() - 1));
    }
    byte[] lie = bytes(-1 - round);
    List<PartialSignature> partials = new ArrayList<>();
    long start = System.nanoTime();
    for (int at : order) {
      partials.add(shares.get(at).sign(liars.contains(at + 1) ? lie : message));
    }
    double signed = (System.nanoTime() - start) / 1e6 / participants;
    return new Answers(round, partials, liars, signed);
  }

  /** What the gateway's side does with the answers: milliseconds until it has the signature. */
  double combineMillis(Answers answers) {
    byte[] message = bytes(answers.round());
    long start = System.nanoTime();
    GroupKey.Combination combination = key.combine(message, answers.partials());
    double millis = (System.nanoTime() - start) / 1e6;
    if (combination.signature().isEmpty() || !combination.wrong().equals(answers.liars())) {
      throw new CliException(
          "combined wrongly: wrong = " + combination.wrong() + ", liars = " + answers.liars());
    }
    return millis;
  }

  /** Bytes of all requests and answers of one round, as gRPC carries them, without headers. */
  long messageBytes() {
    SignPartiallyRequest request =
        SignPartiallyRequest.newBuilder().setKeyId("group").setStatement(statement(0)).build();
    SignPartiallyResponse answer =
        SignPartiallyResponse.newBuilder()
            .setSignature(
                ParticipantSignature.newBuilder()
                    .setIndex(participants)
                    .setPartialSignature(Base64Url.encode(new byte[PartialSignature.BYTES]))
                    .setParticipantSignature(Base64Url.encode(new byte[ES256_BYTES])))
            .build();
    return (long) participants * (request.getSerializedSize() + answer.getSerializedSize());
  }

  int threshold() {
    return key.threshold();
  }

  private static byte[] bytes(int round) {
    return Statements.bytes(statement(round));
  }

  /** As long as that of a lock on a ledger with blocks. */
  private static Statement statement(int round) {
    LedgerClaim claim =
        LedgerClaim.newBuilder()
            .setDltSystem("alpha.example-ledger")
            .setTransferId("7c0e7a3c-7c3f-4f5b-9c59-%012d".formatted(Math.abs(round)))
            .setStep(LedgerStep.LEDGER_STEP_LOCK)
            .setAccount("0x" + "5".repeat(40))
            .setLockExpiry(1_800_000_000_000L + round)
            .setTransactionId("0x" + "6".repeat(64))
            .setBlockNumber(1_000_000)
            .setBlockHash("0x" + "7".repeat(64))
            .build();
    return Statements.of("ab".repeat(32), claim);
  }
}
