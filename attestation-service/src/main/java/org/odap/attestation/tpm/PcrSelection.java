package org.odap.attestation.tpm;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Which PCRs of which banks (TPML_PCR_SELECTION, Part 2, 10.9.7).
 *
 * @param banks in the order of the structure
 */
public record PcrSelection(List<Bank> banks) {
  /** PCRs are numbered 0 to 23 on a PC. */
  public static final int PCR_COUNT = 24;

  private static final int BANKS_MAX = 16;
  private static final int SELECT_BYTES_MAX = 4;

  /** PCRs of one bank, ascending. */
  public record Bank(HashAlgorithm algorithm, List<Integer> pcrs) {
    public Bank {
      pcrs = List.copyOf(new TreeSet<>(pcrs));
    }
  }

  public PcrSelection {
    banks = List.copyOf(banks);
  }

  static PcrSelection read(TpmReader in, String field) throws TpmFormatException {
    long count = in.u32(field + ".count");
    if (count > BANKS_MAX) {
      throw in.value(field + ".count", count, "at most " + BANKS_MAX);
    }
    List<Bank> banks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String bank = field + "[" + i + "]";
      banks.add(new Bank(in.hash(bank + ".hash"), bits(in, bank)));
    }
    return new PcrSelection(banks);
  }

  private static List<Integer> bits(TpmReader in, String field) throws TpmFormatException {
    int length = in.u8(field + ".sizeofSelect");
    if (length > SELECT_BYTES_MAX) {
      throw in.value(field + ".sizeofSelect", length, "at most " + SELECT_BYTES_MAX);
    }
    List<Integer> pcrs = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      int octet = in.u8(field + ".pcrSelect");
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        if ((octet >> bit & 1) == 1) {
          pcrs.add(i * Byte.SIZE + bit);
        }
      }
    }
    return pcrs;
  }
}
