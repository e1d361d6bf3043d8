package org.odap.ledger.fabric.chaincode;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/** Somebody who signs proposals. */
record Identity(String mspId, X509Certificate certificate) {

  byte[] creator() {
    return SerializedIdentity.newBuilder()
        .setMspid(mspId)
        .setIdBytes(ByteString.copyFrom(pem(), StandardCharsets.US_ASCII))
        .build()
        .toByteArray();
  }

  String certificateHash() {
    return Sha256.hex(der());
  }

  private String pem() {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der())
        + "\n-----END CERTIFICATE-----\n";
  }

  private byte[] der() {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
