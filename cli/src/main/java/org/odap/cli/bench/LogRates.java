package org.odap.cli.bench;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.odap.cli.CliException;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningLogNodes;
import org.odap.cli.system.Side;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** How fast writers append through a log service, beside RocksDB's own synced puts. */
final class LogRates {
  private final Path folder;
  private final Callers writers;
  private final Consumer<String> progress;

  /** Nothing is measured yet. */
  LogRates(Path folder, Callers writers, Consumer<String> progress) {
    this.folder = folder;
    this.writers = writers;
    this.progress = progress;
  }

  /** RocksDB itself, with entries as large. */
  LogRate puts() throws InterruptedException {
    byte[] value = SampleLog.of(0).entryByEntry(1).getFirst().getEntries(0).toByteArray();
    AtomicLong keys = new AtomicLong();
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB database = RocksDB.open(options, folder.resolve("puts").toString());
        WriteOptions synced = new WriteOptions().setSync(true)) {
      return measured(
          "RocksDB, synced puts",
          Executors.newFixedThreadPool(writers.count()),
          () -> {},
          _ ->
              database.put(
                  synced,
                  ByteBuffer.allocate(Long.BYTES).putLong(keys.incrementAndGet()).array(),
                  value));
    } catch (RocksDBException e) {
      throw new CliException("RocksDB can't be measured: " + e.getMessage(), e);
    }
  }

  /** A log service of so many nodes, over one stream from one gateway. */
  LogRate log(int nodes) throws InterruptedException {
    try (RunningLogNodes running =
            RunningLogNodes.start(
                folder.resolve("log-of-" + nodes),
                new Side("alpha", LedgerKind.SQL),
                nodes,
                List.of("-XX:+UseSerialGC"),
                Installation.here(),
                progress);
        LogWriters log = new LogWriters(running.target(), running.gateway(), writers.count())) {
      log.connect();
      return measured(
          nodes == 1 ? "log of one node" : "log of " + nodes + " nodes",
          Executors.newVirtualThreadPerTaskExecutor(),
          () -> log.makeEntries(writers.each()),
          log::appendEntry);
    }
  }

  private LogRate measured(
      String what, ExecutorService threads, Runnable before, Callers.Deed write)
      throws InterruptedException {
    try (threads) {
      progress.accept("measuring: " + what + ", " + writers.count() + " writers");
      Callers.Round round = writers.warmedUp(threads, before, write);
      return new LogRate(
          what,
          writers.count(),
          round.perSecond(),
          round.latencies().percentileMillis(0.5),
          round.latencies().percentileMillis(0.99),
          1);
    }
  }
}
