package org.odap.ledger.fabric.evidence;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/**
 * Which certificate authorities speak for which organization (MSP) of a channel. Whether a
 * certificate was revoked is not looked at.
 */
public final class TrustRoots {
  /** Organizational units by which Fabric tells what a certificate is for (NodeOUs). */
  public enum Unit {
    PEER("peer"),
    ORDERER("orderer");

    private final String name;

    Unit(String name) {
      this.name = name;
    }
  }

  private final Map<String, List<X509Certificate>> authorities;
  private final Optional<Unit> unit;

  /**
   * @param authorities certificates of each MSP's authorities; those that signed themselves are its
   *     roots
   * @param unit which a signer's certificate must name; empty where the channel's certificates name
   *     none
   */
  public TrustRoots(Map<String, List<X509Certificate>> authorities, Optional<Unit> unit) {
    this.authorities = Map.copyOf(authorities);
    this.unit = unit;
  }

  /** How many organizations are known. */
  public int organizations() {
    return authorities.size();
  }

  /**
   * The MSP that signed; empty unless it is known, its certificate was good at the time, and the
   * signature is right.
   */
  public Optional<String> signer(
      ByteString identity, byte[] message, ByteString signature, Instant at) {
    try {
      SerializedIdentity claimed = SerializedIdentity.parseFrom(identity);
      List<X509Certificate> known = authorities.getOrDefault(claimed.getMspid(), List.of());
      if (known.isEmpty()) {
        return Optional.empty();
      }
      X509Certificate certificate = certificate(claimed);
      requireIssued(certificate, known, at);
      Signature check = Signature.getInstance("SHA256withECDSA");
      check.initVerify(certificate.getPublicKey());
      check.update(message);
      return isOfUnit(certificate) && check.verify(signature.toByteArray())
          ? Optional.of(claimed.getMspid())
          : Optional.empty();
    } catch (GeneralSecurityException | InvalidProtocolBufferException | InvalidNameException e) {
      return Optional.empty();
    }
  }

  private static X509Certificate certificate(SerializedIdentity identity)
      throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(identity.getIdBytes().toByteArray()));
  }

  private static void requireIssued(
      X509Certificate certificate, List<X509Certificate> authorities, Instant at)
      throws GeneralSecurityException {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate authority : authorities) {
      if (authority.getSubjectX500Principal().equals(authority.getIssuerX500Principal())) {
        anchors.add(new TrustAnchor(authority, null));
      }
    }
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(certificate);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(authorities)));
    var _ = CertPathBuilder.getInstance("PKIX").build(parameters);
  }

  private boolean isOfUnit(X509Certificate certificate) throws InvalidNameException {
    if (unit.isEmpty()) {
      return true;
    }
    for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
      var units = part.toAttributes().get("OU");
      if (units != null && units.contains(unit.get().name)) {
        return true;
      }
    }
    return false;
  }
}
