package org.odap.cli.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.cli.client.ClientProfile;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.TlsMaterial;
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
}
