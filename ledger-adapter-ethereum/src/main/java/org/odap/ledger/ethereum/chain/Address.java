package org.odap.ledger.ethereum.chain;

import java.util.Optional;
import java.util.regex.Pattern;
import org.web3j.crypto.Keys;

/**
 * An account or contract, spelled as wallets show it (ERC-55): the mixed case is a checksum, so a
 * mistyped beneficiary is refused instead of served.
 */
public record Address(String text) {
  private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{40}");
  public static final Address ZERO = new Address("0x" + "0".repeat(40));

  public Address {
    if (!isCanonical(text)) {
      throw new IllegalArgumentException("value: " + text + " (expected: an ERC-55 address)");
    }
  }

  /** The address, if spelled with its checksum. */
  public static Optional<Address> parse(String text) {
    return isCanonical(text) ? Optional.of(new Address(text)) : Optional.empty();
  }

  /** The address a node or a contract printed, in whatever case. */
  public static Address ofHex(String hex) {
    return new Address(Keys.toChecksumAddress(hex));
  }

  /** The same 20 bytes, in whatever case they are spelled. */
  public boolean matches(String hex) {
    return text.equalsIgnoreCase(hex);
  }

  private static boolean isCanonical(String text) {
    return HEX.matcher(text).matches() && Keys.toChecksumAddress(text).equals(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
