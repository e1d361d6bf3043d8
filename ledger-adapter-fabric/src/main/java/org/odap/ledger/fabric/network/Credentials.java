package org.odap.ledger.fabric.network;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Identity;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.odap.runtime.identity.PrivateFile;

/** Certificate and key of the adapter on the network, as they stand in their files. */
record Credentials(Identity identity, Signer signer, X509Certificate certificate) {

  /**
   * Reads the files.
   *
   * @throws PeerException naming the file that is wrong
   */
  static Credentials read(IdentityFiles files) {
    Path certificateFile = fileOf(files.certificate());
    Path keyFile = fileOf(files.key());
    try (Reader certificateText = Files.newBufferedReader(certificateFile);
        Reader keyText = Files.newBufferedReader(keyFile)) {
      requireClosed(keyFile);
      X509Certificate certificate = Identities.readX509Certificate(certificateText);
      PrivateKey key = privateKey(keyFile, keyText);
      requirePair(files, certificate, key);
      return new Credentials(
          new X509Identity(files.mspId(), certificate),
          Signers.newPrivateKeySigner(key),
          certificate);
    } catch (IOException | GeneralSecurityException e) {
      throw new PeerException(
          "identity: " + certificateFile + ", " + keyFile + ": can't be read (expected: PEM)", e);
    }
  }

  /** What tells that the files changed. */
  static Map<Path, FileTime> stamps(List<Path> paths) {
    Map<Path, FileTime> stamps = new LinkedHashMap<>();
    for (Path path : paths) {
      try {
        Path file = fileOf(path);
        stamps.put(file, Files.getLastModifiedTime(file));
      } catch (IOException | PeerException e) {
        // Missing for a moment while it is replaced; reading it says so if it stays away.
        stamps.put(path, FileTime.fromMillis(0));
      }
    }
    return stamps;
  }

  /** Fabric's own tools put one file with a name of their making into a folder. */
  private static Path fileOf(Path path) {
    if (!Files.isDirectory(path)) {
      return path;
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> found = files.filter(Files::isRegularFile).toList();
      if (found.size() != 1) {
        throw new PeerException(path + ": " + found.size() + " files (expected: exactly one)");
      }
      return found.getFirst();
    } catch (IOException e) {
      throw new PeerException(path + ": can't be read", e);
    }
  }

  private static PrivateKey privateKey(Path file, Reader text) throws IOException {
    try {
      return Identities.readPrivateKey(text);
    } catch (InvalidKeyException e) {
      // The cause may quote the file.
      throw new PeerException(file + ": holds no private key (expected: PEM, PKCS#8)");
    }
  }

  private static void requireClosed(Path file) throws IOException {
    Optional<String> mistake = PrivateFile.mistake(file);
    if (mistake.isPresent()) {
      throw new PeerException(file + ": " + mistake.get());
    }
  }

  /** A peer would only say "access denied", to every call. */
  private static void requirePair(IdentityFiles files, X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    byte[] sample = "odap".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(sample);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(sample);
    if (!signature.verify(signed)) {
      throw new PeerException(
          "identity: " + files.key() + " is not the key of " + files.certificate());
    }
  }
}
