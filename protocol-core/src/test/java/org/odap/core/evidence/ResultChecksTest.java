package org.odap.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.core.envelope.MessageType.INITIALIZATION_REQUEST;
import static org.odap.core.envelope.MessageType.INITIALIZATION_RESPONSE;
import static org.odap.core.envelope.MessageType.TRANSFER_COMMENCE;
import static org.odap.core.envelope.MessageType.TRANSFER_COMMENCE_ACK;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.core.envelope.MessageType;

/** Attestation results in evidence: true ones pass, and each way to be worth nothing is found. */
@Tag("ARCH-2")
@Tag("IT-8")
class ResultChecksTest {
  private static final Party ALPHA = Party.of("odapgw://alpha.example/gateway-1");
  private static final Party BETA = Party.of("odapgw://beta.example/gateway-1");
  private static final String VERIFIER = "odapattestation://alpha.example/verifier";
  private static final Party ALPHAS = Party.certifiedBy(ALPHA, VERIFIER);
  private static final Party BETAS =
      Party.certifiedBy(BETA, "odapattestation://beta.example/verifier");
  private static final long VALIDITY = 60_000;

  /** What a verifier says, to be changed. */
  private record Saying(
      String verifier,
      String gateway,
      String session,
      String key,
      long issuedAt,
      long expiresAt,
      int trust) {
    static Saying about(Party gateway, String verifier) {
      return new Saying(
          verifier,
          gateway.identity(),
          Recording.TRANSFER,
          gateway.publicKey(),
          Recording.START,
          Recording.START + VALIDITY,
          2);
    }

    Saying by(String other) {
      return new Saying(other, gateway, session, key, issuedAt, expiresAt, trust);
    }

    Saying of(String other) {
      return new Saying(verifier, other, session, key, issuedAt, expiresAt, trust);
    }

    Saying in(String other) {
      return new Saying(verifier, gateway, other, key, issuedAt, expiresAt, trust);
    }

    Saying withKey(String other) {
      return new Saying(verifier, gateway, session, other, issuedAt, expiresAt, trust);
    }

    Saying between(long from, long to) {
      return new Saying(verifier, gateway, session, key, from, to, trust);
    }

    Saying trusting(int claim) {
      return new Saying(verifier, gateway, session, key, issuedAt, expiresAt, claim);
    }

    String signed(Party signer, List<X509Certificate> shown) {
      return ResultToken.sign(
          new AttestationResult(
              verifier,
              gateway,
              session,
              ResultToken.keyHash(key),
              "bm9uY2U",
              issuedAt,
              expiresAt,
              Map.of("hardware", trust),
              "policy",
              "aa",
              "bb",
              1,
              1),
          shown.stream().map(Saying::der).toList(),
          "test",
          signer::sign);
    }

    String signed(Party signer) {
      return signed(signer, signer.chain());
    }

    private static byte[] der(X509Certificate certificate) {
      try {
        return certificate.getEncoded();
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final Saying TRUE = Saying.about(BETA, VERIFIER);

  private static List<Finding> findings(Map<MessageType, String> results) {
    Recording recording = Recording.between(ALPHA, BETA);
    results.forEach(recording::attesting);
    recording.initiate().lock().prepare().commit().complete();
    return EvidenceVerifier.verify(
            recording.bundle(), List.of(ALPHA.entityCertificate(), BETA.entityCertificate()))
        .findings();
  }

  @Test
  void trueResultsHoldWhereverTheyStand() {
    String byAlpha = TRUE.signed(ALPHAS);
    String byBeta = Saying.about(ALPHA, BETAS.identity()).signed(BETAS);

    assertThat(
            findings(
                Map.of(
                    INITIALIZATION_REQUEST, byAlpha,
                    INITIALIZATION_RESPONSE, byBeta,
                    TRANSFER_COMMENCE, byAlpha,
                    TRANSFER_COMMENCE_ACK, byBeta)))
        .isEmpty();
  }

  @Test
  void whoShowsNoEntityIsOfItsAuthorsAllTheSame() {
    assertThat(
            findings(
                Map.of(INITIALIZATION_REQUEST, TRUE.signed(ALPHAS, ALPHAS.chain().subList(0, 1)))))
        .isEmpty();
  }

  /** Wherever it stands, and whoever has said it. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "INITIALIZATION_REQUEST",
        "INITIALIZATION_RESPONSE",
        "TRANSFER_COMMENCE",
        "TRANSFER_COMMENCE_ACK"
      })
  void aResultOfAnotherSessionIsFoundInEachMessage(MessageType message) {
    Saying other = (message.request() ? TRUE : Saying.about(ALPHA, BETAS.identity())).in("another");

    assertThat(findings(Map.of(message, other.signed(message.request() ? ALPHAS : BETAS))))
        .extracting(Finding::log, Finding::what)
        .hasSize(2)
        .allSatisfy(found ->
            assertThat(found.toList().get(1).toString())
                .contains(message + ": attestation_result: odap.session"))
        .extracting(found -> found.toList().getFirst())
        .containsExactly("sender", "recipient");
  }

  /**
   * One lie of the sender's.
   *
   * @param result what its proposal holds
   * @param finding how what is found begins
   */
  record Lie(String name, Function<Saying, String> result, String finding) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Lie> lies() {
    Party stranger = Party.of("odapgw://alpha.example/gateway-1");
    Party expired =
        Party.certifiedBy(
            ALPHA, VERIFIER, Party.VALID_FROM, Instant.ofEpochMilli(Recording.START - 1));
    List<X509Certificate> bothEntities = new ArrayList<>(ALPHAS.chain());
    bothEntities.add(stranger.entityCertificate());
    return Stream.of(
        new Lie("no claims", saying -> "e30.e30.e30", "it is none"),
        new Lie(
            "the other side's verifier",
            saying -> saying.by(BETAS.identity()).signed(BETAS),
            "its verifier odapattestation://beta.example/verifier is not of the organization of"
                + " odapgw://alpha.example/gateway-1"),
        new Lie(
            "a verifier that its certificate does not name",
            saying -> saying.by("odapattestation://alpha.example/other").signed(ALPHAS),
            "the certificate does not name odapattestation://alpha.example/other"),
        new Lie(
            "no certificate",
            saying -> saying.signed(ALPHAS, List.of()),
            "there is no certificate"),
        new Lie(
            "a certificate of another entity",
            saying -> saying.signed(Party.certifiedBy(stranger, VERIFIER)),
            "the certificate of O=entity of odapgw://alpha.example/gateway-1 is not signed by"),
        new Lie(
            "one entity more",
            saying -> saying.signed(ALPHAS, bothEntities),
            "the certificate of O=entity of odapgw://alpha.example/gateway-1 is not signed by"),
        new Lie(
            "a certificate that had ended",
            saying -> saying.signed(expired),
            "the certificate of CN=odapattestation://alpha.example/verifier was not valid"),
        new Lie(
            "signed by the gateway itself",
            saying -> saying.signed(ALPHA, ALPHAS.chain()),
            "signature: not the verifier's"),
        new Lie(
            "about another gateway",
            saying -> saying.of("odapgw://beta.example/gateway-2").signed(ALPHAS),
            "sub: another gateway's"),
        new Lie(
            "about the sender itself",
            saying -> saying.of(ALPHA.identity()).withKey(ALPHA.publicKey()).signed(ALPHAS),
            "sub: another gateway's"),
        new Lie(
            "of another session",
            saying -> saying.in("another").signed(ALPHAS),
            "odap.session: another session's"),
        new Lie(
            "of another key",
            saying -> saying.withKey(stranger.publicKey()).signed(ALPHAS),
            "odap.tls-key-sha256"),
        new Lie(
            "not affirmed",
            saying -> saying.trusting(96).signed(ALPHAS),
            "ear.trustworthiness-vector"));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aResultThatIsWorthNothingIsFoundInBothLogs(Lie lie) {
    assertThat(findings(Map.of(INITIALIZATION_REQUEST, lie.result().apply(TRUE))))
        .hasSize(2)
        .allSatisfy(finding ->
            assertThat(finding.what())
                .contains("INITIALIZATION_REQUEST: attestation_result: " + lie.finding()));
  }

  /** The sender knows when it took the result; the recipient may have been away. */
  @Test
  void aResultHoldsWhenItsAuthorTookIt() {
    long start = Recording.START;

    assertThat(
            findings(
                Map.of(
                    INITIALIZATION_REQUEST, TRUE.between(start - VALIDITY, start).signed(ALPHAS))))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.log()).isEqualTo("sender");
          assertThat(finding.what()).contains("exp: the result has expired");
        });
    assertThat(
            findings(
                Map.of(
                    INITIALIZATION_REQUEST,
                    TRUE.between(start + 2 * VALIDITY, start + 3 * VALIDITY).signed(ALPHAS))))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.log()).isEqualTo("sender");
          assertThat(finding.what()).contains("iat: in the future");
        });
  }
}
