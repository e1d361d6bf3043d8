package org.odap.core.evidence;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Who the gateways are, by their certificates (ARCH 6 "gateway ownership"). */
final class CertificateChecks {
  private CertificateChecks() {}

  static List<Check> of(List<GatewayRecord> records, Collection<X509Certificate> trusted) {
    List<Check> checks = new ArrayList<>();
    for (GatewayRecord record : records) {
      checks.add(chain(record, record.gateway(), record.certificates(), trusted));
      // The other log, where there is one, brings the peer's chain itself.
      if (records.size() == 1) {
        checks.add(chain(record, record.peerGateway(), record.peerCertificates(), trusted));
      }
    }
    if (records.size() == 2) {
      checks.add(sameKeys(records.get(0), records.get(1)));
    }
    return checks;
  }

  private static Check chain(
      GatewayRecord record,
      String identity,
      List<X509Certificate> chain,
      Collection<X509Certificate> trusted) {
    List<Finding> findings =
        Certificates.faults(chain, identity, record.firstInstant(), record.lastInstant(), trusted)
            .stream()
            .map(fault -> Finding.about(record.role(), identity + ": " + fault))
            .toList();
    String anchor =
        chain.isEmpty()
            ? "no entity"
            : "the entity certificate " + Certificates.fingerprint(chain.getLast());
    String trust =
        trusted.isEmpty() ? " (taken from the bundle: compare it with one you know)" : "";
    return new Check("The key of " + identity + " is vouched for by " + anchor + trust, findings);
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
