package org.odap.cli.system;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TrustedOrganization;

/**
 * The certificates of one side. Only the gateway trusts the other organization.
 *
 * @param entity the organization's entity certificate
 * @param gateways the primary's first, then those of its backups: one identity, a key each
 * @param members those of the ledger's members, where these vouch for it
 */
record SystemPki(
    Path entity,
    List<TlsFiles> gateways,
    TlsFiles log,
    TlsFiles ledger,
    TlsFiles client,
    TlsFiles attestation,
    Optional<MembersPki> members) {
  static SystemPki make(Path folder, Side side, Side other, int backups) {
    return make(folder, side, other, backups, Optional.empty());
  }

  static SystemPki make(
      Path folder, Side side, Side other, int backups, Optional<MembersPlan> members) {
    Path others = folder.resolve(other.name()).resolve("pki").resolve("entity.pem");
    return make(
        folder,
        side,
        List.of(new TrustedOrganization(other.organization(), others)),
        backups,
        members);
  }

  /** Those of a side that has nobody to do with. */
  static SystemPki alone(Path folder, Side side) {
    return make(folder, side, List.of(), 0, Optional.empty());
  }

  private static SystemPki make(
      Path folder,
      Side side,
      List<TrustedOrganization> trusted,
      int backups,
      Optional<MembersPlan> members) {
    Path own = folder.resolve(side.name()).resolve("pki");
    DevelopmentPki pki = DevelopmentPki.create(own, side.organization());
    return new SystemPki(
        pki.entityCertificate(),
        IntStream.rangeClosed(0, backups)
            .mapToObj(number -> pki.issue(side.gateway(), Side.gatewayName(number), trusted))
            .toList(),
        pki.issue(side.log(), "log", List.of()),
        pki.issue(side.ledger(), "ledger", List.of()),
        pki.issue(side.client(), "client", List.of()),
        pki.issue(side.attestation(), "attestation", List.of()),
        members.map(plan -> MembersPki.issue(pki, side, plan)));
  }
}
