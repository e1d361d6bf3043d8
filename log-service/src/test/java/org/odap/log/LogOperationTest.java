package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.BackUpRequest;
import org.odap.api.log.v1.Backup;
import org.odap.api.log.v1.ListBackupsRequest;
import org.odap.api.log.v1.ListHeldLogsRequest;
import org.odap.api.log.v1.LogOperationServiceGrpc;
import org.odap.api.log.v1.LogOperationServiceGrpc.LogOperationServiceBlockingStub;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.ReleaseHeldLogsRequest;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.log.store.Chain;
import org.odap.log.store.Restoration;
import org.odap.runtime.encryption.EntryKeys;

/** What operators ask of the running service, by gRPC. */
@Tag("OURS-8")
class LogOperationTest {
  @TempDir Path directory;

  private static Chain write(ManagedChannel channel) {
    long epoch = Leases.acquire(channel);
    Chain chain = Chain.fresh();
    int index =
        LogStorageServiceGrpc.newBlockingStub(channel)
            .writeLogEntries(
                WriteLogEntriesRequest.newBuilder()
                    .setLogId(chain.log().value())
                    .setEpoch(epoch)
                    .addEntries(chain.nextEntry())
                    .build())
            .getIndex();
    assertThat(index).isEqualTo(1);
    return chain;
  }

  @Test
  void aBackupIsMadeListedMeasuredAndRestoredFrom() throws Exception {
    Path restored = directory.resolve("second/data");
    Chain chain;
    try (LogServiceFixture service = new LogServiceFixture(directory)) {
      ManagedChannel channel = service.channel(LogServiceFixture.GATEWAY);
      chain = write(channel);
      LogOperationServiceBlockingStub operator = LogOperationServiceGrpc.newBlockingStub(channel);
      Backup made = operator.backUp(BackUpRequest.getDefaultInstance()).getBackup();
      assertThat(made.getBytes()).isPositive();
      assertThat(operator.listBackups(ListBackupsRequest.getDefaultInstance()).getBackupsList())
          .contains(made);
      assertThat(metrics(service))
          .contains("odap_log_backup_age_seconds ", "odap_log_backup_size_bytes ")
          .contains("odap_log_backup_duration_seconds_count ", "odap_log_backup_failures_total 0.0")
          .doesNotContain("odap_log_backup_age_seconds NaN");
      assertThat(
              Restoration.run(
                      directory.resolve("backups"),
                      Optional.of(made.getGeneration()),
                      restored,
                      EntryKeys.NONE)
                  .held())
          .containsExactly(chain.log());
    }
    try (LogServiceFixture service = new LogServiceFixture(directory.resolve("second"))) {
      LogOperationServiceBlockingStub operator =
          LogOperationServiceGrpc.newBlockingStub(service.channel(LogServiceFixture.GATEWAY));
      List<String> log = List.of(chain.log().value());
      assertThat(operator.listHeldLogs(ListHeldLogsRequest.getDefaultInstance()).getLogIdsList())
          .isEqualTo(log);
      ReleaseHeldLogsRequest release =
          ReleaseHeldLogsRequest.newBuilder().addAllLogIds(log).build();
      assertThat(operator.releaseHeldLogs(release).getLogIdsList()).isEqualTo(log);
      assertThat(operator.releaseHeldLogs(release).getLogIdsList()).isEmpty();
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> operator.releaseHeldLogs(ReleaseHeldLogsRequest.getDefaultInstance()))
          .withMessageContaining("log_ids");
    }
  }

  private static String metrics(LogServiceFixture service) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + service.operationsPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void onlyThoseWhomTheConfigurationNamesMayAsk() throws Exception {
    try (LogServiceFixture service = new LogServiceFixture(directory)) {
      LogOperationServiceBlockingStub stranger =
          LogOperationServiceGrpc.newBlockingStub(service.channel(LogServiceFixture.THIRD));
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> stranger.backUp(BackUpRequest.getDefaultInstance()))
          .withMessageContaining("PERMISSION_DENIED");
    }
  }
}
