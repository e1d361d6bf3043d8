package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.ClaimLogsRequest;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LeaseState;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.ReleaseLeaseRequest;
import org.odap.api.log.v1.WatchLeasesRequest;
import org.odap.api.log.v1.WatchLeasesResponse;
import org.odap.log.store.Chain;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;

/** Primary-backup mode (recovery-01 4.2) between real processes. */
@Timeout(180)
@Tag("2PC-7")
class TakeoverTest {
  private static final int T_MILLIS = 2_000;

  @TempDir Path folder;
  private DevelopmentPki pki;
  private LogProcess log;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Chain chain = Chain.fresh();

  @BeforeEach
  void start() throws Exception {
    pki = DevelopmentPki.create(folder, "alpha.example");
    pki.issue(LogServiceFixture.LOG, "log", List.of());
    pki.issue(LogServiceFixture.GATEWAY, "gateway", List.of());
    log = new LogProcess(folder);
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    log.close();
  }

  /** A backup: waits for the end of the primary's lease, then tries to take its logs. */
  private final class Backup {
    private final LeaseServiceGrpc.LeaseServiceBlockingStub leases;
    private final LogStorageServiceGrpc.LogStorageServiceBlockingStub logs;
    private final Iterator<WatchLeasesResponse> events;
    private final long epoch;

    Backup(String name) {
      Identity identity = new Identity("odapgw://alpha.example/" + name);
      TlsMaterial tls = TlsMaterial.load(pki.issue(identity, name, List.of()));
      ManagedChannel channel =
          RpcChannels.channel("127.0.0.1", log.port(), tls, LogServiceFixture.LOG);
      channels.add(channel);
      leases = LeaseServiceGrpc.newBlockingStub(channel);
      logs = LogStorageServiceGrpc.newBlockingStub(channel);
      events = leases.watchLeases(WatchLeasesRequest.getDefaultInstance());
      epoch =
          leases
              .acquireLease(
                  AcquireLeaseRequest.newBuilder()
                      .setHolder(name)
                      .setDurationMillis(600_000)
                      .build())
              .getEpoch();
    }

    WatchLeasesResponse await(LeaseState state, String holder) {
      WatchLeasesResponse event = events.next();
      while (event.getState() != state || !event.getHolder().equals(holder)) {
        event = events.next();
      }
      return event;
    }

    List<String> claim() {
      return leases
          .claimLogs(ClaimLogsRequest.newBuilder().setEpoch(epoch).build())
          .getLogIdsList();
    }
  }

  private Process primary() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LeaseHolder.class.getName(),
            folder.toString(),
            Integer.toString(log.port()),
            chain.log().value(),
            Integer.toString(T_MILLIS))
        .redirectError(folder.resolve("primary-stderr").toFile())
        .start();
  }

  private static void signal(Process process, String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void aPrimaryBackFromALongPauseIsFencedOff() throws Exception {
    List<Backup> backups = List.of(new Backup("gateway-2"), new Backup("gateway-3"));
    Process primary = primary();
    try (BufferedReader said =
            new BufferedReader(
                new InputStreamReader(primary.getInputStream(), StandardCharsets.UTF_8));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(said.readLine()).isEqualTo("appended 1");
      assertThat(said.readLine()).isEqualTo("appended 2");
      signal(primary, "STOP");
      Instant stopped = Instant.now();

      List<Future<List<String>>> claims = new ArrayList<>();
      for (Backup backup : backups) {
        claims.add(
            threads.submit(() -> {
              WatchLeasesResponse end = backup.await(LeaseState.LEASE_STATE_EXPIRED, "gateway-1");
              assertThat(end.getDurationMillis()).isEqualTo(T_MILLIS);
              return backup.claim();
            }));
      }
      List<String> claimed = new ArrayList<>();
      for (Future<List<String>> claim : claims) {
        claimed.addAll(claim.get(60, TimeUnit.SECONDS));
      }
      Duration takeover = Duration.between(stopped, Instant.now());
      System.out.println("takeover after " + takeover.toMillis() + " ms, T = " + T_MILLIS);

      assertThat(claimed).containsExactly(chain.log().value());
      // The last heartbeat may be as old as the pause between two.
      assertThat(takeover).isGreaterThan(Duration.ofMillis(T_MILLIS / 2));
      int length = length(backups.getFirst());
      signal(primary, "CONT");
      // An append that was under way when it was stopped is judged before the log is claimed.
      assertThat(lastLine(said)).isIn("refused EPOCH_STALE", "refused LEASE_LOST");
      assertThat(length(backups.getFirst())).isEqualTo(length);
    } finally {
      primary.destroyForcibly();
    }
  }

  private static String lastLine(BufferedReader said) throws Exception {
    String last = "";
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      last = line;
    }
    return last;
  }

  private int length(Backup backup) {
    return backup
        .logs
        .getLogLength(GetLogLengthRequest.newBuilder().setLogId(chain.log().value()).build())
        .getLength();
  }

  @Test
  void anOrderlyHandOverTakesNoTime() throws Exception {
    Backup primary = new Backup("gateway-1");
    Backup backup = new Backup("gateway-2");
    WatchLeasesResponse alive = backup.await(LeaseState.LEASE_STATE_ALIVE, "gateway-1");
    assertThat(alive.getEpoch()).isEqualTo(primary.epoch);

    var _ =
        primary.leases.releaseLease(
            ReleaseLeaseRequest.newBuilder().setEpoch(primary.epoch).build());

    // T is ten minutes: this ends only because nobody waits for it.
    assertThat(backup.await(LeaseState.LEASE_STATE_RELEASED, "gateway-1").getEpoch())
        .isEqualTo(primary.epoch);
  }

  @Test
  void whoWatchesLateLearnsOfLogsWithoutOwner() throws Exception {
    Process primary = primary();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(primary.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).isEqualTo("appended 1");
    } finally {
      primary.destroyForcibly();
    }
    Backup early = new Backup("gateway-2");
    WatchLeasesResponse expired = early.await(LeaseState.LEASE_STATE_EXPIRED, "gateway-1");
    assertThat(expired.getOpenLogs()).isEqualTo(1);

    Backup late = new Backup("gateway-3");
    WatchLeasesResponse ended = late.await(LeaseState.LEASE_STATE_ENDED, "");
    assertThat(ended.getEpoch()).isEqualTo(expired.getEpoch());
    assertThat(ended.getOpenLogs()).isEqualTo(1);
    assertThat(late.claim()).containsExactly(chain.log().value());
    assertThat(early.claim()).isEmpty();
  }
}
