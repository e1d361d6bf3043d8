package org.odap.attestation.quorum;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.MemberConfig;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.encryption.KeyConfig;

/** Who collects a ledger's participants' signatures. */
public record QuorumConfig(
    @Description("the ledger's participants, each with its address") GroupConfig group,
    @Description("another group the key is dealt anew to, or was before: each with its address")
        List<GroupConfig> otherGroups,
    @Description("folder of the groups' public keys; one process uses it at a time")
        Path dataDirectory,
    @Description("secret that keys for other ledgers' participants are derived from: 32 bytes")
        KeyConfig dealingSecret,
    @Description("time the participants have to sign")
        @Default("5s")
        @Bounds(min = "50ms", max = "5m")
        Duration signingTimeout,
    @Description("time each participant has for a round of making a key")
        @Default("30s")
        @Bounds(min = "50ms", max = "10m")
        Duration roundTimeout)
    implements Checked {

  public QuorumConfig {
    otherGroups = List.copyOf(otherGroups);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    members().stream()
        .filter(member -> member.address().isEmpty())
        .forEach(member -> mistakes.add("address: missing for " + member.identity()));
    return mistakes;
  }

  /** All participants there are, those of several groups several times. */
  public List<MemberConfig> members() {
    List<MemberConfig> members = new ArrayList<>(group.participants());
    otherGroups.forEach(other -> members.addAll(other.participants()));
    return members;
  }
}
