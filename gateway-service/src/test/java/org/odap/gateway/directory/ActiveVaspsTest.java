package org.odap.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.rpc.OdapException;

/** Who may be dealt with by the directory's word: gateways of active VASPs (ARCH 5, 6). */
@Tag("ARCH-3")
class ActiveVaspsTest {
  private static final String OWN = "odapgw://alpha.example/gateway-1";
  private static final String PEER = "odapgw://beta.example/gateway-1";

  @TempDir Path folder;
  private List<X509Certificate> chain;
  private String entity;
  private Optional<GetVaspResponse> vasp = Optional.empty();
  private final ActiveVasps rule =
      new ActiveVasps(organization -> vasp, (gateway, pubkey) -> chain, OWN::equals);

  @BeforeEach
  void certify() throws IOException {
    DevelopmentPki pki = DevelopmentPki.create(folder.resolve("beta"), "beta.example");
    chain = Pem.certificates(pki.issue(new Identity(PEER), "gateway-1", List.of()).certificate());
    entity = Files.readString(pki.entityCertificate());
    vasp = Optional.of(vasp("active", entity));
  }

  @Test
  void aGatewayIssuedByItsActiveVaspIsDealtWith() {
    assertThat(judged()).isEmpty();
    rule.require(PEER, "key", now());
  }

  @Test
  void suspendedRevokedAndUnlistedVaspsAreRefusedOnBothSides() {
    for (String status : List.of("suspended", "revoked", "")) {
      vasp = Optional.of(vasp(status, entity));
      assertRefused("is " + status);
    }
    vasp = Optional.empty();
    assertRefused("knows no VASP of beta.example");
  }

  @Test
  void aGatewayThatAnotherAuthorityHasIssuedIsRefused() throws IOException {
    DevelopmentPki other = DevelopmentPki.create(folder.resolve("other"), "beta.example");
    vasp = Optional.of(vasp("active", Files.readString(other.entityCertificate())));
    assertRefused("does not chain to the entity certificate");
    // The name alone is the same on purpose: whose key has signed is what counts.
    chain = List.of();
    vasp = Optional.of(vasp("active", entity));
    assertRefused("does not chain to the entity certificate");
  }

  @Test
  void anExpiredCertificateIsNone() {
    long later = chain.getFirst().getNotAfter().toInstant().toEpochMilli() + 1_000;
    assertThat(rule.judge(InitializationRequest.getDefaultInstance(), PEER, later)).hasSize(1);
  }

  @Test
  void whileTheDirectoryIsDownNobodyNewIsDealtWithAndTheCallerMayAskAgain() {
    ActiveVasps blind =
        new ActiveVasps(
            organization -> {
              throw new OdapException(ErrorReason.ERROR_REASON_UNAVAILABLE, "down");
            },
            (gateway, pubkey) -> chain,
            OWN::equals);
    assertThatThrownBy(() -> blind.require(PEER, "key", now()))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE));
    // Between two ledgers of its own a gateway needs nobody's word.
    blind.require(OWN, "key", now());
  }

  private void assertRefused(String why) {
    assertThat(judged())
        .singleElement()
        .satisfies(rejection -> {
          assertThat(rejection.getField()).isEqualTo("source_gateway_pubkey");
          assertThat(rejection.getDescription()).contains(why);
        });
    assertThatThrownBy(() -> rule.require(PEER, "key", now()))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_VASP_NOT_ACTIVE));
  }

  private List<Rejection> judged() {
    return rule.judge(InitializationRequest.getDefaultInstance(), PEER, now());
  }

  private long now() {
    return System.currentTimeMillis();
  }

  private static GetVaspResponse vasp(String status, String entity) {
    return GetVaspResponse.newBuilder()
        .setVaspId("LEI")
        .setOrganization("beta.example")
        .setStatus(status)
        .setEntityCertificate(entity)
        .build();
  }
}
