package org.odap.gateway.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.LegalStatus;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.envelope.ProfileCheck;
import org.odap.core.envelope.PublicKeys;
import org.odap.gateway.GatewayConfig.IssuerConfig;
import org.odap.gateway.GatewayConfig.LegalStanding;
import org.odap.gateway.GatewayConfig.ProfileRulesConfig;

/** What a gateway's owner takes by the asset's profile, rule by rule (ODAP 5.7, ARCH 6). */
@Tag("ODAP-8")
@Tag("ARCH-4")
class ProfileRulesTest {
  private static final long NOW = Instant.parse("2030-06-15T12:00:00Z").toEpochMilli();
  private static final KeyPair ISSUER = keys();
  private static final String PUBKEY = PublicKeys.format(ISSUER.getPublic());

  /** Takes regulated assets of one issuer, signed, that may go to Germany. */
  private static final ProfileRulesConfig STRICT =
      new ProfileRulesConfig(
          List.of("urn:example:bond", "urn:example:note"),
          List.of("Good AG"),
          List.of("Bad AG"),
          List.of(LegalStanding.REGULATED, LegalStanding.EXEMPT),
          Optional.of("DE"),
          false,
          List.of(new IssuerConfig("Good AG", PUBKEY), new IssuerConfig("Bad AG", PUBKEY)));

  private static final ProfileRulesConfig LAX =
      new ProfileRulesConfig(
          List.of(), List.of(), List.of(), List.of(), Optional.empty(), true, List.of());

  private static final AssetProfile.Builder BOND =
      AssetProfile.newBuilder()
          .setProfileId("urn:example:bond")
          .setProfileVersion("1")
          .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
          .setIssuer("Good AG")
          .setAssetCode("BOND")
          .setIssuanceDate("2030-06-15")
          .setExpirationDate("2030-06-15")
          .addTransferRestrictions("KP")
          .addLedgerRequirements("LOCK")
          .setLegalStatus(LegalStatus.LEGAL_STATUS_REGULATED);

  /**
   * A profile with one thing that speaks against it.
   *
   * @param field where the denial points
   * @param why what the denial says
   * @param everywhere whether the sender refuses it too
   */
  record Case(
      String field, String why, boolean everywhere, UnaryOperator<AssetProfile.Builder> change) {}

  static List<Case> cases() {
    return List.of(
        new Case("profile_id", "is not taken here", true, p -> p.setProfileId("urn:example:x")),
        new Case("expiration_date", "has passed", true, p -> p.setExpirationDate("2030-06-14")),
        new Case("issuance_date", "not issued yet", true, p -> p.setIssuanceDate("2030-06-16")),
        new Case(
            "transfer_restrictions",
            "may not be moved to DE",
            false,
            p -> p.addTransferRestrictions("DE")),
        new Case(
            "legal_status",
            "expected: one of [REGULATED, EXEMPT]",
            false,
            p -> p.setLegalStatus(LegalStatus.LEGAL_STATUS_UNREGULATED)),
        new Case("legal_status", "UNSPECIFIED", false, p -> p.clearLegalStatus()),
        new Case(
            "ledger_requirements",
            "does not offer [TELEPORT]",
            false,
            p -> p.addLedgerRequirements("TELEPORT")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatSpeaksAgainstAProfileIsNamed(Case one) throws GeneralSecurityException {
    AssetProfile profile = signed(one.change().apply(BOND.clone()));

    assertOnly(arrival(STRICT, profile), one.field(), one.why());
    if (one.everywhere()) {
      assertOnly(new ProfileRules(STRICT).ofItself(profile, NOW), one.field(), one.why());
    } else {
      assertThat(new ProfileRules(STRICT).ofItself(profile, NOW)).isEmpty();
    }
  }

  @Test
  void whatNothingSpeaksAgainstIsTaken() throws GeneralSecurityException {
    assertThat(arrival(STRICT, signed(BOND.clone()))).isEmpty();
    // The last day counts, and the first.
    long lastInstant = Instant.parse("2030-06-15T23:59:59.999Z").toEpochMilli();
    assertThat(new ProfileRules(STRICT).ofItself(signed(BOND.clone()), lastInstant)).isEmpty();
    assertThat(new ProfileRules(STRICT).ofItself(signed(BOND.clone()), lastInstant + 1)).hasSize(1);
  }

  @Test
  void aKnownIssuersProfilesMustBeSignedByIt() throws GeneralSecurityException {
    AssetProfile changed = signed(BOND.clone()).toBuilder().setDecimals(2).build();

    assertOnly(arrival(STRICT, changed), "issuer_signature", "not the signature of Good AG");
    assertOnly(arrival(STRICT, BOND.build()), "issuer_signature", "not the signature of Good AG");
    // Also where unsigned profiles are taken: else leaving the signature out would help.
    ProfileRulesConfig knowing =
        new ProfileRulesConfig(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.of("DE"),
            true,
            List.of(new IssuerConfig("Good AG", PUBKEY)));
    assertOnly(arrival(knowing, BOND.build()), "issuer_signature", "not the signature");
    assertThat(arrival(knowing, BOND.clone().setIssuer("Nobody AG").build())).isEmpty();
  }

  @Test
  void issuersAreTakenByName() throws GeneralSecurityException {
    AssetProfile bad = signed(BOND.clone().setIssuer("Bad AG"));
    AssetProfile nobody = BOND.clone().setIssuer("Nobody AG").build();

    assertOnly(arrival(STRICT, bad), "issuer", "Bad AG is not taken here");
    assertThat(arrival(STRICT, nobody))
        .extracting(Rejection::getField)
        .containsExactly("asset_profile.issuer", "asset_profile.issuer_signature");
  }

  @Test
  void aRestrictedAssetNeedsAStatedJurisdiction() {
    assertOnly(arrival(LAX, BOND.build()), "transfer_restrictions", "stated no jurisdiction");
    assertThat(arrival(LAX, BOND.clone().clearTransferRestrictions().build())).isEmpty();
  }

  @Test
  void aLedgerIsAskedOnlyWhereTheProfileRequiresSomething() {
    AssetProfile modest =
        BOND.clone().clearTransferRestrictions().clearLedgerRequirements().build();
    assertThat(
            new ProfileRules(LAX)
                .ofArrival(
                    modest,
                    () -> {
                      throw new AssertionError("asked");
                    },
                    NOW))
        .isEmpty();
  }

  private static List<Rejection> arrival(ProfileRulesConfig rules, AssetProfile profile) {
    return new ProfileRules(rules).ofArrival(profile, () -> Set.of("LOCK", "CREATE"), NOW);
  }

  private static void assertOnly(List<Rejection> rejections, String field, String why) {
    assertThat(rejections)
        .singleElement()
        .satisfies(rejection -> {
          assertThat(rejection.getField()).isEqualTo("asset_profile." + field);
          assertThat(rejection.getDescription()).contains(why);
        });
  }

  private static AssetProfile signed(AssetProfile.Builder profile) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
    signer.initSign(ISSUER.getPrivate());
    signer.update(ProfileCheck.signedBytes(profile.build()));
    byte[] signature = signer.sign();
    assertThat(Arrays.copyOf(signature, 64)).isEqualTo(signature);
    return profile
        .setIssuerSignature(Base64.getUrlEncoder().withoutPadding().encodeToString(signature))
        .build();
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
