package org.odap.attestation.participant;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.storage.v1.KeptKey;
import org.odap.api.storage.v1.KeyMaking;
import org.odap.api.threshold.v1.ActivateKeyRequest;
import org.odap.api.threshold.v1.Complaint;
import org.odap.api.threshold.v1.ConcludeKeyRequest;
import org.odap.api.threshold.v1.ConcludeKeyResponse;
import org.odap.api.threshold.v1.Confirmation;
import org.odap.api.threshold.v1.Deal;
import org.odap.api.threshold.v1.GroupKey;
import org.odap.api.threshold.v1.Justification;
import org.odap.api.threshold.v1.KeyPlan;
import org.odap.api.threshold.v1.KeyRecord;
import org.odap.api.threshold.v1.Participant;
import org.odap.attestation.group.ShareLetters;
import org.odap.attestation.keymaking.PlannedKey;
import org.odap.attestation.store.RecordStore;
import org.odap.attestation.store.RecordStore.Place;
import org.odap.quorum.Groups;
import org.odap.quorum.KeyForms;
import org.odap.quorum.Signed;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.Commitments;
import org.odap.threshold.KeyShare;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.Polynomial;

/**
 * Makes keys with the other participants (IT-10): five rounds, each on disk before its answer, each
 * answered again as before. What was once told to this participant of a key is what it goes by:
 * other words for the same key are refused, so that who collects can't tell one thing to one and
 * another to another, or the same participant twice.
 */
final class KeyMakings {
  private final Membership membership;
  private final SigningKey own;
  private final PrivateKey encryptionKey;
  private final Supplier<RecordStore> store;
  private final SecureRandom random = new SecureRandom();

  KeyMakings(
      Membership membership,
      SigningKey own,
      PrivateKey encryptionKey,
      Supplier<RecordStore> store) {
    this.membership = membership;
    this.own = own;
    this.encryptionKey = encryptionKey;
    this.store = store;
  }

  /** Round 1. */
  synchronized Deal deal(KeyPlan plan) {
    Optional<KeyMaking> before = begun(plan);
    if (before.isPresent() && before.get().hasDeal()) {
      return before.get().getDeal();
    }
    PlannedKey planned = planned(plan);
    int dealer = membership.requireIndex(planned.dealers());
    Polynomial polynomial =
        plan.hasReshared()
            ? Polynomial.resharing(
                oldShare(plan.getReshared(), dealer), plan.getGroup().getThreshold(), random)
            : Polynomial.random(plan.getGroup().getThreshold(), random);
    KeyMaking.Builder making =
        before.map(KeyMaking::toBuilder).orElseGet(KeyMaking::newBuilder).setPlan(plan);
    Deal.Builder deal =
        Deal.newBuilder()
            .setHashPlan(planned.hash())
            .setDealer(dealer)
            .setPublicKey(KeyForms.text(polynomial.publicKey().bytes()))
            .addAllCommitments(KeyForms.texts(polynomial.commitments()));
    String name = identity(planned, dealer);
    for (Participant member : plan.getGroup().getParticipantsList()) {
      KeyShare share = polynomial.share(member.getIndex());
      deal.addShares(ShareLetters.seal(share, member, name, plan.getKeyId()));
      making.addDealt(ByteString.copyFrom(share.bytes()));
    }
    making.setDeal(Signed.by(own, deal.build()));
    keep(making.build());
    return making.getDeal();
  }

  private static String identity(PlannedKey planned, int dealer) {
    return Groups.member(planned.dealers(), dealer).orElseThrow().getParticipant();
  }

  /** A key is dealt anew only as this participant knows it. */
  private KeyShare oldShare(GroupKey reshared, int index) {
    KeptKey kept =
        store
            .get()
            .get(Records.KEYS, reshared.getKeyId())
            .filter(key -> key.getKey().equals(reshared) && !key.getShare().isEmpty())
            .orElseThrow(
                () -> unknown("this participant has no share of the key to be dealt anew"));
    return KeyShare.parse(index, kept.getShare().toByteArray());
  }

  /** Round 2. */
  synchronized List<Complaint> receive(KeyPlan plan, List<Deal> deals) {
    Optional<KeyMaking> before = begun(plan);
    if (before.isPresent() && before.get().getDealsCount() > 0) {
      if (!before.get().getDealsList().equals(deals)) {
        throw conflict("other deals than before");
      }
      return before.get().getComplaintsList();
    }
    PlannedKey planned = planned(plan);
    int index = membership.requireIndex(plan.getGroup());
    planned
        .mistake(KeyRecord.newBuilder().setPlan(plan).addAllDeals(deals).build())
        .ifPresent(why -> {
          throw new OdapException(ErrorReason.ERROR_REASON_SIGNATURE_INVALID, why);
        });
    if (deals.size() < Groups.honest(planned.dealers())) {
      throw tooFew(deals.size() + " deals", Groups.honest(planned.dealers()));
    }
    KeyMaking.Builder making =
        before.map(KeyMaking::toBuilder).orElseGet(KeyMaking::newBuilder).setPlan(plan);
    making.addAllDeals(deals);
    for (Deal deal : deals) {
      Optional<Commitments> commitments = planned.commitments(deal);
      // What everyone can see to be wrong needs nobody to complain.
      if (commitments.isPresent() && share(planned, deal, commitments.get(), index).isEmpty()) {
        making.addComplaints(
            Signed.by(
                own,
                Complaint.newBuilder()
                    .setHashPlan(planned.hash())
                    .setParticipant(index)
                    .setDealer(deal.getDealer())
                    .build()));
      }
    }
    keep(making.build());
    return making.getComplaintsList();
  }

  private Optional<KeyShare> share(
      PlannedKey planned, Deal deal, Commitments commitments, int index) {
    return ShareLetters.open(
            deal.getShares(index - 1),
            encryptionKey,
            identity(planned, deal.getDealer()),
            planned.plan().getKeyId(),
            index)
        .filter(commitments::include);
  }

  /** Round 3. */
  synchronized Justification justify(String keyId, Complaint complaint) {
    KeyMaking making = making(keyId);
    PlannedKey planned = planned(making.getPlan());
    if (making.getDealtCount() == 0 || complaint.getDealer() != making.getDeal().getDealer()) {
      throw unknown("this participant did not deal that, or the key is in use");
    }
    if (!planned.isSigned(complaint)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_SIGNATURE_INVALID,
          "complaint: not signed by participant " + complaint.getParticipant());
    }
    byte[] share = making.getDealt(complaint.getParticipant() - 1).toByteArray();
    return Signed.by(
        own,
        Justification.newBuilder()
            .setHashPlan(planned.hash())
            .setDealer(complaint.getDealer())
            .setParticipant(complaint.getParticipant())
            .setShare(KeyForms.text(share))
            .build());
  }

  /** Round 4. */
  synchronized ConcludeKeyResponse conclude(ConcludeKeyRequest request) {
    KeyMaking making = making(request.getKeyId());
    KeyRecord record =
        KeyRecord.newBuilder()
            .setPlan(making.getPlan())
            .addAllDeals(making.getDealsList())
            .addAllComplaints(request.getComplaintsList())
            .addAllJustifications(request.getJustificationsList())
            .build();
    String hash = Signed.hash(record);
    if (making.hasConclusion()) {
      if (!making.getConclusion().getConfirmation().getHashRecord().equals(hash)) {
        throw conflict("another record than before");
      }
      return making.getConclusion();
    }
    PlannedKey planned = planned(making.getPlan());
    requireOwnWords(making, planned, record);
    PlannedKey.Outcome outcome =
        planned
            .outcome(record)
            .orElseThrow(() -> tooFew("too few dealt rightly", Groups.honest(planned.dealers())));
    int index = membership.requireIndex(planned.group());
    KeyShare share = share(making, planned, outcome, index);
    ConcludeKeyResponse conclusion =
        ConcludeKeyResponse.newBuilder()
            .setConfirmation(
                Signed.by(
                    own,
                    Confirmation.newBuilder()
                        .setKeyId(making.getPlan().getKeyId())
                        .setParticipant(index)
                        .setHashRecord(hash)
                        .setPublicKey(outcome.key().getPublicKey())
                        .build()))
            .setKey(outcome.key())
            .addAllExcluded(planned.excluded(outcome))
            .build();
    keep(
        making.toBuilder()
            .setConclusion(conclusion)
            .setShare(ByteString.copyFrom(share.bytes()))
            .build());
    return conclusion;
  }

  /** A record from which this participant's complaint was left out would give it a wrong share. */
  private static void requireOwnWords(KeyMaking making, PlannedKey planned, KeyRecord record) {
    if (making.getDealsCount() == 0) {
      throw unknown("this participant was not given the deals");
    }
    planned
        .mistake(record)
        .ifPresent(why -> {
          throw new OdapException(ErrorReason.ERROR_REASON_SIGNATURE_INVALID, why);
        });
    for (Complaint complaint : making.getComplaintsList()) {
      boolean isThere =
          record.getComplaintsList().stream()
              .anyMatch(one ->
                  one.getDealer() == complaint.getDealer()
                      && one.getParticipant() == complaint.getParticipant());
      if (!isThere) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_SHARE_INVALID,
            "this participant's complaint of dealer "
                + complaint.getDealer()
                + " is not in the record");
      }
    }
  }

  private KeyShare share(
      KeyMaking making, PlannedKey planned, PlannedKey.Outcome outcome, int index) {
    TreeMap<Integer, KeyShare> dealt = new TreeMap<>();
    for (Deal deal : making.getDealsList()) {
      Optional.ofNullable(outcome.dealt().get(deal.getDealer()))
          .ifPresent(commitments ->
              dealt.put(
                  deal.getDealer(),
                  share(planned, deal, commitments, index)
                      .or(() -> outcome.shown(deal.getDealer(), index))
                      .orElseThrow(() ->
                          new IllegalStateException("complained of, and neither shown nor out"))));
    }
    KeyShare share = planned.share(dealt);
    if (!outcome.commitments().include(share)) {
      throw new IllegalStateException("a sum of right shares that is none");
    }
    return share;
  }

  /** Round 5. */
  synchronized void activate(ActivateKeyRequest request) {
    KeyMaking making = making(request.getKeyId());
    if (making.getActivated()) {
      return;
    }
    KeyPlan plan = making.getPlan();
    requireConfirmed(making, request.getConfirmationsList());
    Map<Place, Message> records = new LinkedHashMap<>();
    if (making.hasConclusion()) {
      records.put(
          Records.KEYS.place(plan.getKeyId()),
          KeptKey.newBuilder()
              .setKey(making.getConclusion().getKey())
              .setShare(making.getShare())
              .build());
    } else if (membership.index(plan.getGroup()).isPresent()) {
      throw unknown("this participant has not concluded on the key");
    }
    if (plan.hasReshared()) {
      String old = plan.getReshared().getKeyId();
      store
          .get()
          .get(Records.KEYS, old)
          .filter(kept -> kept.getKey().equals(plan.getReshared()))
          .ifPresent(kept ->
              // Enough of the old shares would still make the key.
              records.put(
                  Records.KEYS.place(old),
                  kept.toBuilder().clearShare().setReplacedBy(plan.getKeyId()).build()));
    }
    records.put(
        Records.MAKINGS.place(plan.getKeyId()),
        making.toBuilder().setActivated(true).clearDealt().clearShare().build());
    store.get().put(records);
  }

  /**
   * So many signed one record that no other can have as many. Who only gave its share away has no
   * record of its own, and goes by theirs.
   */
  private static void requireConfirmed(KeyMaking making, List<Confirmation> confirmations) {
    KeyPlan plan = making.getPlan();
    Confirmation expected =
        making.hasConclusion()
            ? making.getConclusion().getConfirmation()
            : confirmations.isEmpty()
                ? Confirmation.getDefaultInstance()
                : confirmations.getFirst();
    boolean isKept =
        !plan.hasReshared() || expected.getPublicKey().equals(plan.getReshared().getPublicKey());
    Set<Integer> confirming = new HashSet<>();
    for (Confirmation confirmation : confirmations) {
      if (confirmation.getKeyId().equals(plan.getKeyId())
          && confirmation.getHashRecord().equals(expected.getHashRecord())
          && confirmation.getPublicKey().equals(expected.getPublicKey())
          && Signed.isBy(plan.getGroup(), confirmation.getParticipant(), confirmation)) {
        confirming.add(confirmation.getParticipant());
      }
    }
    int needed = Groups.confirmationsNeeded(plan.getGroup());
    if (!isKept || confirming.size() < needed) {
      throw tooFew(confirming.size() + " confirmations of one record", needed);
    }
  }

  /** How far the making of a planned key is, if it has begun; refuses another plan for its id. */
  private Optional<KeyMaking> begun(KeyPlan plan) {
    Optional<KeyMaking> making = store.get().get(Records.MAKINGS, plan.getKeyId());
    if (making.isPresent()) {
      if (!making.get().getPlan().equals(plan)) {
        throw conflict("another plan for the key " + plan.getKeyId());
      }
      return making;
    }
    if (store.get().get(Records.KEYS, plan.getKeyId()).isPresent()) {
      throw conflict("another key has the id " + plan.getKeyId());
    }
    membership.requireKnown(plan.getGroup());
    if (plan.hasReshared()) {
      membership.requireKnown(plan.getReshared().getGroup());
      requireAsKept(plan.getReshared());
    }
    return making;
  }

  /** Who has a share of the key to be dealt anew knows what that key is. */
  private void requireAsKept(GroupKey reshared) {
    Optional<KeptKey> kept = store.get().get(Records.KEYS, reshared.getKeyId());
    if (kept.isPresent() && !kept.get().getKey().equals(reshared)) {
      throw conflict("the key " + reshared.getKeyId() + " is another here");
    }
  }

  private KeyMaking making(String keyId) {
    return store
        .get()
        .get(Records.MAKINGS, keyId)
        .orElseThrow(() -> unknown("nobody makes a key " + keyId + " here"));
  }

  private static PlannedKey planned(KeyPlan plan) {
    try {
      return PlannedKey.of(plan);
    } catch (MalformedPointException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_SHARE_INVALID, "plan.reshared: " + e.getMessage(), e);
    }
  }

  private void keep(KeyMaking making) {
    store.get().put(Records.MAKINGS, making.getPlan().getKeyId(), making);
  }

  private static OdapException conflict(String why) {
    return new OdapException(ErrorReason.ERROR_REASON_STEP_CONFLICT, why);
  }

  private static OdapException unknown(String why) {
    return new OdapException(ErrorReason.ERROR_REASON_KEY_UNKNOWN, why);
  }

  private static OdapException tooFew(String what, int needed) {
    return new OdapException(
        ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET, what + " (expected: " + needed + " or more)");
  }
}
