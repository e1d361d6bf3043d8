package org.odap.attestation.quorum;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.threshold.v1.DealKeyRequest;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.EncryptedKeyShare;
import org.odap.api.threshold.v1.GroupKey;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.StoreKeyShareRequest;
import org.odap.api.threshold.v1.StoreKeyShareResponse;
import org.odap.attestation.group.ShareLetters;
import org.odap.core.envelope.Hash;
import org.odap.quorum.Groups;
import org.odap.quorum.KeyForms;
import org.odap.quorum.Signed;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.Polynomial;

/**
 * Deals keys to another ledger's participants, and hands out those another deals to ours (IT
 * "Setup").
 */
final class Dealer {
  /** For who is only slow, once as many as are honest have taken their shares. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private static final String PURPOSE = "odap-dealt-key-v1";

  private final byte[] secret;
  private final String identity;
  private final ParticipantGroup group;
  private final Members members;
  private final KnownKeys keys;
  private final Duration limit;

  Dealer(
      byte[] secret,
      String identity,
      ParticipantGroup group,
      Members members,
      KnownKeys keys,
      Duration limit) {
    this.secret = secret.clone();
    this.identity = identity;
    this.group = group;
    this.members = members;
    this.keys = keys;
    this.limit = limit;
  }

  /** A key found again from our secret: of the hash of tx alone anyone could make it. */
  DealtKey deal(DealKeyRequest request) {
    // Another group or another key is another polynomial: of two with the same coefficients shares
    // could be put together.
    String purpose = String.join("/", PURPOSE, Signed.hash(request.getGroup()), request.getKeyId());
    Polynomial polynomial =
        Polynomial.derived(
            secret, Hash.bytes(request.getHashTx()), purpose, request.getGroup().getThreshold());
    DealtKey.Builder key =
        DealtKey.newBuilder()
            .setKeyId(request.getKeyId())
            .setPublicKey(KeyForms.text(polynomial.publicKey().bytes()))
            .addAllCommitments(KeyForms.texts(polynomial.commitments()));
    for (Participant member : request.getGroup().getParticipantsList()) {
      key.addShares(
          ShareLetters.seal(
              polynomial.share(member.getIndex()), member, identity, request.getKeyId()));
    }
    return key.build();
  }

  /** Hands each of our participants its share; who took it. */
  List<Integer> distribute(DealtKey dealt) {
    GroupKey key =
        GroupKey.newBuilder()
            .setKeyId(dealt.getKeyId())
            .setGroup(group)
            .setPublicKey(dealt.getPublicKey())
            .addAllCommitments(dealt.getCommitmentsList())
            .build();
    keys.keep(KnownKeys.checked(key).told());
    List<Integer> taken = new ArrayList<>();
    StringBuilder refusals = new StringBuilder();
    try (Poll<StoreKeyShareResponse> poll =
        new Poll<>(
            members.of(group),
            limit,
            (index, member) -> member.storeKeyShare(share(dealt, index)))) {
      Optional<Poll.Answer<StoreKeyShareResponse>> answer = poll.next();
      while (answer.isPresent()) {
        if (answer.get().given().isPresent()) {
          taken.add(answer.get().index());
          if (taken.size() == Groups.honest(group)) {
            // Who hangs must not hold up what the others can do without it.
            poll.hurry(GRACE);
          }
        } else {
          refusals.append("; ").append(answer.get().index()).append(": ");
          refusals.append(answer.get().refusal());
        }
        answer = poll.next();
      }
    }
    if (taken.size() < group.getThreshold()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET,
          "%d participants took their shares (expected: %d or more)%s"
              .formatted(taken.size(), group.getThreshold(), refusals));
    }
    return taken.stream().sorted().toList();
  }

  private StoreKeyShareRequest share(DealtKey dealt, int index) {
    List<EncryptedKeyShare> own =
        dealt.getSharesList().stream().filter(share -> share.getIndex() == index).toList();
    return StoreKeyShareRequest.newBuilder()
        .setKey(dealt.toBuilder().clearShares().addAllShares(own))
        .setGroup(group)
        .build();
  }
}
