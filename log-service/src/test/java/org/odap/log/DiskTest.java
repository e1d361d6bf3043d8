package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc.LogStorageServiceBlockingStub;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.log.store.Chain;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcChannels;

/** A disk that takes no more writes under the real service, and the way back. */
@Timeout(180)
class DiskTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;
  private TlsMaterial gateway;
  private final Chain chain = Chain.fresh();
  private final List<LogEntry> acknowledged = new ArrayList<>();

  @BeforeEach
  void issueCertificates() {
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    pki.issue(LogServiceFixture.LOG, "log", List.of());
    gateway = TlsMaterial.load(pki.issue(LogServiceFixture.GATEWAY, "gateway", List.of()));
  }

  /** Files of the process can't grow from now on: what a full disk looks like to it. */
  private static void fileSizeMax(LogProcess process, String bytes) throws Exception {
    Process limit =
        new ProcessBuilder(
                "prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes + ":")
            .inheritIO()
            .start();
    assertThat(limit.waitFor()).isZero();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private ManagedChannel channel(LogProcess process) {
    return RpcChannels.channel("127.0.0.1", process.port(), gateway, LogServiceFixture.LOG);
  }

  private void write(ManagedChannel channel, long epoch, LogEntry entry) {
    LogStorageServiceBlockingStub log = LogStorageServiceGrpc.newBlockingStub(channel);
    int index =
        log.writeLogEntries(
                WriteLogEntriesRequest.newBuilder()
                    .setLogId(chain.log().value())
                    .setEpoch(epoch)
                    .addEntries(entry)
                    .build())
            .getIndex();
    assertThat(index).isEqualTo(entry.getSeqNumber());
    acknowledged.add(entry);
  }

  private List<LogEntry> read(ManagedChannel channel) {
    List<LogEntry> entries = new ArrayList<>();
    LogStorageServiceGrpc.newBlockingStub(channel)
        .getLog(GetLogRequest.newBuilder().setLogId(chain.log().value()).build())
        .forEachRemaining(answer -> entries.add(answer.getLogEntry()));
    return entries;
  }

  private static ServingStatus health(ManagedChannel channel) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private static int liveness(int port) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/live")).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  @Tag("2PC-3")
  @Tag("OURS-2")
  void aFullDiskRefusesWritesAnswersReadsAndLosesNothing() throws Exception {
    int operations = freePort();
    String configuration =
        LogProcess.configuration()
            .replace("operations: {}", "operations: {port: " + operations + "}");
    LogEntry refused;
    long epoch;
    try (LogProcess process = LogProcess.started(folder, configuration)) {
      ManagedChannel channel = channel(process);
      epoch = Leases.acquire(channel);
      for (int i = 0; i < 5; i++) {
        write(channel, epoch, chain.nextEntry().build());
      }
      assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);

      fileSizeMax(process, "0");
      refused = chain.nextEntry().build();
      assertUnavailable(channel, epoch, refused);
      assertUnavailable(channel, epoch, refused);
      assertThat(read(channel)).isEqualTo(acknowledged);
      assertThat(health(channel)).isEqualTo(ServingStatus.NOT_SERVING);
      // A restart now would only end the reads: it is not asked for.
      assertThat(liveness(operations)).isEqualTo(200);

      fileSizeMax(process, "unlimited");
      awaitRestartAskedFor(operations);
      assertUnavailable(channel, epoch, refused);
      assertThat(read(channel)).isEqualTo(acknowledged);
      channel.shutdownNow();
    }
    try (LogProcess process = LogProcess.started(folder, configuration)) {
      ManagedChannel channel = channel(process);
      assertThat(read(channel)).isEqualTo(acknowledged);
      write(channel, epoch, refused);
      assertThat(read(channel)).isEqualTo(acknowledged);
      assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);
      channel.shutdownNow();
    }
  }

  /** A file system of its own, which is gone with the process. */
  private List<String> onSmallDisk(String size) {
    String mount =
        "mkdir -p \"$0\" && mount -t tmpfs -o size=" + size + " tmpfs \"$0\" && exec \"$@\"";
    boolean isRoot = System.getProperty("user.name").equals("root");
    return List.of(
        "unshare", isRoot ? "-m" : "-rm", "sh", "-c", mount, folder.resolve("data").toString());
  }

  private boolean mayMount() throws Exception {
    List<String> command = new ArrayList<>(onSmallDisk("1m"));
    command.add("true");
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  @Test
  @Tag("2PC-3")
  void aDiskThatFillsUpLosesNothingThatWasAcknowledged() throws Exception {
    assumeTrue(mayMount(), "this machine allows no mounts in a namespace");
    Process started = LogProcess.start(folder, onSmallDisk("6m"), LogProcess.configuration());
    try (LogProcess process = new LogProcess(folder, started)) {
      ManagedChannel channel = channel(process);
      long epoch = Leases.acquire(channel);
      LogEntry last = fill(channel, epoch);

      assertUnavailable(channel, epoch, last);
      assertThat(acknowledged).isNotEmpty();
      assertThat(read(channel)).isEqualTo(acknowledged);
      assertThat(health(channel)).isEqualTo(ServingStatus.NOT_SERVING);
      channel.shutdownNow();
    }
  }

  /** Writes until the disk is full; gives the entry that found no room. */
  private LogEntry fill(ManagedChannel channel, long epoch) {
    String filling = "x".repeat(100_000);
    for (int i = 0; i < 100; i++) {
      LogEntry entry = chain.nextEntry().setSourceGatewayUid(filling + i).build();
      try {
        write(channel, epoch, entry);
      } catch (StatusRuntimeException e) {
        assertThat(e.getMessage()).contains("No space left on device");
        return entry;
      }
    }
    throw new AssertionError("the disk took more than it has room for");
  }

  private void assertUnavailable(ManagedChannel channel, long epoch, LogEntry entry) {
    OdapException refusal = null;
    try {
      write(channel, epoch, entry);
    } catch (StatusRuntimeException e) {
      refusal = OdapErrors.fromGrpc(e);
    }
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE);
    assertThat(refusal.getMessage())
        .contains("until the log service is restarted")
        .contains("a write failed");
  }

  private static void awaitRestartAskedFor(int operations) throws Exception {
    Instant deadline = Instant.now().plusSeconds(60);
    while (liveness(operations) != 503) {
      assertThat(Instant.now()).isBefore(deadline);
    }
  }
}
