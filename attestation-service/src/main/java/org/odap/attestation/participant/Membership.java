package org.odap.attestation.participant;

import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.quorum.Groups;
import org.odap.runtime.rpc.OdapException;

/**
 * The groups this participant's operator has named. A key is shared with these alone: whoever may
 * ask for a key to be dealt could otherwise have it dealt to itself.
 */
record Membership(String pubkey, List<ParticipantGroup> groups) {
  Membership {
    groups = List.copyOf(groups);
  }

  /** Refuses a group nobody has named here. */
  void requireKnown(ParticipantGroup group) {
    if (!groups.contains(group)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_KEY_UNKNOWN,
          "a group of %d participants of %s that is not in this participant's configuration"
              .formatted(group.getParticipantsCount(), group.getDltSystem()));
    }
  }

  /** This participant's index in a group. */
  Optional<Integer> index(ParticipantGroup group) {
    return Groups.memberOf(group, pubkey).map(member -> member.getIndex());
  }

  /** This participant's index in a group it must be of. */
  int requireIndex(ParticipantGroup group) {
    return index(group)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_KEY_UNKNOWN, "this participant is not of the group"));
  }
}
