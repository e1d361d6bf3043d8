package org.odap.cli.system;

import java.nio.file.Path;
import java.util.List;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TrustedOrganization;

/**
 * The certificates of one side. Only the gateway trusts the other organization.
 *
 * @param entity the organization's entity certificate
 */
record SystemPki(Path entity, TlsFiles gateway, TlsFiles log, TlsFiles ledger, TlsFiles client) {
  static SystemPki make(Path folder, Side side, Side other) {
    Path own = folder.resolve(side.name()).resolve("pki");
    Path others = folder.resolve(other.name()).resolve("pki").resolve("entity.pem");
    DevelopmentPki pki = DevelopmentPki.create(own, side.organization());
    var trusted = List.of(new TrustedOrganization(other.organization(), others));
    return new SystemPki(
        pki.entityCertificate(),
        pki.issue(side.gateway(), "gateway", trusted),
        pki.issue(side.log(), "log", List.of()),
        pki.issue(side.ledger(), "ledger", List.of()),
        pki.issue(side.client(), "client", List.of()));
  }
}
