package org.odap.attestation.participant;

import java.util.List;
import org.odap.quorum.GroupConfig;
import org.odap.runtime.config.Description;

/** Another ledger's participants. */
public record CounterpartyConfig(
    @Description("who they are") GroupConfig group,
    @Description(
            "public keys they sign together with, base64url; empty where they get a key for each"
                + " transfer: then their own signatures tell")
        List<String> publicKeys) {

  public CounterpartyConfig {
    publicKeys = List.copyOf(publicKeys);
  }
}
