package org.odap.ledger.fabric.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.odap.ledger.fabric.development.NetworkUnderTest.CHAINCODE;
import static org.odap.ledger.fabric.development.NetworkUnderTest.CHANNEL;
import static org.odap.ledger.fabric.development.NetworkUnderTest.client;
import static org.odap.ledger.fabric.development.NetworkUnderTest.qscc;
import static org.odap.ledger.fabric.development.NetworkUnderTest.within;

import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.InMemoryCheckpointer;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.peer.ProcessedTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.ledger.fabric.development.ledger.Ledger;

/**
 * What a Fabric v2.5 network of one orderer was seen to answer to the Java client, situation by
 * situation: the development peer answers the same.
 */
class RealPeerRowsTest {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir static Path one;
  @TempDir static Path two;

  // Of one organization; of two, of which both have to endorse.
  private static NetworkUnderTest alone;
  private static NetworkUnderTest pair;
  private static EnrolledIdentity user;
  private static Gateway gateway;
  private static Gateway pairGateway;

  @BeforeAll
  static void start() throws Exception {
    alone = NetworkUnderTest.start(one, "AlphaMSP");
    pair = NetworkUnderTest.start(two, "AlphaMSP", "BetaMSP");
    user = alone.enroll("AlphaMSP");
    gateway = alone.connect(user);
    pairGateway = pair.connect(pair.enroll("AlphaMSP"));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    pairGateway.close();
    alone.close();
    pair.close();
  }

  @AfterEach
  void mendEverything() {
    PeerFaults faults = alone.peer().faults();
    faults.restartOrderer();
    faults.restartChaincode(CHAINCODE);
    pair.peer().faults().restartPeerOf("BetaMSP");
  }

  @Test
  @DisplayName("chaincode throws, evaluate: UNKNOWN, detail with the message")
  void chaincodeThrowsOnEvaluate() {
    GatewayException e =
        failure(GatewayException.class, () -> contract().evaluateTransaction("fail", "sold out"));

    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNKNOWN);
    assertThat(details(e)).containsExactly("chaincode response 500, sold out");
  }

  @Test
  @DisplayName(
      "chaincode throws, submit: ABORTED, detail with address, MSP id, message; no payload")
  void chaincodeThrowsOnSubmit() {
    EndorseException e =
        failure(EndorseException.class, () -> contract().submitTransaction("fail", "sold out"));

    assertThat(e.getStatus().getCode()).isEqualTo(Code.ABORTED);
    assertThat(e.getDetails())
        .singleElement()
        .satisfies(detail -> {
          assertThat(detail.getMessage()).isEqualTo("chaincode response 500, sold out");
          assertThat(detail.getMspId()).isEqualTo("AlphaMSP");
          assertThat(detail.getAddress()).isNotEmpty();
        });
    assertThat(e.getDetails().toString()).doesNotContain("nobody sees");
  }

  @Test
  @DisplayName("unknown function, wrong number of arguments: the same, with the shim's words")
  void unknownFunction() {
    assertThat(
            details(
                failure(
                    EndorseException.class, () -> contract().submitTransaction("no-such-thing"))))
        .containsExactly("chaincode response 500, Undefined contract method called");
    assertThat(details(failure(EndorseException.class, () -> contract().submitTransaction("put"))))
        .containsExactly("chaincode response 500, Unexpected error");
  }

  @Test
  @DisplayName("chaincode process down: ABORTED, evaluate too; the call after its restart works")
  void chaincodeDown() throws Exception {
    alone.peer().faults().stopChaincode(CHAINCODE);
    for (GatewayException e :
        List.of(
            failure(GatewayException.class, () -> contract().evaluateTransaction("get", "a")),
            failure(EndorseException.class, () -> contract().submitTransaction("put", "a", "1")))) {
      assertThat(e.getStatus().getCode()).isEqualTo(Code.ABORTED);
      assertThat(details(e))
          .singleElement()
          .asString()
          .startsWith("error in simulation: ")
          .contains("could not launch chaincode");
    }

    alone.peer().faults().restartChaincode(CHAINCODE);

    contract().evaluateTransaction("get", "a");
  }

  @Test
  @DisplayName("wrong MSP, key that is not the certificate's: ABORTED, access denied")
  void wrongIdentity() throws Exception {
    EnrolledIdentity other = alone.network().enroll("AlphaMSP", "other", Map.of());
    Path mixedFolder = alone.network().folder().resolve("mixed");
    copy(user.certificate(), mixedFolder.resolve("msp/signcerts/cert.pem"));
    copy(other.key(), mixedFolder.resolve("msp/keystore/key.pem"));
    EnrolledIdentity mixed = new EnrolledIdentity("AlphaMSP", "mixed", mixedFolder);
    ManagedChannel channel = alone.channel(user);
    try (Gateway wrongMsp = client(channel, "BetaMSP", user).connect();
        Gateway wrongKey = client(channel, "AlphaMSP", mixed).connect()) {
      for (Gateway wrong : List.of(wrongMsp, wrongKey)) {
        EndorseException e =
            failure(
                EndorseException.class,
                () -> alone.contract(wrong).submitTransaction("put", "a", "1"));
        assertThat(e.getStatus().getCode()).isEqualTo(Code.ABORTED);
        assertThat(details(e))
            .singleElement()
            .asString()
            .startsWith("error validating proposal: access denied");
      }
    }
  }

  @Test
  @DisplayName("unknown channel or chaincode, submit: FAILED_PRECONDITION, no metadata found")
  void unknownChannelOrChaincode() {
    for (Contract unknown :
        List.of(
            gateway.getNetwork(CHANNEL).getContract("nobody"),
            gateway.getNetwork("elsewhere").getContract(CHAINCODE))) {
      EndorseException e =
          failure(EndorseException.class, () -> unknown.submitTransaction("put", "a", "1"));
      assertThat(e.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(e.getStatus().getDescription())
          .startsWith("no combination of peers")
          .contains("No metadata was found for chaincode " + unknown.getChaincodeName());
    }
  }

  @Test
  @DisplayName("endorsing organization unknown: UNAVAILABLE")
  void endorsingOrganizationUnknown() {
    EndorseException e =
        failure(
            EndorseException.class,
            () ->
                put(contract(), "a", "1").setEndorsingOrganizations("GammaMSP").build().endorse());

    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(e.getStatus().getDescription())
        .isEqualTo("failed to find any endorsing peers for org(s): GammaMSP");
  }

  @Test
  @DisplayName("other organization's peer: ABORTED just after it stopped, then FAILED_PRECONDITION")
  void otherPeerStopped() throws Exception {
    Contract contract = pair.contract(pairGateway);
    PeerFaults faults = pair.peer().faults();

    faults.stopPeerOf("BetaMSP", false);
    EndorseException justNow =
        failure(EndorseException.class, () -> contract.submitTransaction("put", "a", "1"));
    faults.stopPeerOf("BetaMSP", true);
    EndorseException later =
        failure(EndorseException.class, () -> contract.submitTransaction("put", "a", "1"));
    faults.restartPeerOf("BetaMSP");
    contract.submitTransaction("put", "a", "1");

    assertThat(justNow.getStatus().getCode()).isEqualTo(Code.ABORTED);
    assertThat(details(justNow)).singleElement().asString().contains("connection refused");
    assertThat(later.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(later.getStatus().getDescription())
        .contains("no peer combination can satisfy the endorsement policy");
  }

  @Test
  @DisplayName("too few endorsements forced: ENDORSEMENT_POLICY_FAILURE, at commit only")
  void tooFewEndorsements() throws Exception {
    Transaction transaction =
        put(pair.contract(pairGateway), "few", "1")
            .setEndorsingOrganizations("AlphaMSP")
            .build()
            .endorse();

    CommitException e = failure(CommitException.class, transaction::submit);

    assertThat(e.getCode()).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
    assertThat(text(pair.contract(pairGateway).evaluateTransaction("get", "few"))).isEmpty();
  }

  @Test
  @DisplayName("endorsers disagree: ABORTED, payloads do not match")
  void endorsersDisagree() {
    EndorseException e =
        failure(
            EndorseException.class, () -> pair.contract(pairGateway).submitTransaction("chance"));

    assertThat(e.getStatus().getCode()).isEqualTo(Code.ABORTED);
    assertThat(details(e)).containsExactly("ProposalResponsePayloads do not match");
  }

  @Test
  @DisplayName("8 read-modify-writes of one key: 1 VALID, 7 MVCC_READ_CONFLICT in one block")
  void conflicts(@TempDir Path folder) throws Exception {
    try (NetworkUnderTest network =
            NetworkUnderTest.start(
                folder,
                config -> config.withBatchTimeout(Duration.ofMinutes(1)).withBatchMessagesMax(8),
                "AlphaMSP");
        Gateway connected = network.connect(network.enroll("AlphaMSP"))) {
      List<Transaction> endorsed = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        endorsed.add(
            network
                .contract(connected)
                .newProposal("increment")
                .addArguments("n")
                .build()
                .endorse());
      }
      List<SubmittedTransaction> submitted = new ArrayList<>();
      for (Transaction transaction : endorsed) {
        submitted.add(transaction.submitAsync());
      }
      List<Status> statuses = new ArrayList<>();
      for (SubmittedTransaction transaction : submitted) {
        statuses.add(transaction.getStatus());
      }

      assertThat(statuses).extracting(Status::getBlockNumber).containsOnly(1L);
      assertThat(statuses).extracting(Status::getCode).first().isEqualTo(TxValidationCode.VALID);
      assertThat(statuses.subList(1, 8))
          .extracting(Status::getCode)
          .containsOnly(TxValidationCode.MVCC_READ_CONFLICT);
      assertThat(text(network.contract(connected).evaluateTransaction("get", "n"))).isEqualTo("1");
      // The events of the seven are not delivered.
      assertThat(Ledger.events(Block.parseFrom(qscc(connected, "GetBlockByNumber", "1"))))
          .hasSize(1);
    }
  }

  @Test
  @DisplayName("transaction invalid at commit: its event is not delivered")
  void noEventOfInvalid() throws Exception {
    Transaction first = increment().endorse();
    Transaction second = increment().endorse();
    long start = alone.peer().height();
    first.submit();
    assertThat(failure(CommitException.class, second::submit).getCode())
        .isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
    Transaction last = put(contract(), "after", "it").build().endorse();
    last.submit();

    assertThat(events(start, 2)).containsExactly(first.getTransactionId(), last.getTransactionId());
  }

  @Test
  @DisplayName("phantom: a key that came into a range that was read: PHANTOM_READ_CONFLICT")
  void phantom() throws Exception {
    put(contract(), "p1", "1").build().endorse().submit();
    Transaction count =
        contract().newProposal("count").addArguments("p", "q", "counted").build().endorse();
    put(contract(), "p2", "2").build().endorse().submit();

    CommitException e = failure(CommitException.class, count::submit);

    assertThat(e.getCode()).isEqualTo(TxValidationCode.PHANTOM_READ_CONFLICT);
    assertThat(text(contract().submitTransaction("count", "p", "q", "counted"))).isEqualTo("2");
  }

  @Test
  @DisplayName("same bytes submitted twice: the 2nd flagged DUPLICATE_TXID, status and event once")
  void submittedTwice() throws Exception {
    long start = alone.peer().height();
    Transaction transaction = put(contract(), "twice", "1").build().endorse();
    SubmittedTransaction first = transaction.submitAsync();
    Status status = first.getStatus();
    transaction.submitAsync();
    Transaction next = put(contract(), "next", "1").build().endorse();
    next.submit();

    assertThat(status.getCode()).isEqualTo(TxValidationCode.VALID);
    assertThat(gateway.newCommit(first.getBytes()).getStatus().getBlockNumber())
        .isEqualTo(status.getBlockNumber());
    ProcessedTransaction processed =
        ProcessedTransaction.parseFrom(
            qscc(gateway, "GetTransactionByID", transaction.getTransactionId()));
    assertThat(processed.getValidationCode()).isEqualTo(TxValidationCode.VALID_VALUE);
    List<TxValidationCode> flags = new ArrayList<>();
    for (long number = status.getBlockNumber(); number < alone.peer().height(); number++) {
      flags.addAll(Ledger.flags(block(number)));
    }
    assertThat(flags).contains(TxValidationCode.DUPLICATE_TXID);
    assertThat(events(start, 2))
        .containsExactly(transaction.getTransactionId(), next.getTransactionId());
  }

  @Test
  @DisplayName("committed proposal endorsed again: ABORTED, duplicate transaction; also if invalid")
  void endorsedAgain() throws Exception {
    Proposal valid = increment();
    Proposal invalid = increment();
    Transaction second = invalid.endorse();
    valid.endorse().submit();
    failure(CommitException.class, second::submit);

    for (Proposal done : List.of(valid, invalid)) {
      EndorseException e = failure(EndorseException.class, done::endorse);
      assertThat(e.getStatus().getCode()).isEqualTo(Code.ABORTED);
      assertThat(details(e))
          .singleElement()
          .asString()
          .startsWith("duplicate transaction found [" + done.getTransactionId() + "]");
    }
  }

  @Test
  @DisplayName(
      "orderer killed right after acknowledging: lost for good; the same bytes commit later")
  void acknowledgedAndLost() throws Exception {
    Transaction transaction = put(contract(), "lost", "1").build().endorse();
    alone.peer().faults().killOrdererAfterNextAcknowledgement();
    SubmittedTransaction submitted = transaction.submitAsync();
    alone.peer().faults().restartOrderer();
    // Others are ordered; this one never is: its status blocks until the deadline.
    contract().submitTransaction("put", "other", "1");
    CommitStatusException e =
        failure(CommitStatusException.class, () -> submitted.getStatus(within(SHORT)));

    assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(gateway.newTransaction(transaction.getBytes()).submitAsync().getStatus().getCode())
        .isEqualTo(TxValidationCode.VALID);
  }

  @Test
  @DisplayName(
      "orderer frozen: submit DEADLINE_EXCEEDED, and yet it commits when the orderer goes on")
  void frozenOrderer() throws Exception {
    alone.peer().faults().freezeOrderer();
    Transaction transaction = put(contract(), "frozen", "1").build().endorse();
    SubmitException e =
        failure(SubmitException.class, () -> transaction.submitAsync(within(SHORT)));
    alone.peer().faults().thawOrderer();

    assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    // What is submitted later is not ordered before it.
    contract().submitTransaction("put", "later", "1");
    assertThat(text(contract().evaluateTransaction("get", "frozen"))).isEqualTo("1");
  }

  @Test
  @DisplayName("orderer down: submit UNAVAILABLE, evaluate goes on")
  void ordererDown() throws Exception {
    alone.peer().faults().killOrderer();
    Transaction transaction = put(contract(), "down", "1").build().endorse();
    SubmitException e = failure(SubmitException.class, transaction::submit);

    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(e.getStatus().getDescription())
        .isEqualTo("no orderers could successfully process transaction");
    contract().evaluateTransaction("get", "a");
  }

  @Test
  @DisplayName(
      "peer killed after submit: UNAVAILABLE; after its restart the status by the same channel")
  void peerKilled(@TempDir Path folder) throws Exception {
    try (NetworkUnderTest network = NetworkUnderTest.start(folder, "AlphaMSP");
        Gateway connected = network.connect(network.enroll("AlphaMSP"))) {
      byte[] commit =
          put(network.contract(connected), "peer", "1").build().endorse().submitAsync().getBytes();
      network.peer().faults().stopPeer();
      CommitStatusException e =
          failure(CommitStatusException.class, () -> connected.newCommit(commit).getStatus());
      network.peer().faults().restartPeer();

      assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
      assertThat(
              connected
                  .newCommit(commit)
                  .getStatus(options -> options.withWaitForReady())
                  .getCode())
          .isEqualTo(TxValidationCode.VALID);
    }
  }

  @Test
  @DisplayName("peer frozen: a new connection ends UNAVAILABLE before the call's deadline")
  void peerFrozen(@TempDir Path folder) throws Exception {
    try (NetworkUnderTest network = NetworkUnderTest.start(folder, "AlphaMSP");
        Gateway connected = network.connect(network.enroll("AlphaMSP"))) {
      network.peer().faults().freezePeer();

      EndorseException e =
          failure(
              EndorseException.class,
              () -> network.contract(connected).submitTransaction("put", "a", "1"));

      assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    }
  }

  @Test
  @DisplayName(
      "event stream, peer restart: UNAVAILABLE; with a checkpoint every event once, in order")
  void eventsOverRestart(@TempDir Path folder) throws Exception {
    InMemoryCheckpointer checkpoint = new InMemoryCheckpointer();
    List<String> seen = new ArrayList<>();
    try (NetworkUnderTest network =
            NetworkUnderTest.start(
                folder,
                config -> config.withBatchTimeout(Duration.ofMinutes(1)).withBatchMessagesMax(2),
                "AlphaMSP");
        Gateway connected = network.connect(network.enroll("AlphaMSP"))) {
      // Two in one block, of which the first is seen before the restart.
      List<String> submitted = new ArrayList<>(submitTwo(network.contract(connected)));
      try (CloseableIterator<ChaincodeEvent> events = allEvents(connected)) {
        ChaincodeEvent first = events.next();
        checkpoint.checkpointChaincodeEvent(first);
        seen.add(first.getTransactionId());
        network.peer().faults().stopPeer();
        GatewayRuntimeException e =
            catchThrowableOfType(
                GatewayRuntimeException.class, () -> events.forEachRemaining(_ -> {}));
        assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
      }
      network.peer().faults().restartPeer();
      network.awaitReady(connected);
      submitted.addAll(submitTwo(network.contract(connected)));
      try (CloseableIterator<ChaincodeEvent> events =
          connected
              .getNetwork(CHANNEL)
              .newChaincodeEventsRequest(CHAINCODE)
              .checkpoint(checkpoint)
              .build()
              .getEvents()) {
        while (seen.size() < submitted.size()) {
          seen.add(events.next().getTransactionId());
        }
      }

      assertThat(seen).containsExactlyElementsOf(submitted);
    }
  }

  private static CloseableIterator<ChaincodeEvent> allEvents(Gateway connected) {
    return connected
        .getNetwork(CHANNEL)
        .newChaincodeEventsRequest(CHAINCODE)
        .startBlock(0)
        .build()
        .getEvents();
  }

  private static List<String> submitTwo(Contract contract) throws Exception {
    SubmittedTransaction first = put(contract, "one", "1").build().endorse().submitAsync();
    SubmittedTransaction second = put(contract, "two", "2").build().endorse().submitAsync();
    assertThat(first.getStatus().getBlockNumber()).isEqualTo(second.getStatus().getBlockNumber());
    return List.of(first.getTransactionId(), second.getTransactionId());
  }

  @Test
  @DisplayName("event stream, deadline: DEADLINE_EXCEEDED from the iterator")
  void eventsDeadline() {
    try (CloseableIterator<ChaincodeEvent> events =
        gateway.getNetwork(CHANNEL).getChaincodeEvents(CHAINCODE, within(SHORT))) {
      GatewayRuntimeException e =
          catchThrowableOfType(GatewayRuntimeException.class, events::hasNext);
      assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    }
  }

  @Test
  @DisplayName("wrong TLS authority, plaintext, nobody listening: all UNAVAILABLE")
  void unreachable() throws Exception {
    ManagedChannel wrongAuthority =
        alone.channel(
            TlsChannelCredentials.newBuilder()
                .trustManager(pair.network().tlsAuthorities().toFile())
                .build());
    ManagedChannel plaintext = alone.channel(InsecureChannelCredentials.create());
    // Port 1 of this machine: nobody's.
    ManagedChannel nobody =
        NettyChannelBuilder.forAddress("127.0.0.1", 1, InsecureChannelCredentials.create()).build();
    for (ManagedChannel channel : List.of(wrongAuthority, plaintext, nobody)) {
      try (Gateway cut = client(channel, "AlphaMSP", user).connect()) {
        GatewayException e =
            failure(
                GatewayException.class, () -> alone.contract(cut).evaluateTransaction("get", "a"));
        assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
      }
    }
    nobody.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName(
      "values: 1 MB works, 5 MB goes over the client's limit for a reply unless it is raised")
  void largeValues() throws Exception {
    contract().submitTransaction("put", "large", "x".repeat(1 << 20));
    EndorseException e =
        failure(
            EndorseException.class,
            () -> contract().submitTransaction("put", "larger", "x".repeat(5 << 20)));

    assertThat(e.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    ManagedChannel wide =
        NettyChannelBuilder.forAddress(
                "localhost",
                alone.peer().port(),
                TlsChannelCredentials.newBuilder()
                    .trustManager(user.tlsAuthorities().toFile())
                    .build())
            .maxInboundMessageSize(32 << 20)
            .build();
    try (Gateway connected = client(wide, "AlphaMSP", user).connect()) {
      alone.contract(connected).submitTransaction("put", "larger", "x".repeat(5 << 20));
    } finally {
      wide.shutdownNow();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  private static Contract contract() {
    return alone.contract(gateway);
  }

  private static Proposal increment() {
    return contract().newProposal("increment").addArguments("counter").build();
  }

  private static Proposal.Builder put(Contract contract, String key, String value) {
    return contract.newProposal("put").addArguments(key, value);
  }

  private static Block block(long number) throws Exception {
    return Block.parseFrom(qscc(gateway, "GetBlockByNumber", Long.toString(number)));
  }

  /** The transactions of so many events from a block on. */
  private static List<String> events(long start, int count) {
    try (CloseableIterator<ChaincodeEvent> events =
        gateway
            .getNetwork(CHANNEL)
            .newChaincodeEventsRequest(CHAINCODE)
            .startBlock(start)
            .build()
            .getEvents()) {
      List<String> seen = new ArrayList<>();
      while (seen.size() < count) {
        seen.add(events.next().getTransactionId());
      }
      return seen;
    }
  }

  private static List<String> details(GatewayException e) {
    return e.getDetails().stream().map(detail -> detail.getMessage()).collect(Collectors.toList());
  }

  private static <E extends Throwable> E failure(Class<E> type, ThrowingCallable call) {
    E thrown = catchThrowableOfType(type, call);
    assertThat(thrown).isNotNull();
    return thrown;
  }

  private static String text(byte[] answer) {
    return new String(answer, StandardCharsets.UTF_8);
  }
}
