package org.odap.cli.system;

import java.nio.file.Path;
import java.util.List;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsFiles;

/**
 * What a member of a ledger has of its own.
 *
 * @param identity what its certificate names
 * @param tls its certificate
 * @param signingKey file of the key it signs with
 * @param encryptionKey file of the key its shares are encrypted to
 */
record MemberKeys(Identity identity, TlsFiles tls, Path signingKey, Path encryptionKey) {
  static MemberKeys issue(DevelopmentPki pki, Identity identity, String name) {
    return new MemberKeys(
        identity,
        pki.issue(identity, name, List.of()),
        pki.issue(identity, name + "-signing", List.of()).key(),
        pki.issue(identity, name + "-encryption", List.of()).key());
  }

  String signingPublicKey() {
    return SigningKey.read(signingKey).publicKey();
  }

  String encryptionPublicKey() {
    return SigningKey.read(encryptionKey).publicKey();
  }
}
