package org.odap.runtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running service takes up of files that change. */
@Tag("CARD-3")
class TlsMaterialTest {
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");

  @TempDir Path folder;
  private DevelopmentPki pki;
  private TlsFiles files;
  private TlsMaterial tls;

  @BeforeEach
  void load() {
    pki = DevelopmentPki.create(folder, "alpha.example");
    files = pki.issue(GATEWAY, "gateway", List.of());
    tls = TlsMaterial.load(files);
  }

  /** Puts another key, and a certificate for it, in the place of those there are. */
  private String exchange() throws Exception {
    TlsFiles other = pki.issue(GATEWAY, "other", List.of());
    Files.move(other.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(other.certificate(), files.certificate(), StandardCopyOption.REPLACE_EXISTING);
    return TlsMaterial.load(files).signingKey().publicKey();
  }

  @Test
  void aNewKeyComesIntoForceWithItsCertificate() throws Exception {
    String exchanged = exchange();

    assertThat(tls.reloadIfChanged()).isTrue();
    assertThat(tls.signingKey().publicKey()).isEqualTo(exchanged);
  }

  @Test
  void whoSignsWithItsKeyTakesUpAnotherOneAtAStartOnly() throws Exception {
    String before = tls.signingKey().publicKey();
    tls.keepKey();
    String exchanged = exchange();

    assertThat(tls.reloadIfChanged()).isFalse();
    assertThat(tls.signingKey().publicKey()).isEqualTo(before);
    assertThat(tls.certificate().getPublicKey())
        .as("the certificate goes with the key")
        .isNotEqualTo(TlsMaterial.load(files).certificate().getPublicKey());
    assertThat(TlsMaterial.load(files).signingKey().publicKey()).isEqualTo(exchanged);
  }
}
