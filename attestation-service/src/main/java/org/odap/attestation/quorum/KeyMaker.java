package org.odap.attestation.quorum;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.storage.v1.KeyCollection;
import org.odap.api.threshold.v1.ActivateKeyRequest;
import org.odap.api.threshold.v1.ActivateKeyResponse;
import org.odap.api.threshold.v1.Complaint;
import org.odap.api.threshold.v1.ConcludeKeyRequest;
import org.odap.api.threshold.v1.Confirmation;
import org.odap.api.threshold.v1.Deal;
import org.odap.api.threshold.v1.DealSharesRequest;
import org.odap.api.threshold.v1.GenerateKeyRequest;
import org.odap.api.threshold.v1.GenerateKeyResponse;
import org.odap.api.threshold.v1.Justification;
import org.odap.api.threshold.v1.JustifyDealRequest;
import org.odap.api.threshold.v1.KeyPlan;
import org.odap.api.threshold.v1.KeyRecord;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ReceiveDealsRequest;
import org.odap.api.threshold.v1.ReceiveDealsResponse;
import org.odap.attestation.group.Member;
import org.odap.attestation.keymaking.PlannedKey;
import org.odap.attestation.store.RecordStore;
import org.odap.attestation.store.RecordStore.Kind;
import org.odap.quorum.Groups;
import org.odap.quorum.Signed;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.MalformedPointException;

/**
 * Passes messages between those who make a key (IT-10). It learns no share; what it told once it
 * tells again after a crash, or the participants, who are told one thing only, would refuse it.
 */
final class KeyMaker {
  /** Key id -> how far it is. */
  private static final Kind<KeyCollection> COLLECTIONS =
      new Kind<>("collection", KeyCollection.parser());

  private final ParticipantGroup group;
  private final Members members;
  private final KnownKeys keys;
  private final Supplier<RecordStore> store;
  private final Duration limit;

  KeyMaker(
      ParticipantGroup group,
      Members members,
      KnownKeys keys,
      Supplier<RecordStore> store,
      Duration limit) {
    this.group = group;
    this.members = members;
    this.keys = keys;
    this.store = store;
    this.limit = limit;
  }

  /** Makes a key, or goes on with one that was begun. */
  synchronized GenerateKeyResponse generate(GenerateKeyRequest request) {
    KeyPlan plan = plan(request);
    PlannedKey planned = planned(plan);
    KeyCollection collection = begun(plan);
    if (!collection.getDealt()) {
      collection = keep(dealt(planned, collection));
    }
    if (!collection.getJustified()) {
      collection = keep(justified(planned, collection));
    }
    PlannedKey.Outcome outcome = outcome(planned, collection.getRecord());
    List<Confirmation> confirmations = confirmed(planned, collection.getRecord(), outcome);
    activated(planned, confirmations);
    keys.keep(outcome.key());
    return GenerateKeyResponse.newBuilder()
        .setKey(outcome.key())
        .addAllExcluded(planned.excluded(outcome))
        .build();
  }

  private KeyPlan plan(GenerateKeyRequest request) {
    KeyPlan.Builder plan =
        KeyPlan.newBuilder()
            .setKeyId(request.getKeyId())
            .setGroup(request.hasGroup() ? request.getGroup() : group);
    if (!request.getResharedKeyId().isEmpty()) {
      plan.setReshared(keys.require(request.getResharedKeyId()).told());
    }
    return plan.build();
  }

  private static PlannedKey planned(KeyPlan plan) {
    try {
      return PlannedKey.of(plan);
    } catch (MalformedPointException e) {
      throw new IllegalStateException("a key that was checked", e);
    }
  }

  private KeyCollection begun(KeyPlan plan) {
    Optional<KeyCollection> before = store.get().get(COLLECTIONS, plan.getKeyId());
    boolean isOther =
        before.isPresent()
            ? !before.get().getRecord().getPlan().equals(plan)
            : keys.find(plan.getKeyId()).isPresent();
    if (isOther) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_STEP_CONFLICT, "another key has the id " + plan.getKeyId());
    }
    return before.orElseGet(
        () -> KeyCollection.newBuilder().setRecord(KeyRecord.newBuilder().setPlan(plan)).build());
  }

  private KeyCollection keep(KeyCollection collection) {
    store.get().put(COLLECTIONS, collection.getRecord().getPlan().getKeyId(), collection);
    return collection;
  }

  /** Round 1. */
  private KeyCollection dealt(PlannedKey planned, KeyCollection collection) {
    DealSharesRequest request = DealSharesRequest.newBuilder().setPlan(planned.plan()).build();
    Answers<Deal> answers =
        ask(
            members.of(planned.dealers()),
            (index, member) -> {
              Deal deal = member.dealShares(request).getDeal();
              require(deal.getDealer() == index && planned.isSigned(deal), "a deal not its own");
              return deal;
            });
    answers.require(Groups.honest(planned.dealers()), "dealt");
    return collection.toBuilder()
        .setDealt(true)
        .setRecord(collection.getRecord().toBuilder().addAllDeals(answers.given().values()))
        .build();
  }

  /** Rounds 2 and 3. */
  private KeyCollection justified(PlannedKey planned, KeyCollection collection) {
    ReceiveDealsRequest request = deals(collection.getRecord());
    Answers<List<Complaint>> answers =
        ask(
            members.of(planned.group()),
            (index, member) ->
                member.receiveDeals(request).getComplaintsList().stream()
                    .filter(complaint ->
                        complaint.getParticipant() == index && planned.isSigned(complaint))
                    .toList());
    answers.require(Groups.confirmationsNeeded(planned.group()), "took the deals");
    Map<Integer, Map<Integer, Complaint>> complaints = new TreeMap<>();
    for (List<Complaint> given : answers.given().values()) {
      for (Complaint complaint : given) {
        complaints
            .computeIfAbsent(complaint.getDealer(), dealer -> new TreeMap<>())
            .put(complaint.getParticipant(), complaint);
      }
    }
    KeyRecord.Builder record = collection.getRecord().toBuilder();
    complaints.values().forEach(of -> record.addAllComplaints(of.values()));
    record.addAllJustifications(justifications(planned, complaints));
    return collection.toBuilder().setJustified(true).setRecord(record).build();
  }

  private static ReceiveDealsRequest deals(KeyRecord record) {
    return ReceiveDealsRequest.newBuilder()
        .setPlan(record.getPlan())
        .addAllDeals(record.getDealsList())
        .build();
  }

  private List<Justification> justifications(
      PlannedKey planned, Map<Integer, Map<Integer, Complaint>> complaints) {
    Map<Integer, Member> accused = new HashMap<>(members.of(planned.dealers()));
    accused.keySet().retainAll(complaints.keySet());
    Answers<List<Justification>> answers =
        ask(
            accused,
            (dealer, member) ->
                complaints.get(dealer).values().stream()
                    .map(complaint -> justification(planned, member, complaint))
                    .flatMap(Optional::stream)
                    .toList());
    return answers.given().values().stream()
        .flatMap(List::stream)
        .sorted(
            Comparator.comparingInt(Justification::getDealer)
                .thenComparingInt(Justification::getParticipant))
        .toList();
  }

  private static Optional<Justification> justification(
      PlannedKey planned, Member dealer, Complaint complaint) {
    try {
      Justification justification =
          dealer
              .justifyDeal(
                  JustifyDealRequest.newBuilder()
                      .setKeyId(planned.plan().getKeyId())
                      .setComplaint(complaint)
                      .build())
              .getJustification();
      return justification.getDealer() == complaint.getDealer()
              && justification.getParticipant() == complaint.getParticipant()
              && planned.isSigned(justification)
          ? Optional.of(justification)
          : Optional.empty();
    } catch (OdapException e) {
      // It shows nothing, and so is left out.
      return Optional.empty();
    }
  }

  private static PlannedKey.Outcome outcome(PlannedKey planned, KeyRecord record) {
    return planned
        .outcome(record)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET,
                "too few dealt rightly (expected: %d); take another key_id to try again"
                    .formatted(Groups.honest(planned.dealers()))));
  }

  /** Round 4; who was not there for round 2 is told of the deals first. */
  private List<Confirmation> confirmed(
      PlannedKey planned, KeyRecord record, PlannedKey.Outcome outcome) {
    String hash = Signed.hash(record);
    ReceiveDealsRequest deals = deals(record);
    ConcludeKeyRequest request =
        ConcludeKeyRequest.newBuilder()
            .setKeyId(planned.plan().getKeyId())
            .addAllComplaints(record.getComplaintsList())
            .addAllJustifications(record.getJustificationsList())
            .build();
    Answers<Confirmation> answers =
        ask(
            members.of(planned.group()),
            (index, member) -> {
              ReceiveDealsResponse _ = member.receiveDeals(deals);
              Confirmation confirmation = member.concludeKey(request).getConfirmation();
              require(
                  confirmation.getParticipant() == index
                      && confirmation.getHashRecord().equals(hash)
                      && confirmation.getPublicKey().equals(outcome.key().getPublicKey())
                      && Signed.isBy(planned.group(), index, confirmation),
                  "confirms something else");
              return confirmation;
            });
    answers.require(Groups.confirmationsNeeded(planned.group()), "confirmed");
    return List.copyOf(answers.given().values());
  }

  /** Round 5, with those who only gave their shares away: they destroy them. */
  private void activated(PlannedKey planned, List<Confirmation> confirmations) {
    ActivateKeyRequest request =
        ActivateKeyRequest.newBuilder()
            .setKeyId(planned.plan().getKeyId())
            .addAllConfirmations(confirmations)
            .build();
    Answers<ActivateKeyResponse> answers =
        ask(members.of(planned.group()), (index, member) -> member.activateKey(request));
    answers.require(Groups.honest(planned.group()), "took the key into use");
    if (planned.plan().hasReshared()) {
      Map<Integer, Member> leaving = new TreeMap<>(members.of(planned.dealers()));
      planned
          .dealers()
          .getParticipantsList()
          .forEach(dealer -> {
            if (Groups.memberOf(planned.group(), dealer.getPubkey()).isPresent()) {
              leaving.remove(dealer.getIndex());
            }
          });
      Answers<ActivateKeyResponse> _ = ask(leaving, (index, member) -> member.activateKey(request));
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new OdapException(ErrorReason.ERROR_REASON_SHARE_INVALID, otherwise);
    }
  }

  /** What was answered, by index, and why others did not. */
  private record Answers<T>(Map<Integer, T> given, Map<Integer, String> refusals) {
    void require(int needed, String what) {
      if (given.size() < needed) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET,
            "%d participants %s (expected: %d or more); others: %s"
                .formatted(given.size(), what, needed, refusals));
      }
    }
  }

  private <T> Answers<T> ask(Map<Integer, Member> asked, BiFunction<Integer, Member, T> question) {
    Answers<T> answers = new Answers<>(new TreeMap<>(), new TreeMap<>());
    asked.keySet().forEach(index -> answers.refusals().put(index, "silent"));
    try (Poll<T> poll = new Poll<>(asked, limit, question)) {
      Optional<Poll.Answer<T>> answer = poll.next();
      while (answer.isPresent()) {
        int index = answer.get().index();
        answers.refusals().put(index, answer.get().refusal());
        answer
            .get()
            .given()
            .ifPresent(given -> {
              answers.given().put(index, given);
              answers.refusals().remove(index);
            });
        answer = poll.next();
      }
    }
    return answers;
  }
}
