package org.odap.it.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcTarget;

/** The files of an organization's catalog: who is a VASP, and who is whose customer. */
public final class Directory {
  /** A customer of beta's, by the name others know. */
  public static final String BENEFICIARY = "payments@beta.example";

  /** The customer's account. */
  public static final String ACCOUNT = "payments";

  private final Organization owner;

  private Directory(Organization owner) {
    this.owner = owner;
  }

  static Directory of(Organization owner) {
    return new Directory(owner);
  }

  Path folder() {
    return owner.folder().resolve("catalog");
  }

  /** Writes all files. */
  void write(List<Organization> all) {
    for (Organization one : all) {
      status(one, "active");
      if (List.of("beta", "delta").contains(one.name())) {
        write(
            "beneficiaries/" + one.name() + ".json",
            """
            {"beneficiaryId": "payments@%s.example", "vaspId": "%s", "dltSystem": "sql-%s",
             "account": "%s", "pubkey": "%s"}
            """
                .formatted(one.name(), one.vasp(), one.name(), ACCOUNT, customerKey(one)));
      }
    }
  }

  /** Lists an organization that has no gateways, only an entity certificate of its own. */
  public void entity(String organization, Path certificate) {
    write(
        "vasps/" + organization + ".json",
        """
        {"vaspId": "%s", "organization": "%s", "legalName": "Entity alone", "status": "active",
         "jurisdiction": "DE", "entityCertificate": "%s"}
        """
            .formatted("LEI-" + organization, organization, pem(certificate)));
  }

  /** Says how an organization stands from now on. */
  public void status(Organization one, String status) {
    String gateways =
        IntStream.rangeClosed(0, Organization.BACKUPS)
            .mapToObj(number -> gateway(one, number))
            .collect(Collectors.joining(", "));
    write(
        "vasps/" + one.name() + ".json",
        """
        {"vaspId": "%s", "organization": "%s.example", "legalName": "Bank %s", "status": "%s",
         "jurisdiction": "DE", "entityCertificate": "%s", "gateways": [%s]}
        """
            .formatted(
                one.vasp(),
                one.name(),
                one.name(),
                status,
                pem(one.entity().certificate()),
                gateways));
  }

  /** Its gateway, number 0, or a backup of it. */
  private String gateway(Organization one, int number) {
    // The directory of one organization says that the gateways of others are spoken to with JSON.
    boolean json = owner.name().equals("delta");
    Path certificate =
        one.folder()
            .resolve("pki")
            .resolve(number == 0 ? "odapgw-gateway-1.pem" : "odapgw-backup-" + number + ".pem");
    RpcTarget grpc = number == 0 ? one.gateway() : one.backup(number);
    return """
    {"gateway": "%s", "pubkey": "%s", "certificate": "%s", "endpoint": "%s", "binding": "%s",
     "backup": %s, "dltSystems": [%s], "encryptionKey": "%s"}\
    """
        .formatted(
            grpc.identity(),
            SigningKey.encode(Pem.certificates(certificate).getFirst().getPublicKey()),
            pem(certificate),
            json ? one.gatewayEdge(number).address() : grpc.address(),
            json ? "json" : "grpc",
            number > 0,
            one.ledgers().stream()
                .map(ledger -> "\"" + ledger + "\"")
                .collect(Collectors.joining(", ")),
            one.encryptionPubkey());
  }

  private static String pem(Path certificate) {
    return text(certificate).replace("\n", "\\n");
  }

  private static String customerKey(Organization one) {
    return TlsMaterial.load(one.certificate("odapclient", "payments", List.of()))
        .signingKey()
        .publicKey();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String content) {
    Path file = folder().resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Path beside = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(beside, content);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
