package org.odap.runtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
  @TempDir Path folder;

  private TlsFiles gateway() {
    return DevelopmentPki.create(folder, "alpha.example")
        .issue(new Identity("odapgw://alpha.example/gateway-1"), "gateway", List.of());
  }

  @Test
  @Tag("ODAP-19")
  void signsSoThatTheJdkItselfVerifies() throws Exception {
    SigningKey key = SigningKey.read(gateway().key());
    byte[] bytes = "odap".getBytes(StandardCharsets.UTF_8);
    byte[] signature = Base64.getUrlDecoder().decode(key.sign(bytes));
    assertThat(signature).hasSize(64);

    Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format", "SunEC");
    verifier.initVerify(key.verificationKey());
    verifier.update(bytes);
    assertThat(verifier.verify(signature)).isTrue();
  }

  @Test
  void thePublicHalfComputedIsThatOfTheCertificate() {
    TlsFiles files = gateway();
    assertThat(SigningKey.read(files.key()).publicKey())
        .isEqualTo(TlsMaterial.load(files).signingKey().publicKey())
        .doesNotContain("=", "+", "/");
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsRefusedByFileName() {
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    TlsFiles one = pki.issue(new Identity("odapgw://alpha.example/one"), "one", List.of());
    TlsFiles two = pki.issue(new Identity("odapgw://alpha.example/two"), "two", List.of());
    assertThatThrownBy(
            () -> TlsMaterial.load(new TlsFiles(one.certificate(), two.key(), one.trusted())))
        .isInstanceOf(IdentityException.class)
        .hasMessage(two.key() + ": the private key does not belong to the public key");
  }

  @Test
  void developmentKeysAreReadableByTheirOwnerOnly() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(gateway().key())))
        .isEqualTo("rw-------");
  }
}
