package org.odap.attestation.keymaking;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.odap.api.threshold.v1.Complaint;
import org.odap.api.threshold.v1.Deal;
import org.odap.api.threshold.v1.GroupKey;
import org.odap.api.threshold.v1.Justification;
import org.odap.api.threshold.v1.KeyPlan;
import org.odap.api.threshold.v1.KeyRecord;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.attestation.group.ShareLetters;
import org.odap.quorum.Groups;
import org.odap.quorum.KeyForms;
import org.odap.quorum.Signed;
import org.odap.threshold.Commitments;
import org.odap.threshold.KeyShare;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PublicKey;

/**
 * A key that is being made. All its methods are functions of the plan and what was said: whoever
 * has the same record reckons the same.
 */
public final class PlannedKey {
  private final KeyPlan plan;
  private final String hash;
  private final Optional<org.odap.threshold.GroupKey> reshared;

  private PlannedKey(KeyPlan plan, Optional<org.odap.threshold.GroupKey> reshared) {
    this.plan = plan;
    this.hash = Signed.hash(plan);
    this.reshared = reshared;
  }

  /**
   * A planned key.
   *
   * @throws MalformedPointException when the key to be dealt anew is none
   */
  public static PlannedKey of(KeyPlan plan) throws MalformedPointException {
    return new PlannedKey(
        plan,
        plan.hasReshared() ? Optional.of(KeyForms.key(plan.getReshared())) : Optional.empty());
  }

  /** SHA-256 of the plan. */
  public String hash() {
    return hash;
  }

  /** Who gets shares. */
  public ParticipantGroup group() {
    return plan.getGroup();
  }

  /** Who deals. */
  public ParticipantGroup dealers() {
    return plan.hasReshared() ? plan.getReshared().getGroup() : plan.getGroup();
  }

  /** The plan. */
  public KeyPlan plan() {
    return plan;
  }

  /** Whether the dealer named in a deal made it, for this plan. */
  public boolean isSigned(Deal deal) {
    return deal.getHashPlan().equals(hash) && Signed.isBy(dealers(), deal.getDealer(), deal);
  }

  /** Whether the participant named in a complaint made it, for this plan. */
  public boolean isSigned(Complaint complaint) {
    return complaint.getHashPlan().equals(hash)
        && Signed.isBy(group(), complaint.getParticipant(), complaint);
  }

  /** Whether the dealer named in a justification made it, for this plan. */
  public boolean isSigned(Justification justification) {
    return justification.getHashPlan().equals(hash)
        && Signed.isBy(dealers(), justification.getDealer(), justification);
  }

  /** A deal's commitments, where everyone can see that they are in order. */
  public Optional<Commitments> commitments(Deal deal) {
    if (!isAddressed(deal)) {
      return Optional.empty();
    }
    try {
      Commitments commitments =
          KeyForms.commitments(deal.getCommitmentsList(), group().getThreshold());
      PublicKey key = KeyForms.publicKey(deal.getPublicKey());
      boolean isItsOwn =
          reshared.isEmpty() || commitments.dealShareOf(reshared.get(), deal.getDealer());
      return commitments.areOf(key) && isItsOwn ? Optional.of(commitments) : Optional.empty();
    } catch (MalformedPointException e) {
      return Optional.empty();
    }
  }

  /** A deal holds one letter for each participant. */
  private boolean isAddressed(Deal deal) {
    if (deal.getSharesCount() != group().getParticipantsCount()) {
      return false;
    }
    for (int i = 0; i < deal.getSharesCount(); i++) {
      if (deal.getShares(i).getIndex() != i + 1) {
        return false;
      }
    }
    return true;
  }

  /** The share that a justification shows, if it is the one committed to. */
  public static Optional<KeyShare> shown(Justification justification, Commitments commitments) {
    try {
      return ShareLetters.parsed(
              justification.getParticipant(), KeyForms.bytes(justification.getShare()))
          .filter(commitments::include);
    } catch (MalformedPointException e) {
      return Optional.empty();
    }
  }

  /** What is wrong with the form of a record, or with a signature in it, if anything is. */
  public Optional<String> mistake(KeyRecord record) {
    List<Long> deals = new ArrayList<>();
    List<Long> complaints = new ArrayList<>();
    List<Long> justifications = new ArrayList<>();
    for (Deal deal : record.getDealsList()) {
      if (!isSigned(deal)) {
        return Optional.of("deal of " + deal.getDealer() + ": not signed by it, for this plan");
      }
      deals.add((long) deal.getDealer());
    }
    for (Complaint complaint : record.getComplaintsList()) {
      if (!isSigned(complaint)) {
        return Optional.of(
            "complaint of " + complaint.getParticipant() + ": not signed by it, for this plan");
      }
      complaints.add(pair(complaint.getDealer(), complaint.getParticipant()));
    }
    for (Justification justification : record.getJustificationsList()) {
      if (!isSigned(justification)) {
        return Optional.of(
            "justification of " + justification.getDealer() + ": not signed by it, for this plan");
      }
      justifications.add(pair(justification.getDealer(), justification.getParticipant()));
    }
    return ascending(deals) && ascending(complaints) && ascending(justifications)
        ? Optional.empty()
        : Optional.of("not in ascending order, or twice");
  }

  private static long pair(int dealer, int participant) {
    return (long) dealer << Integer.SIZE | participant;
  }

  private static boolean ascending(List<Long> numbers) {
    for (int i = 1; i < numbers.size(); i++) {
      if (numbers.get(i) <= numbers.get(i - 1)) {
        return false;
      }
    }
    return true;
  }

  /**
   * What came of it.
   *
   * @param dealt the commitments of who dealt rightly
   * @param shown shares shown in the open, by dealer and participant
   */
  public record Outcome(
      GroupKey key,
      Commitments commitments,
      SortedMap<Integer, Commitments> dealt,
      Set<Shown> shown) {

    /** What a dealer had to show of its deal to a participant. */
    public Optional<KeyShare> shown(int dealer, int participant) {
      return shown.stream()
          .filter(one -> one.dealer() == dealer && one.share().index() == participant)
          .map(Shown::share)
          .findFirst();
    }
  }

  /** A share shown in the open, rightly. */
  public record Shown(int dealer, KeyShare share) {}

  /**
   * Reckons who dealt rightly, and what the key is. A dealer is left out when its deal is not in
   * order, when it did not show a share complained of, and when more complain than may be faulty.
   *
   * @return nothing when fewer dealt rightly than are not faulty
   */
  public Optional<Outcome> outcome(KeyRecord record) {
    TreeMap<Integer, Commitments> dealt = new TreeMap<>();
    Set<Shown> shown = new HashSet<>();
    for (Deal deal : record.getDealsList()) {
      commitments(deal)
          .filter(commitments -> answeredAll(record, deal.getDealer(), commitments, shown))
          .ifPresent(commitments -> dealt.put(deal.getDealer(), commitments));
    }
    if (dealt.size() < Groups.honest(dealers())) {
      return Optional.empty();
    }
    try {
      PublicKey publicKey = publicKey(record, dealt);
      Commitments commitments =
          reshared.isPresent()
              ? Commitments.reshared(dealt)
              : Commitments.sum(List.copyOf(dealt.values()));
      GroupKey key =
          GroupKey.newBuilder()
              .setKeyId(plan.getKeyId())
              .setGroup(group())
              .setPublicKey(KeyForms.text(publicKey.bytes()))
              .addAllCommitments(KeyForms.texts(commitments))
              .build();
      return commitments.areOf(publicKey)
          ? Optional.of(new Outcome(key, commitments, dealt, shown))
          : Optional.empty();
    } catch (MalformedPointException e) {
      // Dealers in league made their parts vanish together.
      return Optional.empty();
    }
  }

  private PublicKey publicKey(KeyRecord record, SortedMap<Integer, Commitments> dealt)
      throws MalformedPointException {
    if (reshared.isPresent()) {
      return reshared.get().publicKey();
    }
    List<PublicKey> parts = new ArrayList<>();
    for (Deal deal : record.getDealsList()) {
      if (dealt.containsKey(deal.getDealer())) {
        parts.add(KeyForms.publicKey(deal.getPublicKey()));
      }
    }
    return PublicKey.sum(parts);
  }

  private boolean answeredAll(
      KeyRecord record, int dealer, Commitments commitments, Set<Shown> shown) {
    SortedSet<Integer> complaining = new TreeSet<>();
    record.getComplaintsList().stream()
        .filter(complaint -> complaint.getDealer() == dealer)
        .forEach(complaint -> complaining.add(complaint.getParticipant()));
    if (complaining.size() > group().getFaultyMax()) {
      return false;
    }
    for (Justification justification : record.getJustificationsList()) {
      if (justification.getDealer() == dealer
          && complaining.contains(justification.getParticipant())) {
        shown(justification, commitments)
            .ifPresent(share -> {
              complaining.remove(share.index());
              shown.add(new Shown(dealer, share));
            });
      }
    }
    return complaining.isEmpty();
  }

  /** The dealers an outcome leaves out, silent ones among them. */
  public List<Integer> excluded(Outcome outcome) {
    return dealers().getParticipantsList().stream()
        .map(dealer -> dealer.getIndex())
        .filter(index -> !outcome.dealt().containsKey(index))
        .toList();
  }

  /** A participant's share of the key, of what each dealer dealt it. */
  public KeyShare share(SortedMap<Integer, KeyShare> dealt) {
    return reshared.isPresent()
        ? KeyShare.reshared(dealt)
        : KeyShare.sum(List.copyOf(dealt.values()));
  }
}
