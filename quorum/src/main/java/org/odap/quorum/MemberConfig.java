package org.odap.quorum;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.core.envelope.PublicKeys;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.Identity;

/** A participant of a group, as everyone knows it. */
public record MemberConfig(
    @Description("identity its certificate names, such as odapparticipant://alpha.example/bank-1")
        String identity,
    @Description("its public key for signatures: base64url SPKI DER, P-256") String pubkey,
    @Description("its public key for encryption: base64url SPKI DER, P-256") String encryptionKey,
    @Description("host:port of its signer; needed by who collects alone") Optional<String> address)
    implements Checked {

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    try {
      Identity _ = new Identity(identity);
    } catch (IllegalArgumentException e) {
      mistakes.add("identity: " + e.getMessage());
    }
    requireKey("pubkey", pubkey, mistakes);
    requireKey("encryption-key", encryptionKey, mistakes);
    return mistakes;
  }

  private static void requireKey(String field, String key, List<String> mistakes) {
    if (PublicKeys.parse(key).isEmpty()) {
      mistakes.add(field + ": not a key (expected: base64url of the SPKI DER of a P-256 key)");
    }
  }
}
