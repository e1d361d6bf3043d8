package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.BackUpRequest;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.ListHeldLogsRequest;
import org.odap.api.log.v1.LogOperationServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.ReleaseHeldLogsRequest;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.log.store.ArchiveFolder;
import org.odap.log.store.Chain;
import org.odap.log.store.Restoration;
import org.odap.runtime.encryption.EntryKeys;

/** Backups and archives of a log that several nodes keep, made by the one that leads. */
@Timeout(300)
@Tag("OURS-8")
class ReplicatedBackupTest {
  private static final List<String> NAMES = List.of("one", "two", "three");

  private static final String SETTINGS =
      """
      backup:
        directory: backups
        interval: 1d
        keep: 2
      retention:
        keep: 1d
        archive-directory: archives
        interval: 1s
      """;

  @TempDir Path folder;

  @Test
  void itIsRestoredOnTheNodeThatFoundsItAndComesToTheOthers() throws Exception {
    try (LogNodes nodes = new LogNodes(folder, NAMES.toArray(String[]::new)).with(SETTINGS)) {
      for (String name : NAMES) {
        Files.createDirectories(nodes.backups(name));
        Files.createDirectories(nodes.archives(name));
      }
      nodes.startAll();
      ManagedChannel channel = nodes.channel(LogServiceFixture.GATEWAY);
      Chain ended = ended(channel);
      Waiting.until("the ended log is archived", () -> isArchived(channel, ended));
      String archivedBy = nodes.leader();

      nodes.kill(archivedBy);
      Writers writers = new Writers(channel, 4);
      writers.write(5);
      String backedUpBy = nodes.leader();
      int generation = backUp(channel);
      assertThat(isArchived(channel, ended)).as("said by the next that leads").isTrue();
      ArchiveFolder archives = new ArchiveFolder(nodes.archives(archivedBy), EntryKeys.NONE);
      assertThat(archives.entries(archives.find(ended.log()).orElseThrow(), ended.log()))
          .hasSize(1);

      for (String name : NAMES) {
        nodes.kill(name);
        nodes.loseDisk(name);
      }
      Restoration.Report restored =
          Restoration.run(
              nodes.backups(backedUpBy),
              Optional.of(generation),
              nodes.data(NAMES.getFirst()),
              EntryKeys.NONE);
      assertThat(restored.held()).hasSize(4);
      nodes.startAll();

      assertThat(held(channel)).hasSize(4);
      ReleaseHeldLogsRequest release =
          ReleaseHeldLogsRequest.newBuilder().addAllLogIds(held(channel)).build();
      assertThat(
              Writers.repeated(() ->
                  LogOperationServiceGrpc.newBlockingStub(channel)
                      .releaseHeldLogs(release)
                      .getLogIdsCount()))
          .isEqualTo(4);
      new Writers(channel, 4).write(5);
      nodes.kill(nodes.leader());
      writers.compare();
      assertThat(isArchived(channel, ended)).isTrue();
    }
  }

  private static int backUp(ManagedChannel channel) {
    return Writers.repeated(() ->
        LogOperationServiceGrpc.newBlockingStub(channel)
            .backUp(BackUpRequest.getDefaultInstance())
            .getBackup()
            .getGeneration());
  }

  private static List<String> held(ManagedChannel channel) {
    return Writers.repeated(() ->
        LogOperationServiceGrpc.newBlockingStub(channel)
            .listHeldLogs(ListHeldLogsRequest.getDefaultInstance())
            .getLogIdsList());
  }

  /** A log of one entry, long ago. */
  private static Chain ended(ManagedChannel channel) {
    Chain chain = Chain.fresh();
    long epoch = Writers.repeated(() -> Leases.acquire(channel));
    int index =
        LogStorageServiceGrpc.newBlockingStub(channel)
            .writeLogEntries(
                WriteLogEntriesRequest.newBuilder()
                    .setLogId(chain.log().value())
                    .setEpoch(epoch)
                    .addEntries(chain.nextEntry())
                    .setClose(true)
                    .build())
            .getIndex();
    assertThat(index).isEqualTo(1);
    return chain;
  }

  private static boolean isArchived(ManagedChannel channel, Chain chain) {
    return Writers.repeated(() -> {
      try {
        LogStorageServiceGrpc.newBlockingStub(channel)
            .getLog(GetLogRequest.newBuilder().setLogId(chain.log().value()).build())
            .forEachRemaining(entry -> {});
        return false;
      } catch (StatusRuntimeException refused) {
        if (String.valueOf(refused.getMessage()).contains("its entries are in archive ")) {
          return true;
        }
        throw refused;
      }
    });
  }
}
