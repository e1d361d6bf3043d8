package org.odap.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.core.attestation.Attestation;
import org.odap.gateway.GatewayConfig.ApplicationProfileConfig;
import org.odap.gateway.GatewayConfig.ProfileConfig;
import org.odap.gateway.GatewayConfig.ProfileRulesConfig;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.application.ApplicationProfiles;
import org.odap.gateway.ledger.Ledger;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.gateway.profile.ProfileRules;
import org.odap.gateway.quorum.QuorumKeys;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.MemberConfig;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapException;

/**
 * What an order must hold (ODAP 5.10.6, 6.1), and the session it runs in (RFC 9562, version 8).
 *
 * <p>The orders know no ledger, so the sound order gets as far as LEDGER_UNKNOWN: all its fields
 * were taken.
 */
class OrdersTest {
  private static final String CLIENT = "odapclient://alpha.example/treasury";
  private static final String CASH = "urn:example:cash";
  private static final String TITLES = "urn:example:titles";
  private static final String KEY =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyUh87Qy3vSTCA2II_y-4s13eMu7ruBgYXoQXk3bGZ3wSkWNHhhB2PlMi"
          + "TTEAk1yvtrfTwqqpmpQICGmx13pLhw";
  private static final String UINT256_END =
      "115792089237316195423570985008687907853269984665640564039457584007913129639936";

  @TempDir static Path folder;
  private static AssetProfiles profiles;
  private static Orders orders;

  @BeforeAll
  static void knowProfiles() throws IOException {
    profiles =
        AssetProfiles.read(
            List.of(profile(CASH, "ASSET_KIND_FUNGIBLE"), profile(TITLES, "ASSET_KIND_UNIQUE")));
    orders = orders(new Ledgers(List.of()), List.of());
  }

  private static Orders orders(Ledgers ledgers, List<GroupConfig> participants) {
    return new Orders(
        profiles,
        new ProfileRules(
            new ProfileRulesConfig(
                List.of(), List.of(), List.of(), List.of(), Optional.empty(), true, List.of())),
        new ApplicationProfiles(
            List.of(
                new ApplicationProfileConfig("MANY", manyParameters()),
                new ApplicationProfileConfig("AUDIT", Map.of("X-Auditor", "[a-z]{1,20}"))),
            Optional.empty()),
        ledgers,
        new TimingConfig(
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ofSeconds(15),
            Duration.ofMinutes(10),
            Duration.ofMinutes(1)),
        LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
        new OnePeer("odapgw://alpha.example/gateway-1"),
        new QuorumKeys(List.of(), participants),
        Counterpart.UNKNOWN,
        Attestation.UNASKED,
        Clock.systemUTC());
  }

  private static ProfileConfig profile(String id, String kind) throws IOException {
    Path file = folder.resolve(id.substring(id.lastIndexOf(':') + 1) + ".json");
    Files.writeString(
        file,
        """
        {"profile_id": "%s", "profile_version": "1", "kind": "%s",
         "issuer": "Example", "asset_code": "X"}\
        """
            .formatted(id, kind));
    return new ProfileConfig(Optional.of(file), Optional.empty(), Map.of("sql-alpha", "class"));
  }

  private static StartTransferRequest.Builder sound() {
    return StartTransferRequest.newBuilder()
        .setRequestId("order-1")
        .setSenderDltSystem("sql-alpha")
        .setRecipientGateway("odapgw://beta.example/gateway-1")
        .setRecipientDltSystem("sql-beta")
        .setAssetProfileId(CASH)
        .setAsset(Asset.newBuilder().setAmount("30"))
        .setOrigin("alice")
        .setOriginatorPubkey(KEY)
        .setDestination("bob")
        .setBeneficiaryPubkey(KEY);
  }

  private static OdapException refusalOf(StartTransferRequest order) {
    return catchThrowableOfType(OdapException.class, () -> orders.order(order, CLIENT));
  }

  @ParameterizedTest
  @MethodSource
  void fieldsAreTakenUpToTheirBounds(String what, Consumer<StartTransferRequest.Builder> change) {
    StartTransferRequest.Builder order = sound();
    change.accept(order);
    assertThat(refusalOf(order.build()).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_LEDGER_UNKNOWN);
  }

  static Stream<Arguments> fieldsAreTakenUpToTheirBounds() {
    return Stream.of(
        taken("the sound order", order -> {}),
        taken("request_id", order -> order.setRequestId(text(128))),
        taken("sender_dlt_system", order -> order.setSenderDltSystem(text(128))),
        taken("recipient_gateway", order -> order.setRecipientGateway(text(256))),
        taken("recipient_dlt_system", order -> order.setRecipientDltSystem(text(128))),
        taken("origin", order -> order.setOrigin(text(256))),
        taken("destination", order -> order.setDestination(text(256))),
        taken("no destination", order -> order.clearDestination()),
        taken("lock_duration_millis", order -> order.setLockDurationMillis(15_000)),
        taken("client_transfer_number", order -> order.setClientTransferNumber(text(128))),
        taken("application_profile", OrdersTest::many));
  }

  private static Arguments taken(String what, Consumer<StartTransferRequest.Builder> change) {
    return Arguments.of(what, change);
  }

  @ParameterizedTest
  @MethodSource
  void aMissingFieldIsNamed(String field, Consumer<StartTransferRequest.Builder> change) {
    assertRefused(change, field, ErrorReason.ERROR_REASON_FIELD_MISSING, "missing");
  }

  static Stream<Arguments> aMissingFieldIsNamed() {
    return Stream.of(
        missing("request_id", order -> order.clearRequestId()),
        missing("sender_dlt_system", order -> order.clearSenderDltSystem()),
        missing("recipient_gateway", order -> order.clearRecipientGateway()),
        missing("recipient_dlt_system", order -> order.clearRecipientDltSystem()),
        missing("asset_profile_id", order -> order.clearAssetProfileId()),
        missing("asset.amount", order -> order.clearAsset()),
        missing("asset.asset_id", order -> order.setAssetProfileId(TITLES).clearAsset()),
        missing("origin", order -> order.clearOrigin()),
        missing("originator_pubkey", order -> order.clearOriginatorPubkey()),
        missing("beneficiary_pubkey", order -> order.clearBeneficiaryPubkey()));
  }

  private static Arguments missing(String field, Consumer<StartTransferRequest.Builder> change) {
    return Arguments.of(field, change);
  }

  @ParameterizedTest
  @MethodSource
  void aWrongFieldIsNamedWithWhatWasExpected(
      String field, String expected, Consumer<StartTransferRequest.Builder> change) {
    assertRefused(change, field, ErrorReason.ERROR_REASON_FIELD_INVALID, expected);
  }

  static Stream<Arguments> aWrongFieldIsNamedWithWhatWasExpected() {
    return Stream.of(
        wrong("request_id", "at most 128", order -> order.setRequestId(text(129))),
        wrong("request_id", "printable text", order -> order.setRequestId("a\nb")),
        wrong("sender_dlt_system", "at most 128", order -> order.setSenderDltSystem(text(129))),
        wrong("recipient_gateway", "at most 256", order -> order.setRecipientGateway(text(257))),
        wrong(
            "recipient_dlt_system", "at most 128", order -> order.setRecipientDltSystem(text(129))),
        wrong(
            "recipient_dlt_system",
            "another ledger",
            order -> order.setRecipientDltSystem("sql-alpha")),
        wrong("asset_profile_id", "at most 256", order -> order.setAssetProfileId(text(257))),
        wrong("origin", "at most 256", order -> order.setOrigin(text(257))),
        wrong("destination", "at most 256", order -> order.setDestination(text(257))),
        wrong("originator_pubkey", "SPKI", order -> order.setOriginatorPubkey("not a key")),
        wrong("beneficiary_pubkey", "SPKI", order -> order.setBeneficiaryPubkey(KEY + "AA")),
        wrong("lock_duration_millis", "15000", order -> order.setLockDurationMillis(14_999)),
        wrong("escrow_type", "EscrowType", order -> order.setEscrowTypeValue(4_711)),
        wrong("commit_protocol", "CommitProtocol", order -> order.setCommitProtocolValue(4_711)),
        wrong(
            "client_transfer_number",
            "at most 128",
            order -> order.setClientTransferNumber(text(129))),
        wrong("developer_urn", "odapclient:", order -> order.setDeveloperUrn("urn:dev:somebody")),
        wrong(
            "application_profile.application_name",
            "at most 64",
            order -> order.getApplicationProfileBuilder().setApplicationName(text(65))),
        wrong(
            "application_profile.parameters",
            "at most 32",
            order -> parameters(order, 33, "X", "value")),
        wrong(
            "application_profile.parameters",
            "at most 128",
            order -> parameters(order, 1, text(129), "value")),
        wrong(
            "application_profile.parameters",
            "at most 1024",
            order -> parameters(order, 1, "X", text(1_025))),
        wrong("asset.amount", "decimal uint256", order -> amount(order, "1.5")),
        wrong("asset.amount", "decimal uint256", order -> amount(order, "-1")),
        wrong("asset.amount", "decimal uint256", order -> amount(order, "007")),
        wrong("asset.amount", "decimal uint256", order -> amount(order, UINT256_END)),
        wrong("asset.amount", "more than 0", order -> amount(order, "0")),
        wrong("asset.asset_id", "empty", order -> order.getAssetBuilder().setAssetId("1")),
        wrong(
            "asset.asset_id",
            "decimal uint256",
            order ->
                order.setAssetProfileId(TITLES).getAssetBuilder().clearAmount().setAssetId("x")),
        wrong(
            "asset.amount",
            "empty",
            order -> order.setAssetProfileId(TITLES).getAssetBuilder().setAssetId("1")),
        wrong(
            "asset.kind",
            "ASSET_KIND_FUNGIBLE",
            order -> order.getAssetBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE)));
  }

  private static Arguments wrong(
      String field, String expected, Consumer<StartTransferRequest.Builder> change) {
    return Arguments.of(field, expected, change);
  }

  private static void assertRefused(
      Consumer<StartTransferRequest.Builder> change,
      String field,
      ErrorReason reason,
      String words) {
    StartTransferRequest.Builder order = sound();
    change.accept(order);
    OdapException refusal = refusalOf(order.build());
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.description()).startsWith(field + ": ").contains(words);
    assertThat(refusal.fieldViolations()).extracting(FieldViolation::field).containsExactly(field);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    OdapException refusal =
        refusalOf(sound().clearOrigin().setLockDurationMillis(1).clearRequestId().build());

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(refusal.fieldViolations())
        .extracting(FieldViolation::field)
        .containsExactly("request_id", "origin", "lock_duration_millis");
  }

  /**
   * What several gateways are given at once goes only where participants let one of them through.
   */
  @Test
  @Tag("IT-7")
  void oneOfSeveralNeedsParticipantsWhoLetOneThrough() {
    Ledgers ledgers = withoutParticipants();
    StartTransferRequest order = sound().setOneOfSeveral(true).build();
    for (List<GroupConfig> known : List.of(List.<GroupConfig>of(), List.of(betas()))) {
      OdapException refusal =
          catchThrowableOfType(
              OdapException.class, () -> orders(ledgers, known).order(order, CLIENT));
      assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED);
      assertThat(refusal.description()).startsWith("one_of_several: ");
    }
  }

  /** Its claims could never be taken: that is said before anything is locked. */
  @Test
  @Tag("IT-2")
  void aLedgerThatIsBelievedInTheInterTrustModeAloneIsNotOrderedToInAnother() {
    OdapException refusal =
        catchThrowableOfType(
            OdapException.class,
            () -> orders(withoutParticipants(), List.of(betas())).order(sound().build(), CLIENT));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED);
    assertThat(refusal.description()).startsWith("recipient_dlt_system: ");
  }

  /** A ledger for which its gateway alone speaks; nobody is asked of it here. */
  private static Ledgers withoutParticipants() {
    ManagedChannel nobody = NettyChannelBuilder.forAddress("127.0.0.1", 1).usePlaintext().build();
    return new Ledgers(List.of(new Ledger("sql-alpha", nobody, Duration.ofSeconds(1))));
  }

  private static GroupConfig betas() {
    return new GroupConfig(
        "sql-beta",
        0,
        Optional.of(1),
        List.of(
            new MemberConfig("odapparticipant://beta.example/bank-1", KEY, KEY, Optional.empty())));
  }

  @Test
  void sameClientAndRequestGiveTheSameSession() {
    assertThat(orders.sessionId(CLIENT, "order-1")).isEqualTo(orders.sessionId(CLIENT, "order-1"));
  }

  @Test
  void anotherClientOrRequestGivesAnotherSession() {
    assertThat(orders.sessionId(CLIENT, "order-1"))
        .isNotEqualTo(orders.sessionId(CLIENT, "order-2"))
        .isNotEqualTo(orders.sessionId(CLIENT + "2", "order-1"));
    // The two parts don't run into each other.
    assertThat(orders.sessionId("a", "bc")).isNotEqualTo(orders.sessionId("ab", "c"));
  }

  @Test
  void sessionIsUuidOfVersion8() {
    for (int i = 0; i < 100; i++) {
      UUID session = UUID.fromString(orders.sessionId(CLIENT, "order-" + i));
      assertThat(session.version()).isEqualTo(8);
      assertThat(session.variant()).isEqualTo(2);
    }
  }

  private static String text(int length) {
    return "a".repeat(length);
  }

  private static void amount(StartTransferRequest.Builder order, String amount) {
    order.getAssetBuilder().setAmount(amount);
  }

  private static void parameters(
      StartTransferRequest.Builder order, int count, String name, String value) {
    IntStream.range(0, count)
        .forEach(i ->
            order.getApplicationProfileBuilder().putParameters(i == 0 ? name : "X-" + i, value));
  }

  private static void many(StartTransferRequest.Builder order) {
    parameters(order, 32, text(128), text(1_024));
    order.getApplicationProfileBuilder().setApplicationName("MANY");
  }

  private static Map<String, String> manyParameters() {
    Map<String, String> parameters = new HashMap<>();
    parameters.put(text(128), ".*");
    IntStream.range(1, 32).forEach(number -> parameters.put("X-" + number, ".*"));
    return parameters;
  }

  @Test
  @Tag("ODAP-9")
  void anApplicationProfileIsSupportedWithItsParametersOrTheOrderIsRefused() {
    assertThat(unsupported("AUDIT", "X-Auditor", "erica")).isEmpty();
    assertThat(unsupported("AUDIT", "X-Auditor", "Erica").orElseThrow())
        .isEqualTo("application_profile: X-Auditor does not fit (expected: [a-z]{1,20})");
    assertThat(unsupported("AUDIT", "X-Other", "erica").orElseThrow())
        .contains("X-Other (expected: one of [X-Auditor])");
    assertThat(unsupported("TRACKER", "X-Tracker_URL", "https://a.example").orElseThrow())
        .isEqualTo(
            "application_profile: TRACKER is not supported (expected: one of [MANY, AUDIT])");
  }

  private static Optional<String> unsupported(String profile, String parameter, String value) {
    StartTransferRequest.Builder order = sound();
    order
        .getApplicationProfileBuilder()
        .setApplicationName(profile)
        .putParameters(parameter, value);
    OdapException refusal = refusalOf(order.build());
    return Optional.of(refusal)
        .filter(one -> one.reason() == ErrorReason.ERROR_REASON_APPLICATION_PROFILE_UNSUPPORTED)
        .map(OdapException::description);
  }

  /** A gateway that knows one other, in front of every ledger. */
  private record OnePeer(String identity) implements Orders.Parties {
    @Override
    public String pubkey() {
      return KEY;
    }

    @Override
    public String pubkeyOf(String gateway) {
      return KEY;
    }

    @Override
    public Optional<String> anyInFrontOf(String dltSystem) {
      return Optional.empty();
    }
  }
}
