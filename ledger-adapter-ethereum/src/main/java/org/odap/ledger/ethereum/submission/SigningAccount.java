package org.odap.ledger.ethereum.submission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.runtime.identity.PrivateFile;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/** The one account an adapter signs with. Its private key never leaves this class. */
public final class SigningAccount {
  private static final Pattern KEY = Pattern.compile("(0x)?[0-9a-fA-F]{64}");
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Credentials credentials;

  private SigningAccount(Credentials credentials) {
    this.credentials = credentials;
  }

  /** An account from its private key, 64 hex digits. */
  public static SigningAccount ofKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("not a private key (expected: 64 hex digits)");
    }
    return new SigningAccount(Credentials.create(key));
  }

  /** Reads a key file, which must be closed to others. */
  public static SigningAccount read(Path file) throws IOException {
    Optional<String> mistake = PrivateFile.mistake(file);
    if (mistake.isPresent()) {
      throw new IOException(file + ": " + mistake.get());
    }
    try {
      return ofKey(Files.readString(file).strip());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Writes a key where only its owner can read it. */
  public static void write(Path file, String key) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Files.writeString(file, key + "\n");
  }

  public Address address() {
    return Address.ofHex(credentials.getAddress());
  }

  /** A transaction as the chain takes it, 0x-hex. */
  String sign(RawTransaction transaction) {
    return Numeric.toHexString(TransactionEncoder.signMessage(transaction, credentials));
  }
}
