package org.odap.runtime.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys in PEM files; a file that holds something else is named in the exception.
 */
public final class Pem {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  // RFC 7468.
  private static final int LINE_LENGTH = 64;

  private Pem() {}

  /** The certificates of a file, in its order. */
  public static List<X509Certificate> certificates(Path file) {
    return certificates(file.toString(), read(file));
  }

  /**
   * The certificates of a text, in its order.
   *
   * @param what it is, for the exception
   */
  public static List<X509Certificate> certificatesIn(String what, String text) {
    return certificates(what, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static List<X509Certificate> certificates(String what, byte[] bytes) {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IdentityException(what + ": holds no certificate (expected: PEM)");
      }
      return certificates;
    } catch (GeneralSecurityException e) {
      throw new IdentityException(what + ": holds no readable certificate (expected: PEM)", e);
    }
  }

  /** A certificate as PEM text. */
  public static String text(X509Certificate certificate) {
    try {
      Base64.Encoder lines = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'});
      return "-----BEGIN CERTIFICATE-----\n"
          + lines.encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IdentityException("a certificate that was read can't be written", e);
    }
  }

  /** The P-256 key of a file. The file's content is never in a message. */
  public static PrivateKey privateKey(Path file) {
    Matcher match = PRIVATE_KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
    if (!match.find()) {
      throw new IdentityException(
          file + ": holds no private key (expected: PEM, PKCS#8, not encrypted)");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(match.group(1));
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IdentityException(file + ": holds no readable EC key (expected: P-256)", e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IdentityException(file + ": does not exist", e);
    } catch (IOException e) {
      throw new IdentityException(file + ": can't be read", e);
    }
  }
}
