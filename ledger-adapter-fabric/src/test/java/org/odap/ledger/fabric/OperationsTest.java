package org.odap.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.InvokeResponse;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.fabric.network.IdentityFiles;
import org.odap.ledger.fabric.operation.NativeTransactions;
import org.odap.ledger.fabric.operation.OtherChaincodes;
import org.odap.ledger.fabric.setup.OfflineSigner;
import org.odap.ledger.fabric.step.FabricLedger;
import org.odap.runtime.ledger.LedgerSubscriber;
import org.odap.runtime.ledger.conformance.TransferUnderTest;
import org.odap.runtime.rpc.OdapException;

/** What a ledger does beside transfers: other chaincodes, native transactions, events. */
@Tag("ODAP-11")
final class OperationsTest {
  private static DevelopmentChannel channel;
  private static ChannelLedger ledger;

  @BeforeAll
  static void start() {
    channel = DevelopmentChannel.start(Map.of("notes", NotesContract.class));
    ledger =
        new ChannelLedger(
            channel.file(),
            ChannelLedger.Options.standard()
                .with(
                    new OtherChaincodes.Allowed(
                        "notes",
                        List.of("increment", "refuse", "put"),
                        Optional.of("put"),
                        Optional.of("get"))));
  }

  @AfterAll
  static void stop() {
    ledger.close();
    channel.close();
  }

  private static InvokeRequest increment(String requestId, String key) {
    return InvokeRequest.newBuilder()
        .setRequestId(requestId)
        .setLocation("notes")
        .setFunction("increment")
        .addArguments("\"" + key + "\"")
        .build();
  }

  private static String read(String location) {
    return ledger.adapter().read(ReadRequest.newBuilder().setLocation(location).build()).getValue();
  }

  private static String newName() {
    return "n" + UUID.randomUUID();
  }

  private static void fails(ThrowingCallable call, ErrorReason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OdapException.class, e -> assertThat(e.reason()).as(e.description()).isEqualTo(reason));
  }

  // WRITE, INVOKE, READ.

  @Test
  void whatIsWrittenCanBeRead() {
    String location = "notes/" + newName();
    LedgerClaim claim =
        TransferUnderTest.done(
            ledger
                .adapter()
                .write(
                    WriteRequest.newBuilder()
                        .setRequestId(newName())
                        .setLocation(location)
                        .setValue("{\"a\":[1]}")
                        .build()));
    assertThat(claim.getBlockNumber()).isPositive();
    assertThat(read(location)).isEqualTo("{\"a\":[1]}");
  }

  @Test
  void aRequestIsCarriedOutOnceHoweverOftenAndByWhomItIsRepeated() throws Exception {
    String key = newName();
    String requestId = newName();
    List<Callable<InvokeResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      FabricLedger replica = (FabricLedger) (i % 2 == 0 ? ledger.adapter() : ledger.replica());
      calls.add(() -> replica.invoke(increment(requestId, key)));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<InvokeResponse> answer : threads.invokeAll(calls)) {
        TransferUnderTest.done(answer.get().getOutcome());
        assertThat(answer.get().getResult()).isEqualTo("1");
      }
    }
    assertThat(read("notes/" + key)).isEqualTo("1");
    fails(
        () -> ledger.replica().invoke(increment(requestId, newName())),
        ErrorReason.ERROR_REASON_REQUEST_ID_REUSED);
    assertThat(ledger.adapter().invoke(increment(newName(), key)).getResult()).isEqualTo("2");
  }

  @Test
  void requestsThatMeetAreAllCarriedOut() throws Exception {
    String key = newName();
    List<Callable<InvokeResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(() -> ledger.adapter().invoke(increment(newName(), key)));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<InvokeResponse> answer : threads.invokeAll(calls)) {
        TransferUnderTest.done(answer.get().getOutcome());
      }
    }
    assertThat(read("notes/" + key)).isEqualTo("8");
  }

  @Test
  void anotherChaincodesRefusalIsPassedOn() {
    StepOutcome outcome =
        ledger
            .adapter()
            .invoke(
                InvokeRequest.newBuilder()
                    .setRequestId(newName())
                    .setLocation("notes")
                    .setFunction("refuse")
                    .build())
            .getOutcome();
    TransferUnderTest.refused(outcome, ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    assertThat(outcome.getDescription()).isEqualTo("not today");
  }

  @Test
  void whatIsNotListedIsNotOffered() {
    ErrorReason unsupported = ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED;
    InvokeRequest other = increment(newName(), "a");
    fails(() -> ledger.adapter().invoke(other.toBuilder().setFunction("get").build()), unsupported);
    fails(
        () -> ledger.adapter().invoke(other.toBuilder().setLocation("odap").build()), unsupported);
    fails(() -> read("odap/x"), unsupported);
    fails(() -> read("notes"), ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(ledger.adapter().describe().getCapabilitiesList()).contains("WRITE", "INVOKE");
    try (ChannelLedger plain =
        new ChannelLedger(channel.file(), ChannelLedger.Options.standard())) {
      assertThat(plain.adapter().describe().getCapabilitiesList())
          .doesNotContain("WRITE", "INVOKE");
    }
  }

  // CREATE, DESTROY, READ of assets.

  @Test
  void whatIsCreatedCanBeDestroyedWithItsOwnersConsent() {
    String account = ledger.newAccount();
    Asset units = units("7");
    ledger.mint(units, account);
    assertThat(
            ledger
                .adapter()
                .read(ReadRequest.newBuilder().setAccount(account).build())
                .getHoldingsList())
        .singleElement()
        .satisfies(holding -> assertThat(holding.getAmount()).isEqualTo("7"));
    DestroyRequest destroy =
        DestroyRequest.newBuilder()
            .setRequestId(newName())
            .setAsset(units)
            .setOwner(account)
            .build();
    TransferUnderTest.refused(
        ledger.adapter().destroy(destroy), ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);
    ledger.approve(units, account);
    LedgerClaim first = TransferUnderTest.done(ledger.adapter().destroy(destroy));
    assertThat(TransferUnderTest.done(ledger.replica().destroy(destroy))).isEqualTo(first);
    assertThat(ledger.balance(ledger.fungibleClass(), account)).isEqualTo(BigInteger.ZERO);
  }

  private static Asset units(String amount) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(ledger.fungibleClass())
        .setAmount(amount)
        .build();
  }

  // NATIVE_TXN.

  @Test
  @Tag("ODAP-13")
  void aTransactionThatItsOwnerSignsTwiceIsPassedOnUnchanged() {
    String key = newName();
    IdentityFiles owner = ledger.newIdentity("owner");
    ByteString proposal =
        OfflineSigner.proposal(owner, "odap-channel", "notes", "put", key, "mine");

    StepOutcome endorsed = ledger.adapter().submitNative(proposal);
    assertThat(endorsed.getState()).isEqualTo(SubmissionState.SUBMISSION_STATE_SUBMITTED);
    assertThat(endorsed.getClaim().getProofFormat()).isEqualTo(NativeTransactions.TO_SIGN);
    assertThat(read("notes/" + key)).isEqualTo("\"\"");

    ByteString transaction = OfflineSigner.transaction(owner, endorsed.getClaim().getProof());
    LedgerClaim claim = TransferUnderTest.done(ledger.adapter().submitNative(transaction));
    assertThat(claim.getTransactionId()).isEqualTo(endorsed.getHandle());
    assertThat(read("notes/" + key)).isEqualTo("\"mine\"");

    // Either message again has no other effect, and the answer of the whole.
    assertThat(TransferUnderTest.done(ledger.replica().submitNative(transaction))).isEqualTo(claim);
    assertThat(TransferUnderTest.done(ledger.replica().submitNative(proposal))).isEqualTo(claim);
  }

  @Test
  @Tag("ODAP-13")
  void whatIsNoSignedTransactionIsRefused() {
    IdentityFiles owner = ledger.newIdentity("owner");
    ByteString proposal = OfflineSigner.proposal(owner, "odap-channel", "notes", "refuse");
    TransferUnderTest.refused(
        ledger.adapter().submitNative(proposal), ErrorReason.ERROR_REASON_LEDGER_REFUSED);

    ByteString large =
        OfflineSigner.proposal(
            owner, "odap-channel", "notes", "put", newName(), "x".repeat(150_000));
    TransferUnderTest.refused(
        ledger.adapter().submitNative(large), ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE);

    ByteString another =
        OfflineSigner.proposal(owner, "odap-channel", "notes", "put", newName(), "mine");
    StepOutcome endorsed = ledger.adapter().submitNative(another);
    fails(
        () -> ledger.adapter().submitNative(unsigned(endorsed.getClaim().getProof())),
        ErrorReason.ERROR_REASON_FIELD_MISSING);
    fails(
        () -> ledger.adapter().submitNative(ByteString.copyFromUtf8("anything")),
        ErrorReason.ERROR_REASON_FIELD_INVALID);
  }

  private static ByteString unsigned(String toSign) {
    return ByteString.copyFrom(Base64.getUrlDecoder().decode(toSign));
  }

  // SUBSCRIBE.

  /** Takes so many events and is gone. */
  private static final class Listener implements LedgerSubscriber {
    private final List<SubscribeResponse> events = new CopyOnWriteArrayList<>();
    private final int wanted;

    Listener(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public boolean send(SubscribeResponse event) {
      events.add(event);
      return events.size() < wanted;
    }

    @Override
    public boolean pause(Duration time) {
      LockSupport.parkNanos(time.toNanos());
      return true;
    }
  }

  private static SubscribeRequest from(String location, String cursor) {
    return SubscribeRequest.newBuilder().setLocation(location).setCursor(cursor).build();
  }

  @Test
  void eventsComeOnceInOrderThroughRestartsAndFromACursor() throws Exception {
    Listener listener = new Listener(4);
    String cash = ledger.fungibleClass();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ledger.mint(units("1"), ledger.newAccount());
      String start = startOf(cash);
      Future<?> serving =
          threads.submit(() -> ledger.adapter().subscribe(from(cash, start), listener));
      ledger.mint(units("2"), ledger.newAccount());
      Await.until("events come", () -> !listener.events.isEmpty());
      channel.faults().stopPeer();
      channel.faults().restartPeer();
      Await.until("the peer is there again", OperationsTest::isAnswered);
      ledger.mint(units("3"), ledger.newAccount());
      ledger.mint(units("4"), ledger.newAccount());
      ledger.mint(units("5"), ledger.newAccount());
      serving.get();
    }
    assertThat(listener.events)
        .extracting(event -> event.getValue().replaceAll(".*\"idOrAmount\":\"(\\d+)\".*", "$1"))
        .containsExactly("2", "3", "4", "5");
    assertThat(listener.events)
        .allSatisfy(event -> assertThat(event.getEvent()).isEqualTo("CREATE_ASSET"));

    Listener again = new Listener(2);
    ledger.replica().subscribe(from(cash, listener.events.get(1).getCursor()), again);
    assertThat(again.events).isEqualTo(listener.events.subList(2, 4));
    fails(
        () -> ledger.adapter().subscribe(from("", "nowhere"), again),
        ErrorReason.ERROR_REASON_FIELD_INVALID);
  }

  /** The cursor of the class's latest event. */
  private static String startOf(String assetClass) {
    List<SubscribeResponse> seen = new ArrayList<>();
    String marker = ledger.newAccount();
    ledger.mint(units("1"), marker);
    ledger
        .adapter()
        .subscribe(
            from(assetClass, "0:"),
            new LedgerSubscriber() {
              @Override
              public boolean send(SubscribeResponse event) {
                seen.add(event);
                return !event.getValue().contains(marker);
              }

              @Override
              public boolean pause(Duration time) {
                return true;
              }
            });
    return seen.getLast().getCursor();
  }

  private static boolean isAnswered() {
    try {
      return ledger.adapter().describe().getLedgerTime() > 0;
    } catch (OdapException e) {
      return false;
    }
  }
}
