package org.odap.attestation.tpm;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that only the TPM which holds an endorsement key can read, and only if it holds the key
 * of the given name too (Part 1, 24 "Credential Protection"; what TPM2_MakeCredential does).
 *
 * @param blob TPM2B_ID_OBJECT
 * @param encryptedSecret TPM2B_ENCRYPTED_SECRET
 */
public record Credential(ByteString blob, ByteString encryptedSecret) {
  private static final String IDENTITY = "IDENTITY";
  private static final String STORAGE = "STORAGE";
  private static final String INTEGRITY = "INTEGRITY";
  private static final int AES_BLOCK_BYTES = 16;

  /** The seed both sides derive keys from, and how it gets to the TPM. */
  private record Seed(ByteString value, ByteString encrypted) {}

  /**
   * Makes a credential.
   *
   * @throws IllegalArgumentException when the endorsement key protects nothing
   */
  public static Credential make(
      TpmPublic endorsementKey, ByteString objectName, ByteString secret, SecureRandom random) {
    TpmPublic.Symmetric symmetric =
        endorsementKey
            .symmetric()
            .orElseThrow(() -> new IllegalArgumentException("the key has no symmetric algorithm"));
    HashAlgorithm hash = endorsementKey.nameAlgorithm();
    try {
      Seed seed =
          switch (endorsementKey.key()) {
            case TpmPublic.Key.Rsa _ -> rsaSeed(endorsementKey, random);
            case TpmPublic.Key.Ecc ecc -> eccSeed(endorsementKey, ecc);
          };
      ByteString storageKey =
          kdfa(hash, seed.value(), STORAGE, objectName, symmetric.keyBits() / Byte.SIZE);
      ByteString identity = encrypted(storageKey, sized(secret));
      ByteString integrityKey = kdfa(hash, seed.value(), INTEGRITY, ByteString.EMPTY, hash.size());
      ByteString integrity = hmac(hash, integrityKey, identity, objectName);
      return new Credential(sized(sized(integrity).concat(identity)), sized(seed.encrypted()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has OAEP, ECDH, AES and HMAC", e);
    }
  }

  private static Seed rsaSeed(TpmPublic key, SecureRandom random) throws GeneralSecurityException {
    HashAlgorithm hash = key.nameAlgorithm();
    byte[] seed = new byte[hash.size()];
    random.nextBytes(seed);
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        key.publicKey(),
        new OAEPParameterSpec(
            hash.standardName(),
            "MGF1",
            new MGF1ParameterSpec(hash.standardName()),
            new PSource.PSpecified(terminated(IDENTITY).toByteArray())));
    return new Seed(ByteString.copyFrom(seed), ByteString.copyFrom(cipher.doFinal(seed)));
  }

  private static Seed eccSeed(TpmPublic key, TpmPublic.Key.Ecc point)
      throws GeneralSecurityException {
    EccCurve curve = point.curve();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(curve.parameters());
    KeyPair ephemeral = generator.generateKeyPair();
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(ephemeral.getPrivate());
    agreement.doPhase(key.publicKey(), true);
    ByteString shared = ByteString.copyFrom(agreement.generateSecret());
    var made = ((ECPublicKey) ephemeral.getPublic()).getW();
    ByteString x = padded(made.getAffineX(), curve.size());
    ByteString y = padded(made.getAffineY(), curve.size());
    // KDFe (Part 1, 11.4.10.3); one round, as the seed is as long as the hash.
    ByteString seed =
        key.nameAlgorithm()
            .digest(int32(1), shared, terminated(IDENTITY), x, padded(point.x(), curve.size()));
    return new Seed(seed, sized(x).concat(sized(y)));
  }

  /** KDFa (Part 1, 11.4.10.2): HMAC in counter mode; one round, as no key is longer than a hash. */
  private static ByteString kdfa(
      HashAlgorithm hash, ByteString key, String label, ByteString context, int bytes)
      throws GeneralSecurityException {
    return hmac(hash, key, int32(1), terminated(label), context, int32(bytes * Byte.SIZE))
        .substring(0, bytes);
  }

  private static ByteString hmac(HashAlgorithm hash, ByteString key, ByteString... parts)
      throws GeneralSecurityException {
    String algorithm = "Hmac" + hash.shortName();
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key.toByteArray(), algorithm));
    for (ByteString part : parts) {
      mac.update(part.asReadOnlyByteBuffer());
    }
    return ByteString.copyFrom(mac.doFinal());
  }

  /** The key is used once, so the vector may be zeros, as Part 1 wants it. */
  private static ByteString encrypted(ByteString key, ByteString clear)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CFB/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key.toByteArray(), "AES"),
        new IvParameterSpec(new byte[AES_BLOCK_BYTES]));
    return ByteString.copyFrom(cipher.doFinal(clear.toByteArray()));
  }

  private static ByteString sized(ByteString bytes) {
    byte[] size = {(byte) (bytes.size() >> Byte.SIZE), (byte) bytes.size()};
    return ByteString.copyFrom(size).concat(bytes);
  }

  private static ByteString terminated(String label) {
    return ByteString.copyFrom(label + "\0", StandardCharsets.US_ASCII);
  }

  private static ByteString int32(int number) {
    return ByteString.copyFrom(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
  }

  private static ByteString padded(BigInteger number, int size) {
    byte[] minimal = number.toByteArray();
    byte[] padded = new byte[size];
    int length = Math.min(minimal.length, size);
    System.arraycopy(minimal, minimal.length - length, padded, size - length, length);
    return ByteString.copyFrom(padded);
  }
}
