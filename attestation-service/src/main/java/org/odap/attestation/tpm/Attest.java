package org.odap.attestation.tpm;

import com.google.protobuf.ByteString;

/**
 * What a TPM says when it quotes its PCRs (TPMS_ATTEST with a TPMS_QUOTE_INFO, Part 2, 10.12.12).
 *
 * @param encoded as the TPM signed it
 * @param qualifiedSigner name of the signing key and of the keys above it
 * @param extraData what the caller wanted to be signed along
 * @param firmwareVersion the vendor's number, unsigned
 * @param pcrDigest hash of the selected PCRs' values
 */
public record Attest(
    ByteString encoded,
    ByteString qualifiedSigner,
    ByteString extraData,
    ClockInfo clock,
    long firmwareVersion,
    PcrSelection pcrs,
    ByteString pcrDigest) {
  /** TPM_GENERATED_VALUE: no restricted key signs outside data that begin so. */
  private static final long MAGIC = 0xff544347L;

  private static final int TYPE_QUOTE = 0x8018;
  private static final int NAME_MAX = 2 + 64;
  private static final int EXTRA_DATA_MAX = 2 + 64;
  private static final int DIGEST_MAX = 64;

  /**
   * The TPM's own account of time (TPMS_CLOCK_INFO, Part 2, 10.11.1).
   *
   * @param clock milliseconds the TPM has had power, over all its life
   * @param resetCount how often it was reset
   * @param restartCount how often it was restarted or resumed since
   * @param safe whether no higher clock can have been told before
   */
  public record ClockInfo(long clock, long resetCount, long restartCount, boolean safe) {}

  /** Reads a quote's structure, all of it. */
  public static Attest parse(ByteString encoded) throws TpmFormatException {
    TpmReader in = new TpmReader("attest", encoded);
    long magic = in.u32("magic");
    if (magic != MAGIC) {
      throw in.value("magic", "0x%08x".formatted(magic), "0x%08x".formatted(MAGIC));
    }
    int type = in.u16("type");
    if (type != TYPE_QUOTE) {
      throw in.value("type", "0x%04x".formatted(type), "0x%04x, a quote".formatted(TYPE_QUOTE));
    }
    Attest attest =
        new Attest(
            encoded,
            in.sized("qualifiedSigner", NAME_MAX),
            in.sized("extraData", EXTRA_DATA_MAX),
            clock(in),
            in.u64("firmwareVersion"),
            PcrSelection.read(in, "pcrSelect"),
            in.sized("pcrDigest", DIGEST_MAX));
    in.end();
    return attest;
  }

  private static ClockInfo clock(TpmReader in) throws TpmFormatException {
    long clock = in.u64("clockInfo.clock");
    long resets = in.u32("clockInfo.resetCount");
    long restarts = in.u32("clockInfo.restartCount");
    int safe = in.u8("clockInfo.safe");
    if (safe > 1) {
      throw in.value("clockInfo.safe", safe, "0 or 1");
    }
    return new ClockInfo(clock, resets, restarts, safe == 1);
  }
}
