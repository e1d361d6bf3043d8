package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.api.storage.v1.ArchiveManifest;
import org.odap.log.store.ArchiveFolder;
import org.odap.log.store.Chain;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;

/**
 * The real service, killed at each step of archiving: every entry is in the store or in a whole
 * archive.
 */
@Timeout(300)
class ArchiveKillTest {
  /** What appears in the archive's folder at each step; killed as soon as it does. */
  private static final List<String> STEPS =
      List.of(".logs.gz.part", ".logs.gz", ".logs.gz.json.part", ".logs.gz.json");

  private static final int LOGS = 40;
  private static final int ENTRIES = 5;

  @TempDir Path folder;
  private TlsMaterial gateway;
  private final List<Chain> chains = new ArrayList<>();
  private final List<List<ByteString>> written = new ArrayList<>();

  @BeforeEach
  void issueCertificates() throws Exception {
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    pki.issue(LogServiceFixture.LOG, "log", List.of());
    gateway = TlsMaterial.load(pki.issue(LogServiceFixture.GATEWAY, "gateway", List.of()));
    Files.createDirectory(archives());
  }

  private Path archives() {
    return folder.resolve("archives");
  }

  private static String configuration() {
    return LogProcess.configuration()
        + """
        retention:
          keep: 1d
          archive-directory: archives
          interval: 1s
        """;
  }

  @Test
  @Tag("2PC-3")
  @Tag("OURS-2")
  @Tag("OURS-8")
  void nothingIsLostWhereverItDies() throws Exception {
    for (String step : STEPS) {
      try (LogProcess process = LogProcess.started(folder, configuration());
          WatchService watch = FileSystems.getDefault().newWatchService()) {
        archives().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        withChannel(process, this::write);
        await(watch, step);
        process.kill();
      }
      assertNothingIsLost();
    }
    assertThat(new ArchiveFolder(archives(), EntryKeys.NONE).manifests()).isNotEmpty();
  }

  private interface Use {
    void of(ManagedChannel channel) throws Exception;
  }

  private void withChannel(LogProcess process, Use use) throws Exception {
    ManagedChannel channel =
        RpcChannels.channel("127.0.0.1", process.port(), gateway, LogServiceFixture.LOG);
    try {
      use.of(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private void write(ManagedChannel channel) {
    long epoch = Leases.acquire(channel);
    for (int i = 0; i < LOGS; i++) {
      Chain chain = Chain.fresh();
      WriteLogEntriesRequest.Builder request =
          WriteLogEntriesRequest.newBuilder()
              .setLogId(chain.log().value())
              .setEpoch(epoch)
              .setClose(true);
      List<ByteString> entries = new ArrayList<>();
      for (int entry = 0; entry < ENTRIES; entry++) {
        entries.add(
            request
                .addEntriesBuilder()
                .mergeFrom(chain.nextEntry().build())
                .build()
                .toByteString());
      }
      int index =
          LogStorageServiceGrpc.newBlockingStub(channel)
              .writeLogEntries(request.build())
              .getIndex();
      assertThat(index).isEqualTo(ENTRIES);
      chains.add(chain);
      written.add(entries);
    }
  }

  private static void await(WatchService watch, String suffix) throws InterruptedException {
    while (true) {
      WatchKey key = watch.poll(60, TimeUnit.SECONDS);
      assertThat(key).as("a file *" + suffix).isNotNull();
      for (WatchEvent<?> event : key.pollEvents()) {
        if (event.context().toString().endsWith(suffix)) {
          return;
        }
      }
      key.reset();
    }
  }

  /** Looked at without retention, so that nothing moves meanwhile. */
  private void assertNothingIsLost() throws Exception {
    ArchiveFolder folderOfArchives = new ArchiveFolder(archives(), EntryKeys.NONE);
    for (ArchiveManifest manifest : folderOfArchives.manifests()) {
      assertThat(folderOfArchives.verify(manifest).damages()).isEmpty();
    }
    try (LogProcess process = LogProcess.started(folder, LogProcess.configuration())) {
      withChannel(
          process,
          channel -> {
            for (int i = 0; i < chains.size(); i++) {
              Chain chain = chains.get(i);
              assertThat(
                      inStore(channel, chain)
                          .orElseGet(() ->
                              folderOfArchives.entries(
                                  folderOfArchives.find(chain.log()).orElseThrow(), chain.log())))
                  .isEqualTo(written.get(i));
            }
          });
    }
  }

  /** The log's entries; nothing when they are said to be in an archive. */
  private static Optional<List<ByteString>> inStore(ManagedChannel channel, Chain chain) {
    try {
      List<ByteString> stored = new ArrayList<>();
      LogStorageServiceGrpc.newBlockingStub(channel)
          .getLog(GetLogRequest.newBuilder().setLogId(chain.log().value()).build())
          .forEachRemaining(answer -> stored.add(answer.getLogEntry().toByteString()));
      return Optional.of(stored);
    } catch (StatusRuntimeException e) {
      assertThat(e.getMessage()).contains("its entries are in archive ");
      return Optional.empty();
    }
  }
}
