package org.odap.ledger.fabric.chaincode;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.hyperledger.fabric.contract.ClientIdentity;

/**
 * Who signed the transaction's proposal: the peer has checked that an organization of the channel
 * certified it. What its certificate says, that organization's CA said, and it counts for that
 * organization's own matters only.
 */
final class Caller {
  private static final String ENROLLMENT_ID = "hf.EnrollmentID";
  private static final String ADMINISTRATOR_UNIT = "admin";

  private final ClientIdentity identity;
  private final X509Certificate certificate;
  private final String mspId;

  Caller(ClientIdentity identity) {
    this.identity = identity;
    this.certificate = identity.getX509Certificate();
    this.mspId = Arguments.mspId(identity.getMSPID());
  }

  String mspId() {
    return mspId;
  }

  /**
   * The caller's account. It names the person or service, not the key, so that it stays theirs when
   * their certificate is renewed.
   */
  String account() {
    String enrolled = identity.getAttributeValue(ENROLLMENT_ID);
    return Arguments.account(mspId + "/" + (enrolled == null ? onlyCommonName() : enrolled));
  }

  /** Roles that the certificate itself gives. */
  Set<Role> certifiedRoles() {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (Role role : Role.values()) {
      if (identity.assertAttributeValue(role.attribute(), "true")) {
        roles.add(role);
      }
    }
    // How an MSP with node units tells its administrators, so that there is a first one where the
    // CA writes no attributes.
    if (subjectValues("OU").contains(ADMINISTRATOR_UNIT)) {
      roles.add(Role.ADMIN);
    }
    return roles;
  }

  /** SHA-256 of the certificate's DER form, lower-case hex. */
  String certificateHash() {
    try {
      return Sha256.hex(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("A certificate that was read can't be written", e);
    }
  }

  private String onlyCommonName() {
    List<String> names = subjectValues("CN");
    if (names.size() != 1) {
      throw Refusals.refused(
          Reason.ACCOUNT_INVALID,
          "the certificate has value: "
              + names.size()
              + " common names (expected: the attribute hf.EnrollmentID, or one common name)");
    }
    return names.getFirst();
  }

  private List<String> subjectValues(String type) {
    List<String> values = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        Attribute attribute = rdn.toAttributes().get(type);
        if (attribute != null) {
          NamingEnumeration<?> all = attribute.getAll();
          while (all.hasMore()) {
            // A value of an unusual type comes as bytes; nobody can be named by one.
            if (all.next() instanceof String value) {
              values.add(value);
            }
          }
        }
      }
    } catch (InvalidNameException e) {
      throw Refusals.refused(Reason.ACCOUNT_INVALID, "the certificate's subject can't be read");
    } catch (NamingException e) {
      throw new IllegalStateException("A name in memory can't be read", e);
    }
    return values;
  }
}
