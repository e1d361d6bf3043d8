package org.odap.attestation.participant;

import com.google.protobuf.ByteString;
import java.security.PrivateKey;
import java.util.Optional;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.storage.v1.KeptKey;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.GroupKey;
import org.odap.api.threshold.v1.StoreKeyShareRequest;
import org.odap.attestation.group.ShareLetters;
import org.odap.attestation.store.RecordStore;
import org.odap.quorum.KeyForms;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.Commitments;
import org.odap.threshold.KeyShare;
import org.odap.threshold.MalformedPointException;

/** Takes shares of keys that another ledger's gateway dealt (IT "Setup"). */
final class DealtKeys {
  private final Membership membership;
  private final PrivateKey encryptionKey;
  private final Supplier<RecordStore> store;

  DealtKeys(Membership membership, PrivateKey encryptionKey, Supplier<RecordStore> store) {
    this.membership = membership;
    this.encryptionKey = encryptionKey;
    this.store = store;
  }

  /** Keeps this participant's share, on disk when this returns. */
  void keep(StoreKeyShareRequest request) {
    membership.requireKnown(request.getGroup());
    int index = membership.requireIndex(request.getGroup());
    DealtKey dealt = request.getKey();
    GroupKey key =
        GroupKey.newBuilder()
            .setKeyId(dealt.getKeyId())
            .setGroup(request.getGroup())
            .setPublicKey(dealt.getPublicKey())
            .addAllCommitments(dealt.getCommitmentsList())
            .build();
    if (isKept(key)) {
      return;
    }
    KeyShare share = share(dealt, key, index);
    store
        .get()
        .put(
            Records.KEYS,
            dealt.getKeyId(),
            KeptKey.newBuilder().setKey(key).setShare(ByteString.copyFrom(share.bytes())).build());
  }

  private boolean isKept(GroupKey key) {
    Optional<KeptKey> kept = store.get().get(Records.KEYS, key.getKeyId());
    boolean isOther = kept.isPresent() && !kept.get().getKey().equals(key);
    if (isOther || store.get().get(Records.MAKINGS, key.getKeyId()).isPresent()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_STEP_CONFLICT, "another key has the id " + key.getKeyId());
    }
    return kept.isPresent();
  }

  private KeyShare share(DealtKey dealt, GroupKey key, int index) {
    try {
      Commitments commitments =
          KeyForms.commitments(key.getCommitmentsList(), key.getGroup().getThreshold());
      if (!commitments.areOf(KeyForms.publicKey(key.getPublicKey()))) {
        throw invalid("commitments: another key's than public_key");
      }
      return dealt.getSharesList().stream()
          .filter(letter -> letter.getIndex() == index)
          .findFirst()
          .flatMap(letter -> ShareLetters.open(letter, encryptionKey, dealt.getKeyId(), index))
          .filter(commitments::include)
          .orElseThrow(() -> invalid("shares: none for participant " + index + " that fits"));
    } catch (MalformedPointException e) {
      throw invalid("public_key or commitments: " + e.getMessage());
    }
  }

  private static OdapException invalid(String why) {
    return new OdapException(ErrorReason.ERROR_REASON_SHARE_INVALID, why);
  }
}
