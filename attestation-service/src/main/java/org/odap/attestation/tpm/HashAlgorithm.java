package org.odap.attestation.tpm;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** Hash algorithms of TPMs (Part 2, 6.3 TPM_ALG_ID). */
public enum HashAlgorithm {
  SHA1(0x0004, 20, "SHA-1"),
  SHA256(0x000b, 32, "SHA-256"),
  SHA384(0x000c, 48, "SHA-384"),
  SHA512(0x000d, 64, "SHA-512");

  private final int id;
  private final int size;
  private final String standardName;

  HashAlgorithm(int id, int size, String standardName) {
    this.id = id;
    this.size = size;
    this.standardName = standardName;
  }

  /** The algorithm with this TPM_ALG_ID. */
  public static Optional<HashAlgorithm> of(int id) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.id == id).findFirst();
  }

  /** Its TPM_ALG_ID. */
  public int id() {
    return id;
  }

  /** Bytes of a digest. */
  public int size() {
    return size;
  }

  /** Java's name, such as SHA-256. */
  public String standardName() {
    return standardName;
  }

  /** Its name within those of signatures, such as SHA256. */
  String shortName() {
    return standardName.replace("-", "");
  }

  /** The digest of the parts, one after the other. */
  public ByteString digest(ByteString... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(standardName);
      for (ByteString part : parts) {
        digest.update(part.asReadOnlyByteBuffer());
      }
      return ByteString.copyFrom(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + standardName, e);
    }
  }
}
