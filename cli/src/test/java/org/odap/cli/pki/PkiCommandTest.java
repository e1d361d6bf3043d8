package org.odap.cli.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.cli.client.ClientProfile;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TrustedOrganization;
import picocli.CommandLine;

class PkiCommandTest {
  @TempDir private Path folder;

  private int pki(String name, String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = folder.resolve(name).toString();
    arguments[1] = "--organization";
    arguments[2] = name + ".example";
    System.arraycopy(more, 0, arguments, 3, more.length);
    return new CommandLine(new PkiCommand())
        .setExecutionExceptionHandler((failure, command, parsed) -> 1)
        .execute(arguments);
  }

  @Test
  void whatItWritesIsWhatServicesAndClientsRead() {
    Path beta = folder.resolve("beta").resolve("entity.pem");
    assertThat(pki("beta", "--gateway", "gateway-1")).isZero();
    assertThat(
            pki(
                "alpha",
                "--gateway",
                "gateway-1",
                "--client",
                "treasury",
                "--trust",
                "beta.example=" + beta,
                "--connect",
                "127.0.0.1:7001"))
        .isZero();

    ClientProfile profile =
        ConfigFile.read(
            folder.resolve("alpha").resolve("treasury-profile.yaml"), ClientProfile.class);
    assertThat(profile.gateway().address()).isEqualTo("127.0.0.1:7001");
    assertThat(profile.gateway().identity()).isEqualTo("odapgw://alpha.example/gateway-1");
    assertThat(TlsMaterial.load(profile.tls()).identity().uri())
        .isEqualTo("odapclient://alpha.example/gateway-1.alpha.example/clients/treasury");
    assertThat(profile.tls().trusted())
        .extracting("organization")
        .containsExactly("alpha.example", "beta.example");
  }

  @Test
  void aFolderWithAPkiIsNotOverwritten() {
    assertThat(pki("alpha")).isZero();
    assertThat(pki("alpha")).isEqualTo(1);
  }

  @Test
  @Tag("2PC-7")
  void aBackupHasItsGatewaysNameAndAKeyOfItsOwn() {
    assertThat(pki("alpha", "--gateway", "gateway-1", "--backup", "spare")).isZero();

    X509Certificate gateway = certificate("gateway-1");
    X509Certificate backup = certificate("spare");
    assertThat(Identity.of(backup)).isEqualTo(Identity.of(gateway)).isPresent();
    assertThat(backup.getPublicKey()).isNotEqualTo(gateway.getPublicKey());
    assertThat(pki("beta", "--backup", "spare")).isEqualTo(1);
  }

  private X509Certificate certificate(String name) {
    return Pem.certificates(folder.resolve("alpha").resolve(name + ".pem")).getFirst();
  }

  @Test
  void aProfileNeedsAGateway() {
    assertThat(pki("alpha", "--client", "treasury", "--connect", "127.0.0.1:7001")).isEqualTo(1);
  }

  /** What the command line says when it fails; empty when it does not. */
  private String renew(String... more) {
    StringBuilder failure = new StringBuilder();
    List<String> arguments = new ArrayList<>(List.of("renew", alpha().toString()));
    arguments.addAll(List.of(more));
    int _ =
        new CommandLine(new PkiCommand())
            .setExecutionExceptionHandler((thrown, command, parsed) -> {
              failure.append(thrown.getMessage());
              return 1;
            })
            .execute(arguments.toArray(String[]::new));
    return failure.toString();
  }

  private Path alpha() {
    return folder.resolve("alpha");
  }

  private TlsMaterial running(String name) {
    return TlsMaterial.load(
        new TlsFiles(
            alpha().resolve(name + ".pem"),
            alpha().resolve(name + "-key.pem"),
            List.of(new TrustedOrganization("alpha.example", alpha().resolve("entity.pem")))));
  }

  @Test
  @Tag("CARD-3")
  void aRenewedCertificateIsAnotherOneForTheSameKeyWhichAServiceTakesUp() {
    assertThat(pki("alpha", "--log", "log", "--ledger", "ledger")).isZero();
    TlsMaterial log = running("log");
    TlsMaterial ledger = running("ledger");
    X509Certificate before = log.certificate();

    assertThat(renew("log")).isEmpty();

    assertThat(log.reloadIfChanged()).isTrue();
    assertThat(log.certificate().getSerialNumber()).isNotEqualTo(before.getSerialNumber());
    assertThat(log.certificate().getPublicKey()).isEqualTo(before.getPublicKey());
    assertThat(Identity.of(log.certificate())).isEqualTo(Identity.of(before)).isPresent();
    assertThat(ledger.reloadIfChanged()).isFalse();
    assertThat(renew()).isEmpty();
    assertThat(ledger.reloadIfChanged()).isTrue();
  }

  @Test
  @Tag("CARD-3")
  void aNewKeyLeavesTheFormerCertificateForEvidence() throws IOException {
    assertThat(pki("alpha", "--gateway", "gateway-1")).isZero();
    X509Certificate before = certificate("gateway-1");
    String kept = "gateway-1-" + before.getSerialNumber().toString(16);
    Files.writeString(alpha().resolve(kept + ".pem"), "what a renewal that was cut off has left");

    assertThat(renew("gateway-1", "--new-key")).isEmpty();

    assertThat(certificate("gateway-1").getPublicKey()).isNotEqualTo(before.getPublicKey());
    assertThat(running("gateway-1").identity()).isEqualTo(Identity.of(before).orElseThrow());
    assertThat(certificate(kept)).isEqualTo(before);
    assertThat(renew()).as("what has no key here is left alone").isEmpty();
  }

  @Test
  @Tag("CARD-3")
  void aFormerEntityIsForgottenWhenAllAreOfTheNewOne() {
    assertThat(pki("alpha", "--log", "log")).isZero();
    Path entity = alpha().resolve("entity.pem");
    X509Certificate former = Pem.certificates(entity).getFirst();
    TlsMaterial log = running("log");

    assertThat(renew("--entity")).isEmpty();
    assertThat(Pem.certificates(entity)).hasSize(2).last().isEqualTo(former);
    assertThat(log.reloadIfChanged()).isTrue();
    assertThat(renew("--forget-former"))
        .contains("log.pem", "issued by a former entity certificate (expected: renewed)");
    assertThat(Pem.certificates(entity)).hasSize(2);

    assertThat(renew()).isEmpty();
    assertThat(renew("--forget-former")).isEmpty();
    assertThat(Pem.certificates(entity)).hasSize(1).doesNotContain(former);
    assertThat(log.reloadIfChanged()).isTrue();
    assertThat(log.isStillTrusted(log.chain())).isTrue();
  }

  @Test
  void whatCanNotBeRenewedIsNamed() throws IOException {
    assertThat(pki("alpha", "--log", "log")).isZero();
    assertThat(renew("ledger")).isEqualTo("NAME: value: ledger (expected: some of [log])");
    assertThat(renew("log", "--entity")).isEqualTo("--entity and --forget-former: each alone");
    byte[] before = Files.readAllBytes(alpha().resolve("log.pem"));

    Files.delete(alpha().resolve("entity-key.pem"));

    assertThat(renew()).contains("entity-key.pem", "does not exist");
    assertThat(Files.readAllBytes(alpha().resolve("log.pem"))).isEqualTo(before);
  }
}
