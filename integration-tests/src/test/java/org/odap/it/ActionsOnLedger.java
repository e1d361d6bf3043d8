package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.client.v1.ResponseCode.RESPONSE_CODE_FAILURE;
import static org.odap.api.client.v1.ResponseCode.RESPONSE_CODE_SUBMITTED;
import static org.odap.api.client.v1.ResponseCode.RESPONSE_CODE_SUCCESS;

import com.google.protobuf.ByteString;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.GetActionResponse;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.SubscribeResourceRequest;
import org.odap.api.client.v1.SubscribeResourceResponse;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.ErrorReason;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.NativePayments;
import org.odap.it.system.ResourceClient;
import org.odap.runtime.identity.TlsMaterial;

/**
 * A client that takes every action on one ledger (ODAP 5.10).
 *
 * @param ledger where effects are seen
 * @param assetId a unique asset nobody else uses
 */
record ActionsOnLedger(
    ResourceClient client,
    RunningSide side,
    LedgerView ledger,
    NativePayments payments,
    String assetId) {

  void all(RunningSide recipient, LedgerView recipientsLedger) {
    offers();
    String created = creates();
    isToldOf(created);
    reads();
    writes();
    invokes();
    locksAndUnlocks();
    destroys();
    paysNatively();
    transfers(recipient, recipientsLedger);
    outlivesItsSession();
  }

  private ResourceDescriptor resource() {
    return side.side().resources().ledger(side.side().dltSystem());
  }

  private ResourceDescriptor at(String location) {
    return ResourceDescriptor.parse(resource() + "/" + location).orElseThrow();
  }

  private Asset title() {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(side.names().title())
        .setAssetId(assetId)
        .build();
  }

  private Asset cash(String amount) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(side.names().cash())
        .setAmount(amount)
        .build();
  }

  private boolean can(Action action) {
    return ledger.capabilities().contains(word(action));
  }

  private static String word(Action action) {
    return action == Action.ACTION_TRANSFER
        ? "TRANSFER_STEPS"
        : action.name().substring("ACTION_".length());
  }

  private PerformActionResponse succeeded(PerformActionRequest.Builder request) {
    PerformActionResponse answer = client.done(request);
    assertThat(answer.getResponseCode())
        .as(request.getAction() + ": " + answer.getReason() + " " + answer.getDescription())
        .isEqualTo(RESPONSE_CODE_SUCCESS);
    return answer;
  }

  private void refused(PerformActionRequest.Builder request) {
    assertThat(Client.reason(() -> client.perform(request.build())))
        .isEqualTo(ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED);
  }

  /** Discovery (ODAP 5.9) says what the ledger's own description does. */
  private void offers() {
    List<String> capabilities = ledger.capabilities();
    Set<Action> offered = EnumSet.noneOf(Action.class);
    client.discover().stream()
        .filter(one -> one.getResourceUrl().equals(resource().format()))
        .forEach(one -> offered.addAll(one.getActionsList()));
    assertThat(
            EnumSet.complementOf(EnumSet.of(Action.ACTION_UNSPECIFIED, Action.UNRECOGNIZED))
                .stream()
                .filter(action -> capabilities.contains(word(action))))
        .containsExactlyInAnyOrderElementsOf(offered)
        .contains(
            Action.ACTION_CREATE,
            Action.ACTION_LOCK,
            Action.ACTION_UNLOCK,
            Action.ACTION_TRANSFER,
            Action.ACTION_SUBSCRIBE,
            Action.ACTION_DESTROY,
            Action.ACTION_READ,
            Action.ACTION_NATIVE_TXN);
  }

  private String creates() {
    PerformActionRequest.Builder create =
        client.action(Action.ACTION_CREATE, resource()).setAsset(title()).setAccount(side.holder());
    assertThat(ledger.whereabouts(title())).isEqualTo("nowhere");

    PerformActionResponse created = succeeded(create);

    assertThat(ledger.whereabouts(title())).isEqualTo(side.holder() + " RECORD_STATE_AVAILABLE");
    assertThat(created.getClaim().getFinality().getFinal()).isTrue();
    assertThat(client.done(create).getClaim()).isEqualTo(created.getClaim());
    PerformActionResponse second =
        client.done(create.clone().setRequestId(create.getRequestId() + "-second"));
    assertThat(second.getReason()).isEqualTo(ErrorReason.ERROR_REASON_ASSET_EXISTS);
    return created.getClaim().getTransactionId();
  }

  /** Events come once they are final, also to who asks later. */
  private void isToldOf(String transactionId) {
    String beginning =
        switch (side.side().kind()) {
          case SQL -> "0";
          case ETHEREUM -> "0-0";
          case FABRIC -> "0:";
        };
    SubscribeResourceRequest wish =
        SubscribeResourceRequest.newBuilder()
            .setResourceUrl(
                side.side()
                    .resources()
                    .assets(side.side().dltSystem(), side.names().title())
                    .format())
            .setCursor(beginning)
            .build();
    try (Stream<SubscribeResourceResponse> events = client.subscribe(wish)) {
      SubscribeResourceResponse told =
          events
              .filter(event -> event.getTransactionId().equals(transactionId))
              .findFirst()
              .orElseThrow();
      assertThat(told.getFinality().getFinal()).isTrue();
      assertThat(told.getFinality().getNodesAsked()).isEqualTo(1);
      assertThat(told.getFinality().getRule()).isNotEmpty();
    }
  }

  private void reads() {
    assertThat(
            succeeded(client.action(Action.ACTION_READ, resource()).setAsset(title())).getResult())
        .contains("\"" + assetId + "\"", "\"" + side.holder() + "\"");
    PerformActionResponse nowhere =
        client.done(
            client
                .action(Action.ACTION_READ, resource())
                .setAsset(title().toBuilder().setAssetId("9" + assetId)));
    assertThat(nowhere.getResponseCode()).isEqualTo(RESPONSE_CODE_FAILURE);
    assertThat(nowhere.getReason()).isEqualTo(ErrorReason.ERROR_REASON_ASSET_UNKNOWN);
  }

  private void writes() {
    String location = "approvals/" + side.names().title() + "/" + side.holder();
    ResourceDescriptor place = at("data/note-" + assetId);
    PerformActionRequest.Builder write =
        client
            .action(Action.ACTION_WRITE, place)
            .setEnvelope(client.envelope(place).setPayload("{\"seen\":\"" + assetId + "\"}"));
    if (!can(Action.ACTION_WRITE)) {
      refused(write);
      return;
    }
    succeeded(write);
    assertThat(ledger.value(place.location())).isEqualTo("{\"seen\":\"" + assetId + "\"}");
    // What is locked or moved later is locked and moved with its owner's consent.
    ResourceDescriptor consent = at(location);
    succeeded(
        client
            .action(Action.ACTION_WRITE, consent)
            .setEnvelope(client.envelope(consent).setPayload("{\"approved\":true}")));
    assertThat(ledger.value(location)).isEqualTo("{\"approved\":true}");
  }

  private void invokes() {
    PerformActionRequest.Builder invoke =
        client.action(Action.ACTION_INVOKE, at("code")).setFunction("f");
    assertThat(can(Action.ACTION_INVOKE)).isFalse();
    refused(invoke);
  }

  private void locksAndUnlocks() {
    PerformActionRequest.Builder lock =
        client
            .action(Action.ACTION_LOCK, resource())
            .setAsset(title())
            .setAccount(side.holder())
            .setLockExpiry(
                TimeUnit.SECONDS.toMillis(
                    TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) + 3600));
    PerformActionRequest.Builder unlock =
        client.action(Action.ACTION_UNLOCK, resource()).setLockRequestId(lock.getRequestId());
    assertThat(Client.reason(() -> client.perform(unlock.build())))
        .isEqualTo(ErrorReason.ERROR_REASON_STEP_UNKNOWN);

    succeeded(lock);
    assertThat(ledger.whereabouts(title())).isEqualTo(side.holder() + " RECORD_STATE_LOCKED");
    assertThat(ledger.lockExpiry(title())).isEqualTo(lock.getLockExpiry());
    assertThat(
            client
                .done(
                    client
                        .action(Action.ACTION_DESTROY, resource())
                        .setAsset(title())
                        .setAccount(side.holder()))
                .getReason())
        .isEqualTo(ErrorReason.ERROR_REASON_ASSET_LOCKED);

    PerformActionResponse unlocked = succeeded(unlock);
    assertThat(ledger.whereabouts(title())).isEqualTo(side.holder() + " RECORD_STATE_AVAILABLE");
    assertThat(client.done(unlock).getClaim()).isEqualTo(unlocked.getClaim());
  }

  private void destroys() {
    issues("50", payments.payer());
    payments
        .consent("20")
        .ifPresent(consent -> {
          assertThat(client.done(destruction()).getReason())
              .isEqualTo(ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);
          PerformActionRequest.Builder signed = nativeTransaction(consent);
          PerformActionResponse _ =
              side.side().kind() == LedgerKind.FABRIC
                  ? signedTwice(client.perform(signed.build()))
                  : succeeded(signed);
        });
    long before = ledger.units(cash(""), payments.payer());
    PerformActionRequest.Builder destruction = destruction();

    PerformActionResponse destroyed = succeeded(destruction);

    assertThat(ledger.units(cash(""), payments.payer())).isEqualTo(before - 20);
    assertThat(succeeded(destruction).getClaim()).isEqualTo(destroyed.getClaim());
    assertThat(ledger.units(cash(""), payments.payer())).isEqualTo(before - 20);
  }

  private PerformActionRequest.Builder destruction() {
    return client
        .action(Action.ACTION_DESTROY, resource())
        .setAsset(cash("20"))
        .setAccount(payments.payer());
  }

  private void issues(String amount, String account) {
    long before = ledger.units(cash(""), account);
    succeeded(
        client.action(Action.ACTION_CREATE, resource()).setAsset(cash(amount)).setAccount(account));
    assertThat(ledger.units(cash(""), account)).isEqualTo(before + Long.parseLong(amount));
  }

  /** What its owner has signed is passed on unchanged, and happens once (ODAP 5.12). */
  private void paysNatively() {
    issues("30", payments.payer());
    long before = ledger.units(cash(""), side.stranger());
    PerformActionRequest.Builder payment = nativeTransaction(payments.signed("5", side.stranger()));

    PerformActionResponse first = client.perform(payment.build());
    if (side.side().kind() == LedgerKind.FABRIC) {
      // Signed once it is only a proposal; signed twice it is done.
      assertThat(first.getResponseCode()).isEqualTo(RESPONSE_CODE_SUBMITTED);
      assertThat(ledger.units(cash(""), side.stranger())).isEqualTo(before);
      assertThat(signedTwice(first).getClaim().getTransactionId())
          .isEqualTo(first.getClaim().getTransactionId());
    }
    GetActionResponse settled = client.settled(payment.build());
    assertThat(settled.getResponseCode())
        .as(settled.getDescription())
        .isEqualTo(RESPONSE_CODE_SUCCESS);
    assertThat(settled.getClaim().getFinality().getFinal()).isTrue();
    assertThat(ledger.units(cash(""), side.stranger())).isEqualTo(before + 5);

    // The same request is answered the same; the same transaction is the ledger's to know.
    assertThat(client.perform(payment.build())).isEqualTo(first);
    PerformActionResponse again = succeeded(nativeTransaction(payment.getNativeTransaction()));
    assertThat(again.getClaim().getTransactionId())
        .isEqualTo(settled.getClaim().getTransactionId());
    assertThat(ledger.units(cash(""), side.stranger())).isEqualTo(before + 5);

    PerformActionResponse senseless =
        client.done(nativeTransaction(ByteString.copyFromUtf8("no transaction")));
    assertThat(senseless.getResponseCode()).isEqualTo(RESPONSE_CODE_FAILURE);
  }

  private PerformActionResponse signedTwice(PerformActionResponse proposed) {
    return succeeded(nativeTransaction(payments.signedAgain(proposed.getClaim().getProof())));
  }

  private PerformActionRequest.Builder nativeTransaction(ByteString bytes) {
    return client.action(Action.ACTION_NATIVE_TXN, resource()).setNativeTransaction(bytes);
  }

  /** Left alone a session ends; what was done in it can still be asked for. */
  private void outlivesItsSession() {
    String session = UUID.randomUUID().toString();
    client.negotiate(
        NegotiateCredentialsRequest.newBuilder()
            .setEnvelope(
                client
                    .envelope(side.side().resources().gateway())
                    .setSessionId(session)
                    .setSequenceNumber(1))
            .addCredentialSchemes(CredentialScheme.CREDENTIAL_SCHEME_X509)
            .build());
    PerformActionRequest create = numbered(session, 2, "1").setAccount(payments.payer()).build();
    PerformActionResponse first = client.perform(create);
    PerformActionRequest tooFar = numbered(session, 9, "1").setAccount(payments.payer()).build();

    var _ =
        Conditions.await(
            "the session to end",
            () -> Client.reason(() -> client.perform(tooFar)),
            ErrorReason.ERROR_REASON_SESSION_UNKNOWN::equals);

    assertThat(client.perform(create)).isEqualTo(first);
    assertThat(client.settled(create).getClaim()).isEqualTo(first.getClaim());
  }

  private PerformActionRequest.Builder numbered(String session, int number, String amount) {
    return client
        .action(Action.ACTION_CREATE, resource())
        .setEnvelope(client.envelope(resource()).setSessionId(session).setSequenceNumber(number))
        .setAsset(cash(amount));
  }

  private void transfers(RunningSide recipient, LedgerView recipientsLedger) {
    String key = TlsMaterial.load(side.client()).signingKey().publicKey();
    StartTransferRequest order =
        StartTransferRequest.newBuilder()
            .setRecipientGateway(recipient.side().gateway().uri())
            .setRecipientDltSystem(recipient.side().dltSystem())
            .setAssetProfileId(AssetNames.TITLE_PROFILE)
            .setAsset(Asset.newBuilder().setAssetId(assetId))
            .setOrigin(side.holder())
            .setDestination(recipient.holder())
            .setOriginatorPubkey(key)
            .setBeneficiaryPubkey(key)
            .build();
    PerformActionRequest transfer =
        client
            .action(Action.ACTION_TRANSFER, resource())
            .setEnvelope(client.envelope(resource()).setPayload(OutputOptions.json(order)))
            .build();

    PerformActionResponse ordered = client.perform(transfer);
    assertThat(ordered.getResponseCode()).isEqualTo(RESPONSE_CODE_SUBMITTED);
    GetActionResponse ended = client.settled(transfer);

    assertThat(ended.getResponseCode()).as(ended.getResult()).isEqualTo(RESPONSE_CODE_SUCCESS);
    assertThat(client.perform(transfer)).isEqualTo(ordered);
    assertThat(ledger.whereabouts(title())).isEqualTo("nowhere");
    Asset arrived = title().toBuilder().setAssetClass(recipient.names().title()).build();
    assertThat(recipientsLedger.whereabouts(arrived))
        .isEqualTo(recipient.holder() + " RECORD_STATE_AVAILABLE");
  }
}
