package org.odap.attestation.tpm;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.stream.Stream;

/**
 * A signature by a TPM (TPMT_SIGNATURE, Part 2, 11.3.4).
 *
 * @param parts one number for RSA; r and s for ECDSA
 */
public record TpmSignature(SignatureScheme scheme, List<ByteString> parts) {
  private static final int RSA_BYTES_MAX = 512;
  private static final int ECC_BYTES_MAX = 48;

  public TpmSignature {
    parts = List.copyOf(parts);
  }

  /** Reads a signature, all of it. */
  public static TpmSignature parse(ByteString encoded) throws TpmFormatException {
    TpmReader in = new TpmReader("signature", encoded);
    SignatureScheme.Algorithm algorithm = SignatureScheme.algorithm(in, "sigAlg", in.u16("sigAlg"));
    HashAlgorithm hash = in.hash("hash");
    List<ByteString> parts =
        algorithm.isRsa()
            ? List.of(in.sized("sig", RSA_BYTES_MAX))
            : List.of(in.sized("signatureR", ECC_BYTES_MAX), in.sized("signatureS", ECC_BYTES_MAX));
    in.end();
    return new TpmSignature(new SignatureScheme(algorithm, hash), parts);
  }

  /** Whether this is the key's signature over the bytes. */
  public boolean verifies(TpmPublic signer, ByteString signed) {
    PublicKey key = signer.publicKey();
    return switch (signer.key()) {
      case TpmPublic.Key.Rsa rsa ->
          scheme.algorithm().isRsa() && verifiesRsa(key, rsa.bits() / Byte.SIZE, signed);
      case TpmPublic.Key.Ecc ecc ->
          !scheme.algorithm().isRsa() && verifiesEcdsa(key, ecc.curve().size(), signed);
    };
  }

  private boolean verifiesRsa(PublicKey key, int length, ByteString signed) {
    byte[] signature = parts.getFirst().toByteArray();
    if (signature.length != length) {
      return false;
    }
    HashAlgorithm hash = scheme.hash();
    if (scheme.algorithm() == SignatureScheme.Algorithm.RSASSA) {
      return verifies(hash.shortName() + "withRSA", List.of(), key, signed, signature);
    }
    // Part 1, B.7: the longest salt that fits; that of the hash's length where FIPS 186 is kept.
    return Stream.of(hash.size(), length - hash.size() - 2)
        .anyMatch(salt ->
            verifies(
                "RSASSA-PSS",
                List.of(
                    new PSSParameterSpec(
                        hash.standardName(),
                        "MGF1",
                        new MGF1ParameterSpec(hash.standardName()),
                        salt,
                        PSSParameterSpec.TRAILER_FIELD_BC)),
                key,
                signed,
                signature));
  }

  private boolean verifiesEcdsa(PublicKey key, int size, ByteString signed) {
    byte[] signature = new byte[2 * size];
    for (int i = 0; i < parts.size(); i++) {
      byte[] part = parts.get(i).toByteArray();
      if (part.length > size) {
        return false;
      }
      // A TPM may leave out leading zeros.
      System.arraycopy(part, 0, signature, (i + 1) * size - part.length, part.length);
    }
    String algorithm = scheme.hash().shortName() + "withECDSAinP1363Format";
    return verifies(algorithm, List.of(), key, signed, signature);
  }

  private static boolean verifies(
      String algorithm,
      List<PSSParameterSpec> parameters,
      PublicKey key,
      ByteString signed,
      byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(algorithm);
      for (PSSParameterSpec parameter : parameters) {
        verifier.setParameter(parameter);
      }
      verifier.initVerify(key);
      verifier.update(signed.asReadOnlyByteBuffer());
      return verifier.verify(signature);
    } catch (SignatureException | InvalidKeyException e) {
      // Some providers throw on numbers out of range instead of answering false; a key may be too
      // short for a hash.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no provider verifies " + algorithm, e);
    }
  }
}
