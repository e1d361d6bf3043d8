package org.odap.cli.system;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TrustedOrganization;

/**
 * The certificates of one side. Only the gateway trusts the other organization.
 *
 * @param entity the organization's entity certificate
 * @param gateways the primary's first, then those of its backups: one identity, a key each
 */
record SystemPki(
    Path entity, List<TlsFiles> gateways, TlsFiles log, TlsFiles ledger, TlsFiles client) {
  static SystemPki make(Path folder, Side side, Side other, int backups) {
    Path own = folder.resolve(side.name()).resolve("pki");
    Path others = folder.resolve(other.name()).resolve("pki").resolve("entity.pem");
    DevelopmentPki pki = DevelopmentPki.create(own, side.organization());
    var trusted = List.of(new TrustedOrganization(other.organization(), others));
    return new SystemPki(
        pki.entityCertificate(),
        IntStream.rangeClosed(0, backups)
            .mapToObj(number -> pki.issue(side.gateway(), Side.gatewayName(number), trusted))
            .toList(),
        pki.issue(side.log(), "log", List.of()),
        pki.issue(side.ledger(), "ledger", List.of()),
        pki.issue(side.client(), "client", List.of()));
  }
}
