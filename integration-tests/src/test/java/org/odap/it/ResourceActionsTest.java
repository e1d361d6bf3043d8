package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.client.v1.ResponseCode.RESPONSE_CODE_FAILURE;
import static org.odap.api.client.v1.ResponseCode.RESPONSE_CODE_SUCCESS;

import io.grpc.ManagedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.DiscoverResourcesRequest;
import org.odap.api.client.v1.GetActionRequest;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.client.v1.NegotiateCredentialsResponse;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.Resource;
import org.odap.api.client.v1.SubscribeResourceRequest;
import org.odap.api.client.v1.SubscribeResourceResponse;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.access.Permission;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Es256;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.it.system.Calls;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.Organization;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/**
 * What a client does with a ledger behind its gateway: actions, sessions, rights (ODAP 5.5-5.12).
 */
@ExtendWith(SharedSystem.class)
class ResourceActionsTest {
  private StorySystem system;
  private Organization alpha;
  private Client client;
  private Calls calls;
  private ResourceDescriptor ledger;

  @BeforeEach
  void callsOfTheClient(StorySystem given) {
    system = given;
    alpha = system.alpha();
    client = new Client(alpha);
    client.awaitLedgers();
    calls = new Calls(alpha.channel(alpha.gateway()), alpha.client());
    ledger = alpha.resources().ledger(Journey.FROM);
  }

  private static Asset coins(String amount) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(Profile.CASH.assetClass())
        .setAmount(amount)
        .build();
  }

  private PerformActionRequest.Builder create(String owner) {
    return calls.action(Action.ACTION_CREATE, ledger).setAsset(coins("50")).setAccount(owner);
  }

  private ResourceDescriptor at(String location) {
    return ResourceDescriptor.parse(ledger + "/" + location).orElseThrow();
  }

  private static PerformActionResponse succeeded(PerformActionResponse answer) {
    assertThat(answer.getResponseCode())
        .as(answer.getReason() + " " + answer.getDescription())
        .isEqualTo(RESPONSE_CODE_SUCCESS);
    return answer;
  }

  private String balance(String account) {
    return succeeded(
            calls.done(
                calls.action(Action.ACTION_READ, ledger).setAsset(coins("")).setAccount(account)))
        .getResult();
  }

  @Test
  @Tag("ODAP-11")
  @Tag("ODAP-12")
  @Tag("ODAP-13")
  @Tag("ODAP-1")
  void everyActionOnASqlLedger() {
    String owner = Client.account("owner");
    Iterator<SubscribeResourceResponse> events =
        calls
            .service()
            .subscribeResource(
                SubscribeResourceRequest.newBuilder()
                    .setResourceUrl(ledger.format())
                    .setCursor("0")
                    .build());

    PerformActionResponse created = succeeded(calls.done(create(owner)));
    assertThat(created.getClaim().getFinality().getFinal()).isTrue();
    assertThat(created.getClaim().getTransactionId()).isNotEmpty();
    assertSigned(created);
    assertThat(balance(owner)).contains("\"amount\":\"50\"");

    succeeded(
        calls.done(
            calls
                .action(
                    Action.ACTION_WRITE, at("approvals/" + Profile.CASH.assetClass() + "/" + owner))
                .setEnvelope(
                    calls
                        .envelope(at("approvals/" + Profile.CASH.assetClass() + "/" + owner))
                        .setPayload("{\"approved\":true}"))));
    PerformActionRequest.Builder lock =
        calls
            .action(Action.ACTION_LOCK, ledger)
            .setAsset(coins("20"))
            .setAccount(owner)
            .setLockExpiry(System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1));
    assertThat(succeeded(calls.done(lock)).getClaim().getLockExpiry())
        .isEqualTo(lock.getLockExpiry());
    assertThat(balance(owner)).contains("LOCKED");
    succeeded(
        calls.done(
            calls.action(Action.ACTION_UNLOCK, ledger).setLockRequestId(lock.getRequestId())));
    assertThat(balance(owner)).doesNotContain("LOCKED");

    PerformActionResponse destroyed =
        calls.done(
            calls.action(Action.ACTION_DESTROY, ledger).setAsset(coins("50")).setAccount(owner));
    succeeded(destroyed);
    assertThat(balance(owner)).doesNotContain("\"amount\":\"50\"");

    assertThat(events.hasNext()).isTrue();
    assertThat(events.next().getFinality().getFinal()).isTrue();
    assertThat(
            Client.reason(() ->
                calls
                    .service()
                    .performAction(
                        calls.action(Action.ACTION_INVOKE, at("code")).setFunction("f").build())))
        .isEqualTo(ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED);
    PerformActionResponse unsigned =
        calls.done(
            calls
                .action(Action.ACTION_NATIVE_TXN, ledger)
                .setNativeTransaction(
                    com.google.protobuf.ByteString.copyFrom(
                        "{\"payload\":\"e30\",\"signature\":\"AA\"}", StandardCharsets.UTF_8)));
    assertThat(unsigned.getResponseCode()).isEqualTo(RESPONSE_CODE_FAILURE);
  }

  private void assertSigned(PerformActionResponse answer) {
    Envelope envelope = answer.getEnvelope();
    PerformActionResponse unsigned =
        answer.toBuilder().setEnvelope(envelope.toBuilder().clearMessageSignature()).build();
    String pubkey =
        client
            .gateway()
            .describeGateway(org.odap.api.client.v1.DescribeGatewayRequest.getDefaultInstance())
            .getPubkey();
    assertThat(Es256.verify(pubkey, CanonicalJson.of(unsigned), envelope.getMessageSignature()))
        .isTrue();
    assertThat(envelope.getActionResponse()).isEqualTo("200");
  }

  @Test
  @Tag("ODAP-11")
  void aTransferIsAnActionToo() {
    String from = Client.account("from");
    client.issue(Journey.FROM, Profile.CASH, Client.amount(5), from);
    client.approve(Journey.FROM, Profile.CASH, from);
    String order =
        org.odap.cli.OutputOptions.json(
            client
                .order(Journey.FROM, system.beta(), "sql-beta", Profile.CASH, Client.amount(5))
                .clearRequestId()
                .setOrigin(from)
                .setDestination(Client.account("to")));
    PerformActionRequest.Builder transfer =
        calls
            .action(Action.ACTION_TRANSFER, ledger)
            .setEnvelope(calls.envelope(ledger).setPayload(order));

    PerformActionResponse done = succeeded(calls.done(transfer));

    assertThat(done.getResult()).contains("TRANSFER_OUTCOME_COMPLETED");
  }

  @Test
  @Tag("OURS-5")
  void aRepeatIsAnsweredTheSameAndDoneOnce() {
    String owner = Client.account("owner");
    PerformActionRequest request = create(owner).build();

    PerformActionResponse first = succeeded(calls.service().performAction(request));

    assertThat(calls.service().performAction(request)).isEqualTo(first);
    assertThat(balance(owner)).contains("\"amount\":\"50\"");
    assertThat(
            Client.reason(() ->
                calls.service().performAction(request.toBuilder().setAsset(coins("51")).build())))
        .isEqualTo(ErrorReason.ERROR_REASON_REQUEST_ID_REUSED);
  }

  @Test
  @Tag("OURS-5")
  @Tag("2PC-3")
  void aGatewayKilledBetweenAsksTheLedgerByItsKey() {
    String owner = Client.account("owner");
    PerformActionRequest request = create(owner).build();
    system.kill(Journey.FROM);
    assertThat(Client.reason(() -> calls.service().performAction(request)))
        .isEqualTo(ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE);
    system.kill("gateway-alpha");
    system.start(Journey.FROM);
    system.start("gateway-alpha");

    PerformActionResponse done =
        Conditions.await(
                "the gateway to go on",
                () -> {
                  try {
                    return java.util.Optional.of(calls.service().performAction(request));
                  } catch (io.grpc.StatusRuntimeException e) {
                    return java.util.Optional.<PerformActionResponse>empty();
                  }
                },
                java.util.Optional::isPresent)
            .orElseThrow();

    succeeded(done);
    assertThat(calls.service().performAction(request)).isEqualTo(done);
    assertThat(
            calls
                .service()
                .getAction(
                    GetActionRequest.newBuilder().setRequestId(request.getRequestId()).build())
                .getClaim())
        .isEqualTo(done.getClaim());
    assertThat(balance(owner)).contains("\"amount\":\"50\"");
  }

  @Test
  @Tag("ODAP-7")
  @Tag("ODAP-6")
  void aSessionNumbersItsActions() {
    String session = UUID.randomUUID().toString();
    NegotiateCredentialsRequest offer =
        NegotiateCredentialsRequest.newBuilder()
            .setEnvelope(
                calls
                    .envelope(alpha.resources().gateway())
                    .setSessionId(session)
                    .setSequenceNumber(7))
            .addCredentialSchemes(CredentialScheme.CREDENTIAL_SCHEME_SAML)
            .addCredentialSchemes(CredentialScheme.CREDENTIAL_SCHEME_X509)
            .build();

    NegotiateCredentialsResponse agreed = calls.service().negotiateCredentials(offer);

    assertThat(agreed.getCredentialScheme()).isEqualTo(CredentialScheme.CREDENTIAL_SCHEME_X509);
    assertThat(agreed.getEnvelope().getSequenceNumber()).isEqualTo(7);
    assertThat(calls.service().negotiateCredentials(offer).getCredentialScheme())
        .isEqualTo(CredentialScheme.CREDENTIAL_SCHEME_X509);
    String owner = Client.account("owner");
    PerformActionRequest first = numbered(create(owner), session, 8);
    PerformActionResponse answer = succeeded(calls.service().performAction(first));
    assertThat(answer.getEnvelope().getSequenceNumber()).isEqualTo(8);
    assertThat(calls.service().performAction(first)).isEqualTo(answer);
    assertRefused(numbered(create(owner), session, 10), ErrorReason.ERROR_REASON_SEQUENCE_GAP);
    assertRefused(numbered(create(owner), session, 8), ErrorReason.ERROR_REASON_SEQUENCE_REUSED);
    assertRefused(numbered(create(owner), session, 7), ErrorReason.ERROR_REASON_SEQUENCE_REUSED);
    assertRefused(
        numbered(first.toBuilder(), session, 9), ErrorReason.ERROR_REASON_REQUEST_ID_REUSED);
    assertRefused(
        numbered(create(owner), UUID.randomUUID().toString(), 8),
        ErrorReason.ERROR_REASON_SESSION_UNKNOWN);
    succeeded(calls.service().performAction(numbered(create(owner), session, 9)));
    assertThat(balance(owner)).contains("\"amount\":\"100\"");

    assertThat(
            Client.reason(() ->
                calls
                    .service()
                    .negotiateCredentials(
                        offer.toBuilder()
                            .clearCredentialSchemes()
                            .addCredentialSchemes(CredentialScheme.CREDENTIAL_SCHEME_SAML)
                            .build())))
        .isEqualTo(ErrorReason.ERROR_REASON_CREDENTIAL_SCHEME_UNSUPPORTED);
  }

  private static PerformActionRequest numbered(
      PerformActionRequest.Builder request, String session, int number) {
    request.getEnvelopeBuilder().setSessionId(session).setSequenceNumber(number);
    return request.build();
  }

  private void assertRefused(PerformActionRequest request, ErrorReason reason) {
    assertThat(Client.reason(() -> calls.service().performAction(request))).isEqualTo(reason);
  }

  @Test
  @Tag("ODAP-1")
  void whatIsWrongInAnEnvelopeIsRefused() {
    PerformActionRequest right = create(Client.account("owner")).build();

    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder().clearVersion(),
        ErrorReason.ERROR_REASON_VERSION_UNSUPPORTED);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder().clearOdapPhase(),
        ErrorReason.ERROR_REASON_PHASE_WRONG);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder().clearDeveloperUrn(),
        ErrorReason.ERROR_REASON_FIELD_MISSING);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder().setDeveloperUrn(alpha.clerk().uri()),
        ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder().setActionResponse("200"),
        ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder()
            .setResourceUrl(system.beta().resources().ledger("sql-beta").format()),
        ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder()
            .setResourceUrl(alpha.resources().assets(Journey.FROM, "other").format()),
        ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder()
            .setResourceUrl(alpha.resources().ledger("nowhere").format()),
        ErrorReason.ERROR_REASON_LEDGER_UNKNOWN);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder().setPayloadHash("0".repeat(64)),
        ErrorReason.ERROR_REASON_PAYLOAD_HASH_WRONG);
    assertEnvelopeRefused(
        right,
        right.getEnvelope().toBuilder().setMessageSignature("A".repeat(86)),
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID);
  }

  private void assertEnvelopeRefused(
      PerformActionRequest right, Envelope.Builder wrong, ErrorReason reason) {
    assertRefused(right.toBuilder().setEnvelope(wrong).build(), reason);
  }

  @Test
  @Tag("ODAP-4")
  @Tag("ODAP-10")
  void rightsAreThoseOfTheAccessFileAsItIsNow() {
    ManagedChannel channel = alpha.gatewayAs("clerk");
    try {
      Calls clerks = new Calls(channel, alpha.clerk());
      assertThat(discovered(clerks, false)).isEmpty();
      assertThat(discovered(clerks, true))
          .isNotEmpty()
          .allSatisfy(resource -> {
            assertThat(resource.getAccessible()).isFalse();
            assertThat(resource.getActionsList()).isEmpty();
            assertThat(resource.getAccessRequest()).isEqualTo("ask the office");
          });

      alpha.allowClerk(Permission.READ, Permission.CREATE);
      List<Resource> seen =
          Conditions.await(
              "the clerk's rights", () -> discovered(clerks, false), all -> !all.isEmpty());

      assertThat(seen)
          .filteredOn(resource -> resource.getResourceUrl().equals(ledger.format()))
          .singleElement()
          .satisfies(resource ->
              assertThat(resource.getActionsList())
                  .containsExactly(Action.ACTION_CREATE, Action.ACTION_READ));
      String owner = Client.account("owner");
      PerformActionRequest.Builder create =
          clerks.action(Action.ACTION_CREATE, ledger).setAsset(coins("1")).setAccount(owner);
      succeeded(clerks.done(create));
      assertThat(
              Client.reason(() ->
                  clerks
                      .service()
                      .performAction(
                          clerks
                              .action(Action.ACTION_DESTROY, ledger)
                              .setAsset(coins("1"))
                              .setAccount(owner)
                              .build())))
          .isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
      // Another client's action is none.
      assertThat(
              Client.reason(() ->
                  calls
                      .service()
                      .getAction(
                          GetActionRequest.newBuilder()
                              .setRequestId(create.getRequestId())
                              .build())))
          .isEqualTo(ErrorReason.ERROR_REASON_STEP_UNKNOWN);
    } finally {
      alpha.allowClerk();
      channel.shutdownNow();
    }
  }

  @Test
  @Tag("ODAP-4")
  void aLockIsEndedByWhoMayUnlockWhatItIsOn() {
    ResourceDescriptor titles = alpha.resources().assets(Journey.FROM, Profile.TITLE.assetClass());
    ResourceDescriptor cash = alpha.resources().assets(Journey.FROM, Profile.CASH.assetClass());
    ManagedChannel channel = alpha.gatewayAs("clerk");
    try {
      Calls clerks = new Calls(channel, alpha.clerk());
      allow(clerks, Map.of(titles, Set.of(Permission.LOCK), cash, Set.of(Permission.UNLOCK)), 2);
      PerformActionRequest.Builder lock = lockOfATitle(clerks);
      succeeded(clerks.done(lock));

      assertThat(Client.reason(() -> clerks.done(unlock(clerks, ledger, lock))))
          .isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
      assertThat(Client.reason(() -> clerks.done(unlock(clerks, cash, lock))))
          .isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);

      allow(clerks, Map.of(titles, Set.of(Permission.LOCK, Permission.UNLOCK)), 1);
      succeeded(clerks.done(unlock(clerks, ledger, lock)));
    } finally {
      alpha.allowClerk();
      channel.shutdownNow();
    }
  }

  /** What is accessible, once the gateway has taken the rules up: so many of the two classes. */
  private void allow(Calls clerks, Map<ResourceDescriptor, Set<Permission>> rules, int classes) {
    alpha.allowClerk(rules);
    var _ =
        Conditions.await(
            "the clerk's rights",
            () -> discovered(clerks, false),
            seen ->
                seen.stream()
                        .filter(one -> one.getAccessible() && !one.getActionsList().isEmpty())
                        .count()
                    == classes);
  }

  private PerformActionRequest.Builder lockOfATitle(Calls clerks) {
    String owner = Client.account("owner");
    Asset title = Client.unique();
    client.issue(Journey.FROM, Profile.TITLE, title, owner);
    client.approve(Journey.FROM, Profile.TITLE, owner);
    return clerks
        .action(Action.ACTION_LOCK, ledger)
        .setAsset(
            title.toBuilder()
                .setKind(AssetKind.ASSET_KIND_UNIQUE)
                .setAssetClass(Profile.TITLE.assetClass()))
        .setAccount(owner)
        .setLockExpiry(System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1));
  }

  private static PerformActionRequest.Builder unlock(
      Calls clerks, ResourceDescriptor resource, PerformActionRequest.Builder lock) {
    return clerks.action(Action.ACTION_UNLOCK, resource).setLockRequestId(lock.getRequestId());
  }

  private static List<Resource> discovered(Calls who, boolean inaccessible) {
    return who.service()
        .discoverResources(
            DiscoverResourcesRequest.newBuilder().setIncludeInaccessible(inaccessible).build())
        .getResourcesList();
  }
}
