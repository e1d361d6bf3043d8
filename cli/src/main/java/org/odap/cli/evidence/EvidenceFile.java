package org.odap.cli.evidence;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.CliException;
import org.odap.cli.StoredTypes;
import org.odap.core.evidence.Certificates;
import org.odap.core.evidence.Trust;

/** An evidence bundle as a file of JSON, and the certificates to judge it by. */
public final class EvidenceFile {
  /** Logs are small; a larger file is a mistake, or meant to exhaust the reader. */
  private static final long BYTES_MAX = 64L << 20;

  private EvidenceFile() {}

  /** Reads a bundle; a field nobody knows is a mistake, for nothing unsigned may ride along. */
  public static EvidenceBundle read(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new CliException(file + " is larger than " + BYTES_MAX + " bytes: no evidence file");
      }
      EvidenceBundle.Builder bundle = EvidenceBundle.newBuilder();
      JsonFormat.parser()
          .usingTypeRegistry(StoredTypes.REGISTRY)
          .merge(Files.readString(file), bundle);
      return bundle.build();
    } catch (NoSuchFileException missing) {
      throw new CliException("there is no file " + file, missing);
    } catch (InvalidProtocolBufferException broken) {
      throw new CliException(file + " is no evidence bundle: " + broken.getMessage(), broken);
    } catch (IOException broken) {
      throw new CliException("can't read " + file + ": " + broken.getMessage(), broken);
    }
  }

  /** Writes a bundle. */
  public static void write(EvidenceBundle bundle, Path file) {
    try {
      String json = JsonFormat.printer().usingTypeRegistry(StoredTypes.REGISTRY).print(bundle);
      Files.writeString(file, json + "\n");
    } catch (IOException broken) {
      throw new CliException("can't write " + file + ": " + broken.getMessage(), broken);
    }
  }

  /**
   * Reads whom to trust: files of entity certificates, each with its organization before it
   * ("alpha.example=entity.pem"), or none with one.
   */
  static Trust trust(List<String> options) {
    Map<String, List<X509Certificate>> byOrganization = new HashMap<>();
    List<Path> alone = new ArrayList<>();
    for (String option : options) {
      int end = option.indexOf('=');
      if (end < 0 || Files.exists(Path.of(option))) {
        alone.add(Path.of(option));
      } else {
        byOrganization
            .computeIfAbsent(option.substring(0, end), organization -> new ArrayList<>())
            .addAll(certificates(List.of(Path.of(option.substring(end + 1)))));
      }
    }
    if (!alone.isEmpty() && !byOrganization.isEmpty()) {
      throw new CliException("--trust: name the organization of each entity, or of none");
    }
    return byOrganization.isEmpty()
        ? Trust.in(certificates(alone))
        : Trust.byOrganization(byOrganization);
  }

  /** Reads entity certificates in PEM. */
  public static List<X509Certificate> certificates(List<Path> files) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Path file : files) {
      try {
        certificates.addAll(Certificates.parse(List.of(Files.readString(file))));
      } catch (IOException | CertificateException broken) {
        throw new CliException("can't read certificates from " + file, broken);
      }
    }
    return certificates;
  }
}
