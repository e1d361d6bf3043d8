package org.odap.runtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a list's word goes: to the members it names, with their keys, and no further. */
@Tag("ARCH-8")
class ListedOrganizationTest {
  private static final Identity GATEWAY = new Identity("odapgw://beta.example/gateway-1");
  private static final List<String> SERVICES = List.of("odap.peer.v1.PeerService");

  @TempDir Path folder;
  private DevelopmentPki alpha;
  private DevelopmentPki beta;
  private TlsMaterial own;
  private List<X509Certificate> chain;

  @BeforeEach
  void certify() {
    alpha = DevelopmentPki.create(folder.resolve("alpha"), "alpha.example");
    beta = DevelopmentPki.create(folder.resolve("beta"), "beta.example");
    own = TlsMaterial.load(alpha.issue(identity("alpha", "gateway-1"), "gateway", List.of()));
    chain = chain(beta, GATEWAY, "gateway-1");
  }

  @Test
  void whoIsListedIsTrustedFromThenOnAndUntilItIsListedNoMore() {
    int before = own.generation();
    assertThat(own.isStillTrusted(chain)).isFalse();

    own.list(List.of(listed(beta, GATEWAY, chain)));
    assertThat(own.isStillTrusted(chain)).isTrue();
    assertThat(own.generation()).as("open connections are judged anew").isGreaterThan(before);
    int listed = own.generation();
    own.list(List.of(listed(beta, GATEWAY, chain)));
    assertThat(own.generation()).as("nothing is new").isEqualTo(listed);

    own.list(List.of());
    assertThat(own.isStillTrusted(chain)).isFalse();
    assertThat(own.generation()).isGreaterThan(listed);
  }

  @Test
  void aKeyOrMemberThatIsNotListedIsNotTrustedThoughTheEntityHasIssuedIt() {
    own.list(List.of(listed(beta, GATEWAY, chain)));

    assertThat(own.isStillTrusted(chain(beta, GATEWAY, "another-key"))).isFalse();
    assertThat(own.isStillTrusted(chain(beta, identity("beta", "gateway-2"), "two"))).isFalse();
    Identity client = new Identity("odapclient://beta.example/gateway-1.beta.example/office/bob");
    assertThat(own.isStillTrusted(chain(beta, client, "bob"))).isFalse();
  }

  @Test
  void anEntityVouchesForNoOtherOrganization() {
    DevelopmentPki forged = DevelopmentPki.create(folder.resolve("forged"), "beta.example");
    DevelopmentPki gamma = DevelopmentPki.create(folder.resolve("gamma"), "gamma.example");
    List<X509Certificate> stranger = chain(forged, GATEWAY, "gateway-1");
    // Gamma is listed, too, and its list names beta's gateway: still only beta's entity counts.
    own.list(
        List.of(
            listed(beta, GATEWAY, stranger),
            new ListedOrganization(
                "gamma.example",
                Pem.certificates(forged.entityCertificate()),
                Map.of(GATEWAY.uri(), Set.of(key(stranger))),
                SERVICES)));

    assertThat(own.isStillTrusted(stranger)).isFalse();
    assertThat(own.isStillTrusted(chain(gamma, identity("gamma", "gateway-1"), "one"))).isFalse();
  }

  @Test
  void ofOurselvesAndOfTheOrganizationsInFilesNoListSaysAnything() {
    DevelopmentPki forgedAlpha = DevelopmentPki.create(folder.resolve("false"), "alpha.example");
    Identity second = identity("alpha", "gateway-2");
    List<X509Certificate> impostor = chain(forgedAlpha, second, "two");
    own.list(List.of(listed(forgedAlpha, second, impostor)));
    assertThat(own.isStillTrusted(impostor)).isFalse();
    assertThat(own.ruleOfListed(second)).isEmpty();

    TlsMaterial friend =
        TlsMaterial.load(
            alpha.issue(identity("alpha", "gateway-3"), "three", List.of(beta.asTrusted())));
    DevelopmentPki forgedBeta = DevelopmentPki.create(folder.resolve("forged"), "beta.example");
    List<X509Certificate> forged = chain(forgedBeta, GATEWAY, "gateway-1");
    friend.list(List.of(listed(forgedBeta, GATEWAY, forged)));
    assertThat(friend.isStillTrusted(forged)).isFalse();
    assertThat(friend.isStillTrusted(chain)).isTrue();
    assertThat(friend.ruleOfListed(GATEWAY)).as("the files' rules are in force").isEmpty();
  }

  @Test
  void aListedMemberMayCallWhatTheListIsForAndNothingElse() {
    own.list(List.of(listed(beta, GATEWAY, chain)));

    CallerPolicy policy = CallerPolicy.of(List.of(own.ruleOfListed(GATEWAY).orElseThrow()));
    assertThat(policy.decide(GATEWAY, "odap.peer.v1.PeerService/RecoverSession"))
        .isEqualTo(CallerPolicy.Decision.ALLOWED);
    assertThat(policy.decide(GATEWAY, "odap.client.v1.TransferService/StartTransfer"))
        .isEqualTo(CallerPolicy.Decision.DENIED);
    assertThat(own.ruleOfListed(identity("beta", "gateway-2"))).isEmpty();
  }

  private static ListedOrganization listed(
      DevelopmentPki entity, Identity member, List<X509Certificate> certificate) {
    return new ListedOrganization(
        entity.organization(),
        Pem.certificates(entity.entityCertificate()),
        Map.of(member.uri(), Set.of(key(certificate))),
        SERVICES);
  }

  private static Identity identity(String organization, String name) {
    return new Identity("odapgw://" + organization + ".example/" + name);
  }

  private static List<X509Certificate> chain(DevelopmentPki entity, Identity member, String file) {
    return Pem.certificates(entity.issue(member, file, List.of()).certificate());
  }

  private static String key(List<X509Certificate> chain) {
    return SigningKey.encode(chain.getFirst().getPublicKey());
  }
}
