package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.AddNodeRequest;
import org.odap.api.log.v1.ListLogsRequest;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.RemoveNodeRequest;
import org.odap.api.log.v1.ReplicationNode;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/** A log kept by three real processes, of which some are killed, paused and restarted. */
@Timeout(300)
@Tag("OURS-8")
class ReplicationTest {
  private static final int WRITERS = 16;
  private static final String HTTP_2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /** Loaded machines are slow to notice; in production it is one election. */
  private static final Duration SECONDS = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static LogNodes nodes;
  private Writers writers;

  @BeforeAll
  static void found() throws Exception {
    nodes = new LogNodes(folder, "one", "two", "three").startAll();
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @BeforeEach
  void startWriters() throws Exception {
    nodes.startAll();
    writers = new Writers(nodes.channel(LogServiceFixture.GATEWAY), WRITERS);
  }

  @Test
  @Tag("2PC-3")
  void whoLeadsIsKilledAndNothingAcknowledgedIsLost() throws Exception {
    for (int kill = 0; kill < 2; kill++) {
      int before = writers.acknowledged();
      writers.write(
          20,
          () -> {
            Waiting.until("some are written", () -> writers.acknowledged() > before + WRITERS);
            String leader = nodes.leader();
            nodes.kill(leader);
            nodes.start(leader);
          });
      writers.compare();
    }
    assertThat(writers.longestWait()).isLessThan(SECONDS);
  }

  @Test
  void whoFollowsIsKilledAndCatchesUpFromACheckpoint() throws Exception {
    String follower = nodes.followers().getFirst();
    writers.write(3);
    nodes.kill(follower);
    // More batches than a leader keeps in its Raft log.
    for (int i = 0; i < 10; i++) {
      writers.write(60);
    }
    String leader = nodes.leader();
    long at = nodes.standing(leader).getAppliedIndex();
    assertThat(nodes.standing(leader).getNodesList())
        .filteredOn(node -> node.getAppliedIndex() < at - 100)
        .extracting(ReplicationNode::getName)
        .containsExactly(follower);

    nodes.start(follower);
    Waiting.until(
        "it has caught up",
        () ->
            nodes.standing(leader).getNodesList().stream()
                .allMatch(node ->
                    node.getAppliedIndex() >= nodes.standing(leader).getAppliedIndex() - 1));

    // It can be trusted with all of it: the one before and the other node are gone.
    nodes.kill(leader);
    writers.write(1);
    writers.compare();
  }

  @Test
  void withTwoNodesLostItRefusesAndLosesNothing() throws Exception {
    writers.write(5);
    List<String> followers = nodes.followers();
    String leader = nodes.leader();
    for (String follower : followers) {
      nodes.kill(follower);
    }
    ManagedChannel channel = nodes.channelTo(leader);
    Waiting.until("it says so", () -> refuses(channel));
    assertThat(nodes.process(leader).isAlive()).isTrue();

    nodes.start(followers.getFirst());
    writers.write(5);
    writers.compare();
  }

  static boolean refuses(ManagedChannel channel) {
    try {
      LogStorageServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(5, TimeUnit.SECONDS)
          .listLogs(ListLogsRequest.getDefaultInstance())
          .forEachRemaining(log -> {});
      return false;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() == Status.Code.UNAVAILABLE;
    }
  }

  @Test
  void allNodesAreKilledAtOnceAndComeBack() throws Exception {
    int before = writers.acknowledged();
    writers.write(
        20,
        () -> {
          Waiting.until("some are written", () -> writers.acknowledged() > before + WRITERS);
          for (String node : List.of("one", "two", "three")) {
            nodes.kill(node);
          }
          nodes.startAll();
        });
    writers.compare();
  }

  @Test
  void nodesAreRestartedInTurnWhileWritersWrite() throws Exception {
    writers.write(
        60,
        () -> {
          for (String node : List.of("one", "two", "three")) {
            nodes.process(node).terminate();
            nodes.start(node);
          }
        });
    writers.compare();
    assertThat(writers.longestWait()).isLessThan(SECONDS);
  }

  @Test
  void whoLeadsIsPausedAndComesBackWithNothingToSay() throws Exception {
    writers.write(5);
    String paused = nodes.leader();
    signal("STOP", paused);
    ManagedChannel channel = nodes.channelTo(paused);
    writers.write(5);
    signal("CONT", paused);

    writers.write(5);
    writers.compare();
    Waiting.until("it follows", () -> refuses(channel));
  }

  private void signal(String signal, String node) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(nodes.process(node).pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  @Tag("CARD-3")
  void thePortOfTheNodesIsForThemAlone() throws Exception {
    assertThat(saysAnything("TLSv1.3", LogServiceFixture.LOG)).isTrue();
    assertThat(saysAnything("TLSv1.2", LogServiceFixture.LOG)).isFalse();
    assertThat(saysAnything("TLSv1.3", LogServiceFixture.GATEWAY)).isFalse();
  }

  /** Whether a node answers whoever has this certificate as HTTP/2 asks. */
  private static boolean saysAnything(String protocol, Identity caller) throws Exception {
    TlsMaterial tls = nodes.material(caller);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {tls.keyManager()},
        new TrustManager[] {tls.trustManagerFor(LogServiceFixture.LOG)},
        null);
    String address = nodes.raftAddress("one");
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.setEnabledProtocols(new String[] {protocol});
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      socket.getOutputStream().write(HTTP_2.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      socket.getOutputStream().flush();
      return socket.getInputStream().read() >= 0;
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void whatCantBeChangedIsRefused() {
    String leader = nodes.leader();
    assertThatThrownBy(() ->
            nodes.change(
                stub -> stub.removeNode(RemoveNodeRequest.newBuilder().setName(leader).build())))
        .hasMessageContaining("name: value: " + leader)
        .hasMessageContaining("a node that does not lead");
    assertThatThrownBy(() ->
            nodes.change(stub ->
                stub.addNode(
                    AddNodeRequest.newBuilder().setName("four").setAddress("nowhere").build())))
        .hasMessageContaining("address: value: nowhere (expected: host:port)");
    assertThat(nodes.standing(leader).getNodesCount()).isEqualTo(3);
  }
}
