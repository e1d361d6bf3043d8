package org.odap.quorum;

import java.util.List;
import java.util.Optional;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;

/** A group of participants who sign together; a participant's place in the list is its index. */
public record GroupConfig(
    @Description("ledger they are members of, as it is called between gateways") String dltSystem,
    @Description("how many of them may be faulty") @Bounds(min = "0", max = "511") int faultyMax,
    @Description(
            "partial signatures needed; without it the greater of faulty-max + 1 and a third of"
                + " all, and so another when their number changes")
        Optional<Integer> threshold,
    @Description("the participants, in the order of their indexes") @Bounds(min = "1", max = "1024")
        List<MemberConfig> participants)
    implements Checked {

  public GroupConfig {
    participants = List.copyOf(participants);
  }

  @Override
  public List<String> mistakes() {
    return Groups.mistake(group()).stream().toList();
  }

  /** The group as messages carry it. */
  public ParticipantGroup group() {
    ParticipantGroup.Builder group =
        ParticipantGroup.newBuilder()
            .setDltSystem(dltSystem)
            .setFaultyMax(faultyMax)
            .setThreshold(
                threshold.orElseGet(
                    () -> Groups.standardThreshold(participants.size(), faultyMax)));
    for (MemberConfig member : participants) {
      group.addParticipants(
          Participant.newBuilder()
              .setIndex(group.getParticipantsCount() + 1)
              .setParticipant(member.identity())
              .setPubkey(member.pubkey())
              .setEncryptionKey(member.encryptionKey()));
    }
    return group.build();
  }
}
