package org.odap.gateway.travelrule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.envelope.PublicKeys;
import org.odap.gateway.GatewayConfig.TravelRuleConfig;
import org.odap.runtime.encryption.JweCipher;
import org.odap.runtime.json.PublishedSchema;
import org.odap.runtime.rpc.OdapException;

/** Travel-rule data from a client's order to the other gateway's judgment (ARCH 6). */
@Tag("ARCH-4")
class TravelRuleTest {
  private static final String ALPHA = "odapgw://alpha.example/gateway-1";
  private static final String BETA = "odapgw://beta.example/gateway-1";
  private static final String SESSION = "0f8fad5b-d9cb-469f-a165-70867728950e";
  private static final String ALPHA_LEI = "529900ALPHA000000001";
  private static final String BETA_LEI = "529900BETA0000000002";
  private static final String CASH = "urn:example:cash";
  private static final String TITLE = "urn:example:title";
  private static final KeyPair ALPHA_KEYS = keys();
  private static final KeyPair BETA_KEYS = keys();
  private static final int INPUTS = 20_000;

  /** What must show nowhere but in the two gateways' memory. */
  private static final List<String> PERSONAL = List.of("Musterfrau", "Erika", "Wunderlich", "1964");

  private static final String DATA =
      """
      {"originator": {"originatorPersons": [{"naturalPerson": {
          "name": {"nameIdentifier": [{"primaryIdentifier": "Musterfrau",
            "secondaryIdentifier": "Erika", "nameIdentifierType": "LEGL"}]},
          "geographicAddress": [{"addressType": "HOME", "streetName": "Heidestr.",
            "buildingNumber": "17", "postCode": "51147", "townName": "Koeln", "country": "DE"}],
          "dateAndPlaceOfBirth": {"dateOfBirth": "1964-08-12", "placeOfBirth": "Berlin"},
          "countryOfResidence": "DE"}}],
        "accountNumber": ["alice"]},
       "beneficiary": {"beneficiaryPersons": [{"naturalPerson": {
          "name": {"nameIdentifier": [{"primaryIdentifier": "Wunderlich",
            "nameIdentifierType": "LEGL"}]}}}],
        "accountNumber": ["other", "bob"]},
       "originatingVASP": {"originatingVASP": {"legalPerson": {
          "name": {"nameIdentifier": [{"legalPersonName": "Alpha Bank",
            "legalPersonNameIdentifierType": "LEGL"}]},
          "nationalIdentification": {"nationalIdentifier": "529900ALPHA000000001",
            "nationalIdentifierType": "LEIX"}}}},
       "beneficiaryVASP": {"beneficiaryVASP": {"legalPerson": {
          "name": {"nameIdentifier": [{"legalPersonName": "Beta Bank",
            "legalPersonNameIdentifierType": "LEGL"}]},
          "nationalIdentification": {"nationalIdentifier": "529900BETA0000000002",
            "nationalIdentifierType": "LEIX"}}}}}\
      """;

  private final List<String> kept = new ArrayList<>();
  private final TravelRule sender = rule(ALPHA_LEI, ALPHA_KEYS);
  private final TravelRule recipient = rule(BETA_LEI, BETA_KEYS);

  @Test
  void dataReachTheOtherGatewayAndNobodyElse() {
    InitializationRequest proposal = proposal(sealed(DATA));

    assertThat(recipient.judge(proposal, ALPHA, 0)).isEmpty();
    assertThat(proposal.getTravelRulePayload()).doesNotContain(PERSONAL);
    for (String part : proposal.getTravelRulePayload().split("\\.", -1)) {
      assertThat(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.ISO_8859_1))
          .doesNotContain(PERSONAL);
    }
    // Each time another text: who sees two of them does not learn whether they say the same.
    assertThat(sealed(DATA)).isNotEqualTo(proposal.getTravelRulePayload());
  }

  /** Whatever is not to this gateway, from this one, for this session is as good as nothing. */
  static List<UnaryOperator<InitializationRequest>> misdirected() {
    return List.of(
        proposal ->
            proposal.toBuilder()
                .setEnvelope(Envelope.newBuilder().setSessionId(SESSION.replace('0', '1')))
                .build(),
        proposal -> proposal.toBuilder().setTravelRulePayload("a.b.c.d.e").build(),
        proposal -> changed(proposal, 0),
        proposal -> changed(proposal, 2),
        proposal -> changed(proposal, 3),
        proposal -> changed(proposal, 4),
        // Right for the recipient's own gateway, but not for this one's key.
        proposal ->
            proposal.toBuilder()
                .setTravelRulePayload(sealed(DATA, ALPHA_KEYS.getPublic(), ALPHA, SESSION))
                .build());
  }

  private static String sealed(String json, PublicKey recipient, String sender, String session) {
    return JweCipher.encrypt(json.getBytes(StandardCharsets.UTF_8), recipient, sender, session);
  }

  @ParameterizedTest
  @MethodSource("misdirected")
  void dataOfAnotherTransferOrKeyAreRefused(UnaryOperator<InitializationRequest> change) {
    InitializationRequest proposal = change.apply(proposal(sealed(DATA)));

    assertThat(recipient.judge(proposal, ALPHA, 0))
        .singleElement()
        .extracting(Rejection::getField)
        .isEqualTo(TravelRule.FIELD);
  }

  @Test
  void dataSentAlongByAnotherGatewayAreRefused() {
    assertThat(recipient.judge(proposal(sealed(DATA)), "odapgw://alpha.example/gateway-2", 0))
        .hasSize(1);
  }

  /** One thing wrong at a time; both sides find it, and neither repeats what stands there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"accountNumber\": [\"alice\"] | \"accountNumber\": [\"mallory\"] | $.originator.accountNumber",
        "[\"other\", \"bob\"] | [\"other\"] | $.beneficiary.accountNumber",
        "529900ALPHA000000001 | 529900OTHER000000001 | $.originatingVASP",
        "529900BETA0000000002 | 529900OTHER000000002 | $.beneficiaryVASP",
        "529900BETA0000000002 | 5299 | beneficiaryVASP.legalPerson.nationalIdentification.nationalIdentifier (pattern)",
        "1964-08-12 | 12.8.1964 | dateOfBirth (pattern)",
        "\"nameIdentifierType\": \"LEGL\"} | \"nameIdentifierType\": \"NICK\"} | nameIdentifierType (enum)",
        "\"countryOfResidence\": \"DE\" | \"country\": \"Erika\" | naturalPerson (additionalProperties)",
        "\"countryOfResidence\": \"DE\" | \"countryOfResidence\": \"Erika Musterfrau\" | countryOfResidence",
        "\"originator\": { | \"originator\": 1, \"originator\": { | $ (json)",
      })
  void whatIsWrongIsNamedByPlaceAlone(String found, String instead, String place) {
    assertThat(DATA).contains(found);
    String wrong = DATA.replace(found, instead);
    OdapException refusal = catchThrowableOfType(OdapException.class, () -> sealed(wrong));

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(refusal.description()).startsWith("travel_rule: ").contains(place);
    assertThat(refusal.description()).doesNotContain(PERSONAL);
    String smuggled = sealed(wrong, BETA_KEYS.getPublic(), ALPHA, SESSION);
    assertThat(recipient.judge(proposal(smuggled), ALPHA, 0))
        .singleElement()
        .satisfies(rejection -> {
          assertThat(rejection.getDescription()).contains(place);
          assertThat(rejection.getDescription()).doesNotContain(PERSONAL);
          assertThat(rejection.getDescription().length()).isLessThanOrEqualTo(1_024);
        });
  }

  @Test
  void dataAreRequiredAboveAnAmountAndOfUniqueAssets() {
    assertThat(recipient.judge(proposal("", "1000"), ALPHA, 0)).isEmpty();
    assertThat(recipient.judge(proposal("", "1001"), ALPHA, 0))
        .singleElement()
        .extracting(Rejection::getDescription)
        .asString()
        .contains("required");
    InitializationRequest title =
        proposal("").toBuilder()
            .setAssetProfile(AssetProfile.newBuilder().setProfileId(TITLE))
            .setAsset(Asset.newBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId("1"))
            .build();
    assertThat(recipient.judge(title, ALPHA, 0)).hasSize(1);
    assertThat(
            catchThrowableOfType(
                    OdapException.class, () -> sender.seal("", title, SESSION, ALPHA, BETA))
                .reason())
        .isEqualTo(ErrorReason.ERROR_REASON_FIELD_MISSING);
    assertThat(sender.seal("", proposal("", "1000"), SESSION, ALPHA, BETA)).isEmpty();
  }

  @Test
  void aGatewayWithoutKeyIsSentNothingAndTheOneWithoutRuleTakesNothing() {
    assertThat(
            catchThrowableOfType(
                    OdapException.class,
                    () ->
                        sender.seal(DATA, proposal(""), SESSION, ALPHA, "odapgw://gamma.example/g"))
                .description())
        .contains("has no encryption key here");
    assertThat(TravelRule.NONE_TAKEN.judge(proposal(sealed(DATA)), ALPHA, 0)).hasSize(1);
    assertThat(TravelRule.NONE_TAKEN.judge(proposal(""), ALPHA, 0)).isEmpty();
  }

  /** Damaged messages are refused, damaged data are refused or taken, and nothing else happens. */
  @Test
  void nothingThatIsSentBreaksTheRule() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String sealed = sealed(DATA);
    int taken = 0;
    for (int i = 0; i < INPUTS; i++) {
      String payload =
          i % 10 == 0
              ? sealed(damaged(DATA, random), BETA_KEYS.getPublic(), ALPHA, SESSION)
              : damaged(sealed, random);
      try {
        if (recipient.judge(proposal(payload), ALPHA, 0).isEmpty()) {
          taken++;
        }
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", input " + i + ": " + payload, e);
      }
    }
    System.out.println(
        "travel rule: " + INPUTS + " damaged payloads, " + taken + " taken, seed " + seed);
    assertThat(taken).isLessThan(INPUTS / 10);
  }

  @Test
  void theSchemaTakesTheExample() {
    assertThat(PublishedSchema.TRAVEL_RULE.mistakes(DATA)).isEmpty();
  }

  private static String damaged(String text, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    int at = random.nextInt(damaged.length());
    switch (random.nextInt(3)) {
      case 0 -> damaged.deleteCharAt(at);
      case 1 -> damaged.insert(at, (char) random.nextInt(0x180));
      default -> damaged.setCharAt(at, "[]{}\",:0-.AQ_".charAt(random.nextInt(13)));
    }
    return damaged.toString();
  }

  private String sealed(String document) {
    return sender.seal(document, proposal(""), SESSION, ALPHA, BETA).orElseThrow();
  }

  private static InitializationRequest changed(InitializationRequest proposal, int part) {
    String[] parts = proposal.getTravelRulePayload().split("\\.", -1);
    byte[] bytes = Base64.getUrlDecoder().decode(parts[part]);
    bytes[bytes.length / 2] ^= 1;
    parts[part] = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return proposal.toBuilder().setTravelRulePayload(String.join(".", parts)).build();
  }

  private static InitializationRequest proposal(String payload) {
    return proposal(payload, "5000");
  }

  private static InitializationRequest proposal(String payload, String amount) {
    return InitializationRequest.newBuilder()
        .setEnvelope(Envelope.newBuilder().setSessionId(SESSION))
        .setAssetProfile(AssetProfile.newBuilder().setProfileId(CASH))
        .setAsset(Asset.newBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount(amount))
        .setOrigin("alice")
        .setDestination("bob")
        .setTravelRulePayload(payload)
        .build();
  }

  private TravelRule rule(String vasp, KeyPair keys) {
    return new TravelRule(
        new TravelRuleConfig(vasp, Path.of("unused"), Map.of(CASH, "1000", TITLE, "0"), List.of()),
        keys.getPrivate(),
        new Counterparties() {
          @Override
          public Optional<String> vasp(String gateway) {
            return switch (gateway) {
              case ALPHA -> Optional.of(ALPHA_LEI);
              case BETA -> Optional.of(BETA_LEI);
              default -> Optional.empty();
            };
          }

          @Override
          public Optional<String> encryptionKey(String gateway) {
            return switch (gateway) {
              case ALPHA -> Optional.of(PublicKeys.format(ALPHA_KEYS.getPublic()));
              case BETA -> Optional.of(PublicKeys.format(BETA_KEYS.getPublic()));
              default -> Optional.empty();
            };
          }
        },
        new TravelRuleArchive() {
          @Override
          public void put(String transfer, String payload) {
            kept.add(transfer + " " + payload);
          }

          @Override
          public Optional<String> get(String transfer) {
            return kept.stream()
                .filter(one -> one.startsWith(transfer + " "))
                .map(one -> one.substring(transfer.length() + 1))
                .findFirst();
          }
        });
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
