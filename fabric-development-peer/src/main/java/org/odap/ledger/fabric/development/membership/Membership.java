package org.odap.ledger.fabric.development.membership;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/**
 * Who belongs to a channel: for each organization (MSP id) the one authority whose certificates
 * count. Intermediate authorities and revocation lists are not looked at.
 */
public final class Membership {
  // Clients of tests come and go; a certificate is quickly read again.
  private static final int KNOWN_MAX = 1000;

  private final Map<String, X509Certificate> authorities;
  private final Map<ByteString, Member> known = new ConcurrentHashMap<>();

  /**
   * @param authorities by MSP id
   */
  public Membership(Map<String, X509Certificate> authorities) {
    this.authorities = Map.copyOf(authorities);
  }

  /** The authorities by MSP id. */
  public Map<String, X509Certificate> authorities() {
    return authorities;
  }

  /** The MSP id an identity claims, if it is readable and the id one of ours. */
  public Optional<String> claimedMspId(ByteString identity) {
    try {
      return Optional.of(SerializedIdentity.parseFrom(identity).getMspid())
          .filter(authorities::containsKey);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /**
   * The member behind a serialized identity.
   *
   * @throws AccessDeniedException when its organization is unknown or did not issue it
   */
  public Member member(ByteString identity) throws AccessDeniedException {
    Member found = known.get(identity);
    if (found == null) {
      found = read(identity);
      if (known.size() >= KNOWN_MAX) {
        known.clear();
      }
      known.put(identity, found);
    }
    return found;
  }

  private Member read(ByteString identity) throws AccessDeniedException {
    try {
      SerializedIdentity claimed = SerializedIdentity.parseFrom(identity);
      X509Certificate authority = authorities.get(claimed.getMspid());
      if (authority == null) {
        throw new AccessDeniedException("MSP " + claimed.getMspid() + " is unknown");
      }
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(claimed.getIdBytes().newInput());
      if (certificate.getBasicConstraints() >= 0) {
        throw new AccessDeniedException("a CA certificate can't be used as an identity");
      }
      certificate.verify(authority.getPublicKey());
      certificate.checkValidity();
      return new Member(claimed.getMspid(), certificate);
    } catch (InvalidProtocolBufferException | GeneralSecurityException e) {
      throw new AccessDeniedException("certificate is not of its organization", e);
    }
  }
}
