package org.odap.gateway.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;

/** A VASP with a gateway and its backup, as a directory tells of it. */
final class ListedBeta {
  static final String ORGANIZATION = "beta.example";
  static final String GATEWAY = "odapgw://beta.example/gateway-1";

  private final DevelopmentPki pki;
  private final Path folder;

  ListedBeta(Path folder) {
    this.folder = folder;
    pki = DevelopmentPki.create(folder.resolve("beta"), ORGANIZATION);
  }

  GetVaspResponse vasp() {
    return GetVaspResponse.newBuilder()
        .setVaspId("LEI-BETA")
        .setOrganization(ORGANIZATION)
        .setStatus("active")
        .setEntityCertificate(text(pki.entityCertificate()))
        .addGateways(backup())
        .addGateways(gateway())
        .build();
  }

  DirectoryGateway gateway() {
    return listed(pki, GATEWAY, "gateway-1").setEndpoint("primary.beta.example:7000").build();
  }

  DirectoryGateway backup() {
    return listed(pki, GATEWAY, "backup-1")
        .setEndpoint("backup.beta.example:7000")
        .setBackup(true)
        .build();
  }

  /** A gateway with a certificate that another entity of the same name has issued. */
  DirectoryGateway issuedByAnother() {
    DevelopmentPki other = DevelopmentPki.create(folder.resolve("other"), ORGANIZATION);
    return listed(other, GATEWAY, "gateway-1").setEndpoint("other.example:7000").build();
  }

  /** A certificate of this entity for somebody else. */
  DirectoryGateway.Builder listed(String identity, String file) {
    return listed(pki, identity, file).setEndpoint("more.beta.example:7000");
  }

  String key(String file) {
    return SigningKey.encode(chain(file).getFirst().getPublicKey());
  }

  List<X509Certificate> chain(String file) {
    return Pem.certificates(folder.resolve("beta").resolve(file + ".pem"));
  }

  private static DirectoryGateway.Builder listed(DevelopmentPki pki, String who, String file) {
    Path certificate = pki.entityCertificate().resolveSibling(file + ".pem");
    if (!Files.exists(certificate)) {
      var _ = pki.issue(new Identity(who), file, List.of());
    }
    return DirectoryGateway.newBuilder()
        .setGateway(who)
        .setPubkey(SigningKey.encode(Pem.certificates(certificate).getFirst().getPublicKey()))
        .setCertificate(text(certificate));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
