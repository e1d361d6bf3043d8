package org.odap.core.evidence;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Who the gateways are, by their certificates (ARCH 6 "gateway ownership"). */
final class CertificateChecks {
  private CertificateChecks() {}

  static List<Check> of(List<GatewayRecord> records, Trust trusted) {
    List<Check> checks = new ArrayList<>();
    for (GatewayRecord record : records) {
      checks.add(chain(record, record.gateway(), record.chains(), trusted));
      // Messages are verified with these keys too: a log's owner may not slip in one for the peer.
      checks.add(chain(record, peer(record, records), record.peerChains(), trusted));
    }
    if (records.size() == 2) {
      checks.add(sameKeys(records.get(0), records.get(1)));
    }
    if (!trusted.namesOrganizations()) {
      checks.add(ownEntities(records.getFirst()));
    }
    return checks;
  }

  /** Identity of the other gateway by its own log, where there is one. */
  private static String peer(GatewayRecord record, List<GatewayRecord> records) {
    return records.stream()
        .filter(other -> other != record)
        .map(GatewayRecord::gateway)
        .findFirst()
        .orElseGet(record::peerGateway);
  }

  /** An entity that may name another organization's gateways can make up the other side. */
  private static Check ownEntities(GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    boolean sameOrganization =
        Trust.organization(record.gateway()).equals(Trust.organization(record.peerGateway()));
    if (!sameOrganization) {
      for (List<X509Certificate> chain : record.peerChains()) {
        if (record.chains().stream().anyMatch(own -> own.getLast().equals(chain.getLast()))) {
          findings.add(
              Finding.about(
                  record.role(),
                  record.peerGateway()
                      + " of another organization is vouched for by the entity of "
                      + record.gateway()));
        }
      }
    }
    return new Check("No entity vouches for gateways of two organizations", findings);
  }

  private static Check chain(
      GatewayRecord record, String identity, List<List<X509Certificate>> chains, Trust trusted) {
    List<Finding> findings = new ArrayList<>();
    List<X509Certificate> first = chains.isEmpty() ? List.of() : chains.getFirst();
    for (List<X509Certificate> chain : chains.isEmpty() ? List.of(first) : chains) {
      Certificates.faults(chain, identity, record.firstInstant(), record.lastInstant(), trusted)
          .forEach(fault -> findings.add(Finding.about(record.role(), identity + ": " + fault)));
      // Whoever else is trusted may not name this organization's gateways.
      if (!chain.isEmpty() && !chain.getLast().equals(first.getLast())) {
        findings.add(
            Finding.about(
                record.role(),
                identity + ": the certificate of a backup is another entity's than the first"));
      }
    }
    String anchor =
        first.isEmpty()
            ? "no entity"
            : "the entity certificate " + Certificates.fingerprint(first.getLast());
    String trust =
        trusted.isEmpty() ? " (taken from the bundle: compare it with one you know)" : "";
    String keys = chains.size() > 1 ? chains.size() + " keys of " : "key of ";
    return new Check(
        "The "
            + keys
            + identity
            + (chains.size() > 1 ? " are" : " is")
            + " vouched for by "
            + anchor
            + trust,
        findings);
  }

  private static Check sameKeys(GatewayRecord one, GatewayRecord other) {
    List<Finding> findings = new ArrayList<>();
    if (!one.peerPublicKey().equals(other.publicKey())) {
      findings.add(Finding.about(one.role(), "it knew " + other.gateway() + " by another key"));
    }
    if (!other.peerPublicKey().equals(one.publicKey())) {
      findings.add(Finding.about(other.role(), "it knew " + one.gateway() + " by another key"));
    }
    return new Check("Each gateway knew the other by the key of its certificate", findings);
  }
}
