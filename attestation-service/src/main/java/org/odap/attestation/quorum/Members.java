package org.odap.attestation.quorum;

import java.util.Map;
import java.util.TreeMap;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.attestation.group.Member;
import org.odap.runtime.rpc.OdapException;

/** The participants that can be reached, by their public keys. */
public record Members(Map<String, Member> byKey) {
  public Members {
    byKey = Map.copyOf(byKey);
  }

  /**
   * A group's participants, by index.
   *
   * @throws OdapException KEY_UNKNOWN for a group with one that is not known here
   */
  Map<Integer, Member> of(ParticipantGroup group) {
    Map<Integer, Member> members = new TreeMap<>();
    for (Participant participant : group.getParticipantsList()) {
      Member member = byKey.get(participant.getPubkey());
      if (member == null) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_KEY_UNKNOWN,
            participant.getParticipant() + " is not known to who collects");
      }
      members.put(participant.getIndex(), member);
    }
    return members;
  }
}
