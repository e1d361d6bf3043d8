package org.odap.it.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsMaterial;

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
      if (one.name().equals("beta")) {
        write(
            "beneficiaries/payments.json",
            """
            {"beneficiaryId": "%s", "vaspId": "%s", "dltSystem": "sql-beta", "account": "%s",
             "pubkey": "%s"}
            """
                .formatted(BENEFICIARY, one.vasp(), ACCOUNT, customerKey(one)));
      }
    }
  }

  /** Says how an organization stands from now on. */
  public void status(Organization one, String status) {
    String gateways =
        one.ledgers().stream()
            .map(ledger -> "\"" + ledger + "\"")
            .collect(Collectors.joining(", "));
    Path pki = one.folder().resolve("pki");
    String pubkey =
        SigningKey.encode(
            Pem.certificates(pki.resolve("odapgw-gateway-1.pem")).getFirst().getPublicKey());
    write(
        "vasps/" + one.name() + ".json",
        """
        {"vaspId": "%s", "organization": "%s.example", "legalName": "Bank %s", "status": "%s",
         "jurisdiction": "DE", "entityCertificate": "%s", "gateways": [
           {"gateway": "%s", "pubkey": "%s", "endpoint": "%s", "dltSystems": [%s],
            "encryptionKey": "%s"}]}
        """
            .formatted(
                one.vasp(),
                one.name(),
                one.name(),
                status,
                text(one.entity().certificate()).replace("\n", "\\n"),
                one.gateway().identity(),
                pubkey,
                one.gateway().address(),
                gateways,
                one.encryptionPubkey()));
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
