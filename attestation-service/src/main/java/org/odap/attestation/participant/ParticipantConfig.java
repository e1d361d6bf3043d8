package org.odap.attestation.participant;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.odap.quorum.GroupConfig;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.encryption.EncryptionConfig;
import org.odap.runtime.rpc.RpcTarget;

/** A ledger member's signer. */
public record ParticipantConfig(
    @Description("adapter of this member's own ledger node; it is asked for steps (GetStep) only")
        RpcTarget ledger,
    @Description("P-256 key it signs with as itself, PEM (PKCS#8)") Path signingKey,
    @Description("P-256 key its shares are encrypted to, PEM (PKCS#8)") Path encryptionKey,
    @Description("folder of its shares and of what it signed; one process uses it at a time")
        Path dataDirectory,
    @Description("encryption of what is in that folder") EncryptionConfig encryption,
    @Description(
            "groups of its own ledger it takes shares in and deals keys to: as a rule one, for a"
                + " change of members the old and the new one")
        @Bounds(min = "1")
        List<GroupConfig> groups,
    @Description("groups of other ledgers, whose signatures it takes")
        List<CounterpartyConfig> counterparties,
    @Description(
            "whether it signs log-incoming (unlock) only in answer to the other ledger's signed"
                + " lock; false where the other ledger has no participants")
        @Default("true")
        boolean answersOnly)
    implements Checked {

  public ParticipantConfig {
    groups = List.copyOf(groups);
    counterparties = List.copyOf(counterparties);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    String own = groups.getFirst().dltSystem();
    if (groups.stream().anyMatch(group -> !group.dltSystem().equals(own))) {
      mistakes.add("groups: of several ledgers (expected: of its own, " + own + ")");
    }
    if (answersOnly && counterparties.isEmpty()) {
      mistakes.add("counterparties: missing (expected: some, or answers-only: false)");
    }
    return mistakes;
  }

  /** The ledger it is a member of, as it is called between gateways. */
  public String dltSystem() {
    return groups.getFirst().dltSystem();
  }
}
