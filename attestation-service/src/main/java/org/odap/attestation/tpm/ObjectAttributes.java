package org.odap.attestation.tpm;

/** What a TPM's object may be used for, and how it came to be (TPMA_OBJECT, Part 2, 8.3). */
public record ObjectAttributes(int bits) {
  private static final int RESERVED = ~0x000f0cf6;

  static ObjectAttributes read(TpmReader in, String field) throws TpmFormatException {
    int bits = (int) in.u32(field);
    if ((bits & RESERVED) != 0) {
      throw in.value(field, "0x%08x".formatted(bits), "no reserved bit");
    }
    return new ObjectAttributes(bits);
  }

  /** It can't leave this TPM by itself. */
  public boolean fixedTpm() {
    return has(1);
  }

  /** It can't be moved under another parent. */
  public boolean fixedParent() {
    return has(4);
  }

  /** The TPM itself made the private part. */
  public boolean sensitiveDataOrigin() {
    return has(5);
  }

  /** Its authorization value is enough to use it. */
  public boolean userWithAuth() {
    return has(6);
  }

  /** It signs, or decrypts, only what the TPM itself has made. */
  public boolean restricted() {
    return has(16);
  }

  /** It decrypts. */
  public boolean decrypt() {
    return has(17);
  }

  /** It signs. */
  public boolean sign() {
    return has(18);
  }

  private boolean has(int bit) {
    return (bits >> bit & 1) == 1;
  }
}
