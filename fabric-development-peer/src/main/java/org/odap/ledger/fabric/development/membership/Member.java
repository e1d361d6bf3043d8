package org.odap.ledger.fabric.development.membership;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** Somebody whose certificate a member organization of the channel issued. */
public record Member(String mspId, X509Certificate certificate) {

  /**
   * Whether this member is a node of its organization: the certificate's organizational unit says
   * so (node OUs).
   *
   * @param unit peer, orderer, client or admin
   */
  public boolean is(String unit) {
    X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    return Arrays.stream(subject.getRDNs(BCStyle.OU))
        .map(part -> IETFUtils.valueToString(part.getFirst().getValue()))
        .anyMatch(unit::equals);
  }

  /**
   * Checks a signature of this member.
   *
   * @throws AccessDeniedException when it is not theirs, not in the low-S form, or the certificate
   *     is not valid at this time
   */
  public void verify(ByteString message, ByteString signature) throws AccessDeniedException {
    byte[] der = signature.toByteArray();
    if (!LowS.holds(der)) {
      throw new AccessDeniedException("signature is not DER with a low s");
    }
    try {
      certificate.checkValidity();
      Signature verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(message.asReadOnlyByteBuffer());
      if (!verifier.verify(der)) {
        throw new AccessDeniedException("The signature is invalid");
      }
    } catch (CertificateException e) {
      throw new AccessDeniedException("certificate is not valid now", e);
    } catch (GeneralSecurityException e) {
      throw new AccessDeniedException("signature can't be checked", e);
    }
  }
}
