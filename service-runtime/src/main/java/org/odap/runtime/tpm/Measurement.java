package org.odap.runtime.tpm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that was started, and is measured before: its SHA-256 goes into a PCR.
 *
 * @param what its bytes, as text
 */
public record Measurement(int pcr, String what) {
  /** Header, parameter size, the empty answer of the password session. */
  static final int ANSWER_BYTES = 10 + 4 + 5;

  private static final int COMMAND_BYTES = 65;
  private static final short SESSIONS = (short) 0x8002;
  private static final int PCR_EXTEND = 0x0182;
  private static final int PASSWORD = 0x40000009;
  private static final short SHA256 = 0x000b;
  private static final int SHA256_BYTES = 32;
  private static final int SHA1_BYTES = 20;
  private static final int EV_NO_ACTION = 3;
  private static final int EV_IPL = 13;
  private static final byte[] SPEC_ID = "Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII);

  /** SHA-256 of what is measured, lower-case hex: its entry in a policy. */
  public String digest() {
    return HexFormat.of().formatHex(hash());
  }

  /** What the PCRs hold once all this was measured, lower-case hex: their values in a policy. */
  public static Map<Integer, String> values(List<Measurement> measurements) {
    Map<Integer, byte[]> pcrs = new TreeMap<>();
    for (Measurement one : measurements) {
      MessageDigest digest = sha256();
      digest.update(pcrs.getOrDefault(one.pcr(), new byte[SHA256_BYTES]));
      pcrs.put(one.pcr(), digest.digest(one.hash()));
    }
    Map<Integer, String> values = new TreeMap<>();
    pcrs.forEach((pcr, value) -> values.put(pcr, HexFormat.of().formatHex(value)));
    return values;
  }

  private byte[] hash() {
    return sha256().digest(bytes());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private byte[] bytes() {
    return what.getBytes(StandardCharsets.UTF_8);
  }

  /** TPM2_PCR_Extend with an empty password (Part 3, 22.2). */
  byte[] command() {
    return ByteBuffer.allocate(COMMAND_BYTES)
        .putShort(SESSIONS)
        .putInt(COMMAND_BYTES)
        .putInt(PCR_EXTEND)
        .putInt(pcr)
        .putInt(9)
        .putInt(PASSWORD)
        .putShort((short) 0)
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(1)
        .putShort(SHA256)
        .put(hash())
        .array();
  }

  /** The log of these measurements as firmware writes one (TCG PC Client, crypto-agile format). */
  static byte[] eventLog(List<Measurement> measurements) {
    int events =
        measurements.stream().mapToInt(one -> 18 + SHA256_BYTES + one.bytes().length).sum();
    int headerData = SPEC_ID.length + 8 + 4 + 4 + 1;
    ByteBuffer log =
        ByteBuffer.allocate(8 + SHA1_BYTES + 4 + headerData + events)
            .order(ByteOrder.LITTLE_ENDIAN);
    log.putInt(0).putInt(EV_NO_ACTION).put(new byte[SHA1_BYTES]).putInt(headerData).put(SPEC_ID);
    // Platform class; version 2.0, errata 0, 8-byte integers.
    log.putInt(0).put((byte) 0).put((byte) 2).put((byte) 0).put((byte) 2);
    log.putInt(1).putShort(SHA256).putShort((short) SHA256_BYTES).put((byte) 0);
    for (Measurement one : measurements) {
      byte[] data = one.bytes();
      log.putInt(one.pcr()).putInt(EV_IPL).putInt(1).putShort(SHA256).put(one.hash());
      log.putInt(data.length).put(data);
    }
    return log.array();
  }
}
