package org.odap.quorum;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.core.envelope.PublicKeys;

/**
 * What a group must be (IT-6): of n participants of whom f may be faulty, k must sign.
 *
 * <p>f + 1 &lt;= k, so that the faulty alone sign nothing; k &lt;= n - f, so that they can't keep
 * the others from it. Both together want n &gt; 2f.
 */
public final class Groups {
  /** Most participants of a group. */
  public static final int MEMBERS_MAX = 1_024;

  private static final int NAME_MAX = 128;
  private static final int IDENTITY_MAX = 256;

  private Groups() {}

  /**
   * How many must sign where nobody says otherwise: the paper's floor((n - 3) / 3) + 1, and always
   * more than may be faulty. It changes as n and f do.
   */
  public static int standardThreshold(int participants, int faultyMax) {
    return Math.max(faultyMax + 1, Math.floorDiv(participants - 3, 3) + 1);
  }

  /** What is wrong with a group, if anything is. */
  public static Optional<String> mistake(ParticipantGroup group) {
    int all = group.getParticipantsCount();
    // The schema's numbers have no sign; Java's do.
    long faulty = Integer.toUnsignedLong(group.getFaultyMax());
    long threshold = Integer.toUnsignedLong(group.getThreshold());
    if (group.getDltSystem().isEmpty() || group.getDltSystem().length() > NAME_MAX) {
      return Optional.of("dlt-system: expected: 1 to " + NAME_MAX + " characters");
    }
    if (all < 1 || all > MEMBERS_MAX) {
      return Optional.of("participants: " + all + " (expected: 1 to " + MEMBERS_MAX + ")");
    }
    if (threshold < faulty + 1 || threshold > all - faulty) {
      return Optional.of(
          "threshold: value: %d (expected: %d to %d, with %d participants of whom %d may be faulty)"
              .formatted(threshold, faulty + 1, all - faulty, all, faulty));
    }
    return memberMistake(group);
  }

  private static Optional<String> memberMistake(ParticipantGroup group) {
    Set<String> keys = new HashSet<>();
    Set<String> identities = new HashSet<>();
    for (int i = 0; i < group.getParticipantsCount(); i++) {
      Participant member = group.getParticipants(i);
      String place = "participants[" + i + "]";
      if (member.getIndex() != i + 1) {
        return Optional.of(place + ": index " + member.getIndex() + " (expected: " + (i + 1) + ")");
      }
      if (member.getParticipant().isEmpty() || member.getParticipant().length() > IDENTITY_MAX) {
        return Optional.of(place + ": no identity");
      }
      if (PublicKeys.parse(member.getPubkey()).isEmpty()
          || PublicKeys.parse(member.getEncryptionKey()).isEmpty()) {
        return Optional.of(place + ": a key is none (expected: base64url SPKI DER, P-256)");
      }
      // One member in two places would have two votes.
      if (!keys.add(member.getPubkey()) || !identities.add(member.getParticipant())) {
        return Optional.of(place + ": stands in the group twice");
      }
    }
    return Optional.empty();
  }

  /** The participant of an index. */
  public static Optional<Participant> member(ParticipantGroup group, int index) {
    return index >= 1 && index <= group.getParticipantsCount()
        ? Optional.of(group.getParticipants(index - 1))
        : Optional.empty();
  }

  /** The participant with a public key for signatures. */
  public static Optional<Participant> memberOf(ParticipantGroup group, String pubkey) {
    return group.getParticipantsList().stream()
        .filter(member -> member.getPubkey().equals(pubkey))
        .findFirst();
  }

  /** How many are left when the faulty are not counted. */
  public static int honest(ParticipantGroup group) {
    return group.getParticipantsCount() - group.getFaultyMax();
  }

  /**
   * How many must confirm one record, so that no two records can both have so many: two sets of
   * this size share one who is not faulty, and that one confirms once. With n &gt; 3f all but the
   * faulty are enough.
   */
  public static int confirmationsNeeded(ParticipantGroup group) {
    int agreeing = (group.getParticipantsCount() + group.getFaultyMax()) / 2 + 1;
    return Math.min(group.getParticipantsCount(), Math.max(honest(group), agreeing));
  }
}
