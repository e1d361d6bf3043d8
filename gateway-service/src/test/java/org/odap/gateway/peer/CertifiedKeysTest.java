package org.odap.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;

/** Which certificates vouch for a session's keys (recovery-01 4.2, ARCH 5). */
class CertifiedKeysTest {
  private static final Identity GATEWAY = new Identity("odapgw://beta.example/gateway-1");

  @TempDir static Path folder;
  private static List<X509Certificate> primary;
  private static List<X509Certificate> backup;
  private static List<X509Certificate> another;

  @BeforeAll
  static void issue() {
    DevelopmentPki pki = DevelopmentPki.create(folder, "beta.example");
    primary = chain(pki, "primary");
    backup = chain(pki, "backup");
    another = chain(pki, "another");
  }

  private static List<X509Certificate> chain(DevelopmentPki pki, String name) {
    return Pem.certificates(pki.issue(GATEWAY, name, List.of()).certificate());
  }

  private static String key(List<X509Certificate> chain) {
    return SigningKey.encode(chain.getFirst().getPublicKey());
  }

  private static List<String> pem(List<X509Certificate> chain) {
    return chain.stream().map(Pem::text).toList();
  }

  private static List<String> pem(List<X509Certificate> first, List<X509Certificate> second) {
    return Stream.of(first, second).flatMap(chain -> pem(chain).stream()).toList();
  }

  @Test
  @Tag("2PC-7")
  void keysOfASessionAreVouchedForTheOneItBeganWithFirst() {
    CertifiedKeys keys = new CertifiedKeys(List.of(primary, backup, another));

    assertThat(primary).as("certificate and issuer").hasSize(2);
    assertThat(keys.keys()).containsExactly(key(primary), key(backup), key(another));
    assertThat(keys.pems(key(backup), Set.of(key(backup), key(primary))::contains))
        .isEqualTo(pem(backup, primary));
    assertThat(keys.pems(key(primary), Set.of(key(another))::contains))
        .isEqualTo(pem(primary, another));
    assertThat(keys.pems(key(primary), any -> false)).isEqualTo(pem(primary));
  }

  @Test
  @Tag("2PC-7")
  void certificateMetInAHandshakeVouchesWithTheIssuersOfTheFirst() {
    CertifiedKeys keys = new CertifiedKeys(List.of(primary));

    keys.met(backup.getFirst());
    keys.met(primary.getFirst());

    assertThat(keys.keys()).containsExactly(key(primary), key(backup));
    assertThat(keys.pems(key(primary), any -> true)).isEqualTo(pem(primary, backup));
  }

  /** It is for the verifier to find out that nobody vouches for it. */
  @Test
  @Tag("2PC-7")
  void keyNobodyKnowsGetsTheFirstChain() {
    CertifiedKeys keys = new CertifiedKeys(List.of(primary, backup));

    assertThat(keys.pems(key(another), key(another)::equals)).isEqualTo(pem(primary));
  }
}
