package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc.LogStorageServiceBlockingStub;
import org.odap.api.log.v1.RenewLeaseRequest;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.log.store.Chain;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;

/** The real service, killed in the middle of its work, again and again. */
@Timeout(300)
class KillTest {
  private static final int KILLS = 4;
  private static final int WRITERS = 8;
  private static final long SEED = 20_261_121;

  @TempDir Path folder;
  private TlsMaterial gateway;

  @BeforeEach
  void issueCertificates() {
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    pki.issue(LogServiceFixture.LOG, "log", List.of());
    gateway = TlsMaterial.load(pki.issue(LogServiceFixture.GATEWAY, "gateway", List.of()));
  }

  /** Writes one log, entry by entry, and remembers what it was told. */
  private static final class Writer {
    final Chain chain = Chain.fresh();
    final List<LogEntry> sent = new ArrayList<>();
    int acknowledged;

    /** Goes on until the service is gone. An entry without an answer is sent again first. */
    void write(LogStorageServiceBlockingStub log, long epoch, CountDownLatch started) {
      try {
        while (true) {
          if (sent.size() == acknowledged) {
            sent.add(chain.nextEntry().build());
          }
          WriteLogEntriesRequest request =
              WriteLogEntriesRequest.newBuilder()
                  .setLogId(chain.log().value())
                  .setEpoch(epoch)
                  .addEntries(sent.getLast())
                  .build();
          int index = log.writeLogEntries(request).getIndex();
          assertThat(index).isEqualTo(sent.size());
          acknowledged = index;
          started.countDown();
        }
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
      }
    }
  }

  @Test
  @Tag("2PC-3")
  @Tag("OURS-2")
  void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
    Random random = new Random(SEED);
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new Writer());
    }
    long epoch = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      try (LogProcess process = new LogProcess(folder)) {
        ManagedChannel channel =
            RpcChannels.channel("127.0.0.1", process.port(), gateway, LogServiceFixture.LOG);
        try {
          epoch = epoch == 0 ? Leases.acquire(channel) : renew(channel, epoch);
          compare(channel, writers);
          writeAndKill(process, channel, writers, epoch, 20 + random.nextInt(400));
        } finally {
          channel.shutdownNow();
        }
      }
    }
    try (LogProcess process = new LogProcess(folder)) {
      ManagedChannel channel =
          RpcChannels.channel("127.0.0.1", process.port(), gateway, LogServiceFixture.LOG);
      compare(channel, writers);
      channel.shutdownNow();
    }
  }

  /** The lease outlives the service's death. */
  private static long renew(ManagedChannel channel, long epoch) {
    assertThat(
            LeaseServiceGrpc.newBlockingStub(channel)
                .renewLease(RenewLeaseRequest.newBuilder().setEpoch(epoch).build())
                .getRemainingMillis())
        .isEqualTo(600_000);
    return epoch;
  }

  private static void writeAndKill(
      LogProcess process,
      ManagedChannel channel,
      List<Writer> writers,
      long epoch,
      int acknowledgements)
      throws Exception {
    CountDownLatch enough = new CountDownLatch(acknowledgements);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (Writer writer : writers) {
        ends.add(
            threads.submit(
                () -> writer.write(LogStorageServiceGrpc.newBlockingStub(channel), epoch, enough)));
      }
      assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
      process.kill();
      for (Future<?> end : ends) {
        end.get(60, TimeUnit.SECONDS);
      }
    }
  }

  /** All that was acknowledged is there; beyond it at most the one entry under way. */
  private static void compare(ManagedChannel channel, List<Writer> writers) {
    for (Writer writer : writers) {
      if (writer.acknowledged == 0) {
        continue;
      }
      List<LogEntry> stored = new ArrayList<>();
      LogStorageServiceGrpc.newBlockingStub(channel)
          .getLog(GetLogRequest.newBuilder().setLogId(writer.chain.log().value()).build())
          .forEachRemaining(answer -> stored.add(answer.getLogEntry()));
      assertThat(stored).hasSizeBetween(writer.acknowledged, writer.sent.size());
      assertThat(stored).isEqualTo(writer.sent.subList(0, stored.size()));
    }
  }

  @Test
  void aDamagedStoreStopsTheStartUnlessItIsSalvaged() throws Exception {
    Writer writer = new Writer();
    try (LogProcess process = new LogProcess(folder)) {
      ManagedChannel channel =
          RpcChannels.channel("127.0.0.1", process.port(), gateway, LogServiceFixture.LOG);
      writeAndKill(process, channel, List.of(writer), Leases.acquire(channel), 5);
      channel.shutdownNow();
    }
    flipBit(folder.resolve("data/db"), writer.sent.get(1).getMessageSignature());

    Process refused = LogProcess.start(folder);
    assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(refused.exitValue()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("stderr")))
        .contains(writer.chain.log() + " entry 2: ");

    try (LogProcess salvaged = new LogProcess(folder, "--salvage")) {
      ManagedChannel channel =
          RpcChannels.channel("127.0.0.1", salvaged.port(), gateway, LogServiceFixture.LOG);
      assertThat(Leases.acquire(channel)).isGreaterThan(1);
      channel.shutdownNow();
    }
    assertThat(folder.resolve("data/damaged-1/db")).isDirectory();
  }

  private static void flipBit(Path database, String text) throws Exception {
    try (var files = Files.newDirectoryStream(database, "*.log")) {
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        if (at >= 0) {
          bytes[at] ^= 1;
          Files.write(file, bytes);
          return;
        }
      }
    }
    throw new AssertionError("not found: " + text);
  }

  @Test
  void aConfigurationIsValidatedWithoutStarting() throws Exception {
    Process process = LogProcess.start(folder, "--validate-config");
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(folder.resolve("data")).doesNotExist();
  }
}
