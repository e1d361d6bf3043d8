package org.odap.attestation.quorum;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.threshold.v1.CollectSignatureRequest;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.core.quorum.Statements;
import org.odap.quorum.Groups;
import org.odap.quorum.KeyForms;
import org.odap.quorum.OwnSignatures;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.GroupKey.Combination;
import org.odap.threshold.PartialSignature;
import org.odap.threshold.Signature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has participants sign (IT "Lock", "Verification"): all are asked at once, and the first threshold
 * of right answers make the signature. Liars are named and not waited for again; the silent only
 * cost time where too few others answer.
 */
final class Collector {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  private final Members members;
  private final KnownKeys keys;
  private final Duration limit;
  private final RoundMetrics metrics;

  Collector(Members members, KnownKeys keys, Duration limit, RoundMetrics metrics) {
    this.members = members;
    this.keys = keys;
    this.limit = limit;
    this.metrics = metrics;
  }

  /**
   * A group's signature.
   *
   * @throws OdapException THRESHOLD_NOT_MET, naming who was wrong and who silent, and why;
   *     TX_IN_ANOTHER_TRANSFER where that one has the better half
   */
  CollectSignatureResponse collect(CollectSignatureRequest request) {
    KnownKeys.CheckedKey key = keys.require(request.getKeyId());
    SignPartiallyRequest.Builder question =
        SignPartiallyRequest.newBuilder()
            .setKeyId(request.getKeyId())
            .setStatement(request.getStatement());
    if (request.hasAnswered()) {
      question
          .setAnswered(request.getAnswered())
          .setAnsweredStatement(request.getAnsweredStatement());
    }
    SignPartiallyRequest asked = question.build();
    Round round = new Round(key, Statements.bytes(request.getStatement()));
    long begun = System.nanoTime();
    try (Poll<ParticipantSignature> poll =
        new Poll<>(
            members.of(key.told().getGroup()),
            limit,
            (index, member) -> member.signPartially(asked).getSignature())) {
      Optional<Poll.Answer<ParticipantSignature>> answer = poll.next();
      while (answer.isPresent()) {
        Optional<Signature> signature = round.take(answer.get());
        if (signature.isPresent()) {
          ended(round, RoundMetrics.Outcome.SIGNED, begun);
          return round.response(signature.get(), request.getStatement().getHashTx());
        }
        answer = poll.next();
      }
    }
    ended(round, RoundMetrics.Outcome.THRESHOLD_NOT_MET, begun);
    throw round.notMet();
  }

  private void ended(Round round, RoundMetrics.Outcome outcome, long begun) {
    metrics.ended(outcome, Duration.ofNanos(System.nanoTime() - begun));
    round
        .answers(outcome)
        .forEach((participant, answer) -> metrics.answered(participant.getParticipant(), answer));
  }

  /** What has come so far. */
  private static final class Round {
    private final KnownKeys.CheckedKey key;
    private final ParticipantGroup group;
    private final byte[] statement;
    private final List<PartialSignature> partials = new ArrayList<>();
    private final SortedMap<Integer, ParticipantSignature> given = new TreeMap<>();
    private final SortedMap<Integer, String> refusals = new TreeMap<>();
    private final Set<Integer> wrong = new TreeSet<>();
    private final Set<Integer> unreached = new TreeSet<>();
    private final SortedSet<Integer> signedForAnother = new TreeSet<>();

    Round(KnownKeys.CheckedKey key, byte[] statement) {
      this.key = key;
      this.group = key.told().getGroup();
      this.statement = statement;
    }

    /** Takes an answer; the group's signature, if with it there are enough. */
    Optional<Signature> take(Poll.Answer<ParticipantSignature> answer) {
      if (answer.given().isEmpty()) {
        refusals.put(answer.index(), answer.refusal());
        if (answer.silent()) {
          unreached.add(answer.index());
        }
        if (answer.reason() == ErrorReason.ERROR_REASON_TX_IN_ANOTHER_TRANSFER) {
          signedForAnother.add(answer.index());
        }
        return Optional.empty();
      }
      Participant participant = Groups.member(group, answer.index()).orElseThrow();
      Optional<PartialSignature> partial =
          OwnSignatures.taken(statement, answer.given().get(), participant);
      if (partial.isEmpty()) {
        wrong.add(answer.index());
        return Optional.empty();
      }
      partials.add(partial.get());
      given.put(answer.index(), answer.given().get());
      return partials.size() < group.getThreshold() ? Optional.empty() : combined();
    }

    private Optional<Signature> combined() {
      Combination combination = key.key().combine(statement, partials);
      wrong.addAll(combination.wrong());
      partials.removeIf(partial -> wrong.contains(partial.index()));
      return combination.signature();
    }

    CollectSignatureResponse response(Signature signature, String hashTx) {
      QuorumSignature.Builder combined =
          QuorumSignature.newBuilder()
              .setKeyId(key.told().getKeyId())
              .setPublicKey(key.told().getPublicKey())
              .setHashTx(hashTx)
              .setSignature(KeyForms.text(signature.bytes()));
      Set<Integer> signers =
          partials.subList(0, group.getThreshold()).stream()
              .map(PartialSignature::index)
              .collect(Collectors.toCollection(TreeSet::new));
      signers.forEach(index -> combined.addSigners(given.get(index)));
      if (!wrong.isEmpty()) {
        log.atWarn()
            .addKeyValue("dlt_system", group.getDltSystem())
            .addKeyValue("wrong", wrong)
            .log("participants gave wrong partial signatures");
      }
      return CollectSignatureResponse.newBuilder()
          .setSignature(combined)
          .addAllWrong(wrong)
          .addAllSilent(silent())
          .build();
    }

    private List<Integer> silent() {
      return group.getParticipantsList().stream()
          .map(Participant::getIndex)
          .filter(index -> !given.containsKey(index) && !wrong.contains(index))
          .toList();
    }

    /** What each participant did. */
    Map<Participant, RoundMetrics.Answer> answers(RoundMetrics.Outcome outcome) {
      Map<Participant, RoundMetrics.Answer> answers = new LinkedHashMap<>();
      group
          .getParticipantsList()
          .forEach(
              participant -> answers.put(participant, answer(participant.getIndex(), outcome)));
      return answers;
    }

    private RoundMetrics.Answer answer(int index, RoundMetrics.Outcome outcome) {
      if (wrong.contains(index)) {
        return RoundMetrics.Answer.WRONG;
      }
      if (given.containsKey(index)) {
        return RoundMetrics.Answer.RIGHT;
      }
      if (unreached.contains(index)) {
        return RoundMetrics.Answer.SILENT;
      }
      if (refusals.containsKey(index)) {
        return RoundMetrics.Answer.REFUSED;
      }
      return outcome == RoundMetrics.Outcome.SIGNED
          ? RoundMetrics.Answer.LATE
          : RoundMetrics.Answer.SILENT;
    }

    OdapException notMet() {
      StringBuilder why =
          new StringBuilder()
              .append(partials.size())
              .append(" right partial signatures (expected: ")
              .append(group.getThreshold())
              .append("); wrong: ")
              .append(wrong)
              .append("; silent: ")
              .append(silent());
      refusals.forEach(
          (index, refusal) -> why.append("; ").append(index).append(": ").append(refusal));
      return new OdapException(
          anotherGoesFirst()
              ? ErrorReason.ERROR_REASON_TX_IN_ANOTHER_TRANSFER
              : ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET,
          why.toString());
    }

    /**
     * Of two transfers of one tx that share the participants between them neither would get
     * anywhere: the one with fewer gives way, of equals the one without the first of them.
     */
    private boolean anotherGoesFirst() {
      return !signedForAnother.isEmpty()
          && (signedForAnother.size() > given.size()
              || (signedForAnother.size() == given.size()
                  && signedForAnother.first() < given.firstKey()));
    }
  }
}
