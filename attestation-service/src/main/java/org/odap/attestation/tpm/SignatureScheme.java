package org.odap.attestation.tpm;

import java.util.Arrays;
import java.util.Optional;

/** How a key signs: algorithm and hash (TPMT_SIG_SCHEME, Part 2, 11.2.1.5). */
public record SignatureScheme(Algorithm algorithm, HashAlgorithm hash) {
  private static final int NULL = 0x0010;

  /** The algorithms we take. */
  public enum Algorithm {
    RSASSA(0x0014),
    RSAPSS(0x0016),
    ECDSA(0x0018);

    private final int id;

    Algorithm(int id) {
      this.id = id;
    }

    /** Whether it is one for RSA keys. */
    public boolean isRsa() {
      return this != ECDSA;
    }
  }

  /** Reads the scheme a key is bound to, or that it is bound to none. */
  static Optional<SignatureScheme> read(TpmReader in, String field) throws TpmFormatException {
    int id = in.u16(field);
    if (id == NULL) {
      return Optional.empty();
    }
    return Optional.of(new SignatureScheme(algorithm(in, field, id), in.hash(field + ".hashAlg")));
  }

  static Algorithm algorithm(TpmReader in, String field, int id) throws TpmFormatException {
    return Arrays.stream(Algorithm.values())
        .filter(algorithm -> algorithm.id == id)
        .findFirst()
        .orElseThrow(() -> in.value(field, "0x%04x".formatted(id), "RSASSA, RSAPSS or ECDSA"));
  }
}
