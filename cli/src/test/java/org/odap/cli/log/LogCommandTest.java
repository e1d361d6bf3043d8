package org.odap.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.log.lease.Lease;
import org.odap.log.store.ArchiveFolder;
import org.odap.log.store.BackupFolder;
import org.odap.log.store.CommitListener;
import org.odap.log.store.LogStore;
import org.odap.log.store.Writer;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.identity.Identity;
import picocli.CommandLine;

/** A stopped log service's store, as its operator looks at it and restores it. */
@Tag("OURS-8")
class LogCommandTest {
  private static final String LOG = "0f9a6f5e-0000-8000-8000-000000000001/sender";
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway");

  private record Said(int exitCode, List<String> lines) {}

  @TempDir private Path folder;

  private static Said run(String... arguments) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
    try {
      int exitCode =
          new CommandLine(new LogCommand())
              .setExecutionExceptionHandler((failure, command, parsed) -> {
                System.out.println(failure.getMessage());
                return 1;
              })
              .execute(arguments);
      return new Said(exitCode, text.toString(StandardCharsets.UTF_8).lines().toList());
    } finally {
      System.setOut(before);
    }
  }

  /** A store with one open transfer, and a backup of it. */
  private void makeStore() throws Exception {
    try (LogStore store =
            LogStore.open(data(), EntryKeys.NONE, System::nanoTime, CommitListener.NONE);
        BackupFolder backups = BackupFolder.open(folder.resolve("backups"))) {
      append(store, false);
      store.backUp(backups, Instant.parse("2026-11-22T12:00:00Z"), 3);
    }
  }

  private static void append(LogStore store, boolean close) throws Exception {
    Lease lease = ((Outcome.Done<Lease>) store.acquireLease("g", GATEWAY, 60_000).get()).value();
    ByteString entry =
        LogEntry.newBuilder()
            .setSessionId(LOG.substring(0, 36))
            .setSeqNumber(1)
            .setOdapPhase("p2")
            .setSourceGatewayDltSystem("ledger-1")
            .setRecipientGatewayDltSystem("ledger-2")
            .setTimestamp(1_606_157_330L)
            .setPayload(
                LogPayload.newBuilder()
                    .setMessage("init-lock")
                    .setMessageType("2pc-log")
                    .setVotes("none")
                    .setStep(3)
                    .setOperation(LogOperation.LOG_OPERATION_INIT)
                    .setGateways("GS"))
            .setPayloadHash("cd".repeat(32))
            .setLogEntryHash("ab".repeat(32))
            .setMessageSignature("A".repeat(86))
            .build()
            .toByteString();
    Outcome<Integer> appended =
        store
            .append(new LogId(LOG), new Writer(GATEWAY, lease.epoch()), List.of(entry), close)
            .get();
    assertThat(appended).isEqualTo(Outcome.done(1));
  }

  private Path data() {
    return folder.resolve("data");
  }

  @Test
  void aWholeStoreAndAWholeBackupAreSaidToBe() throws Exception {
    makeStore();
    String[] whole = {
      "1 logs (1 open, 0 held, 0 closed, 0 archived), 1 entries, last epoch 1",
      "checked: keys; checksum and place of every entry; chain and head of every log; what the"
          + " witness saw of 1",
      "whole"
    };

    Said ofData = run("verify", data().toString());
    assertThat(ofData.lines()).first().asString().contains("data directory " + data());
    assertThat(ofData.lines()).endsWith(whole);
    assertThat(ofData.exitCode()).isZero();

    Said ofBackup = run("verify", folder.resolve("backups").toString());
    assertThat(ofBackup.lines())
        .first()
        .asString()
        .contains("backup 1, as of 2026-11-22T12:00:00Z");
    assertThat(ofBackup.lines()).endsWith(whole);
    assertThat(ofBackup.exitCode()).isZero();
  }

  @Test
  void aDamageIsNamedAndTheCommandFails() throws Exception {
    makeStore();
    flip(data().resolve("db"), "init-lock");

    Said said = run("verify", data().toString());
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.lines()).anySatisfy(line -> assertThat(line).startsWith("damaged: "));
    assertThat(said.lines()).last().asString().startsWith("damages: ");
  }

  @Test
  void aBackupIsRestoredAndWhatIsHeldIsNamed() throws Exception {
    makeStore();
    Path to = folder.resolve("restored");
    String backups = folder.resolve("backups").toString();

    assertThat(run("restore", "--from", backups, "--to", to.toString()))
        .isEqualTo(
            new Said(
                0,
                List.of(
                    "restored generation 1, as of 2026-11-22T12:00:00Z, to " + to,
                    "what was acknowledged after that moment is not in it",
                    "transfers open then, held until they are released: 1",
                    "  " + LOG)));
    assertThat(run("verify", to.toString()).lines())
        .contains(
            "1 logs (0 open, 1 held, 0 closed, 0 archived), 1 entries, last epoch 4294967297");

    Said again = run("restore", "--from", backups, "--to", to.toString());
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.lines())
        .containsExactly(to + ": not empty (expected: an empty directory, or none)");
  }

  @Test
  void anArchiveIsListedVerifiedAndReadWithoutTheService() throws Exception {
    Path archives = folder.resolve("archives");
    try (LogStore store =
        LogStore.open(data(), EntryKeys.NONE, System::nanoTime, CommitListener.NONE)) {
      append(store, true);
      Instant noon = Instant.parse("2026-11-22T12:00:00Z");
      assertThat(
              store.archive(
                  new ArchiveFolder(archives, EntryKeys.NONE),
                  noon,
                  store.endedBefore(noon, "", 10)))
          .containsExactly(new LogId(LOG));
    }
    String dir = archives.toString();
    String name = "20261122T120000000Z.logs.gz";
    Path file = folder.resolve("log.jsonl");

    assertThat(run("archive", "list", dir).lines())
        .containsExactly(name + " of 2026-11-22T12:00:00Z: 1 logs", "  " + LOG + ", 1 entries");
    assertThat(run("archive", "verify", dir))
        .isEqualTo(new Said(0, List.of(name + ": 1 logs, whole")));
    assertThat(run("archive", "export", dir, LOG, file.toString()).exitCode()).isZero();
    assertThat(Files.readAllLines(file)).hasSize(1).first().asString().contains("init-lock");
    assertThat(run("archive", "export", dir, LOG.replace("sender", "recipient"), "x").lines())
        .last()
        .asString()
        .contains("(expected: in an archive of ");

    Files.writeString(
        archives.resolve(name + ".json"),
        Files.readString(archives.resolve(name + ".json"))
            .replace("\"length\": 1", "\"length\": 2"));
    assertThat(run("archive", "verify", dir))
        .isEqualTo(
            new Said(
                1,
                List.of(
                    name + ": 1 logs, damaged",
                    "damaged: " + name + ": it holds other logs than its manifest says")));
  }

  @Test
  void aFolderWithoutAStoreIsSaidSo() {
    Said said = run("verify", folder.toString());
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.lines()).last().asString().contains("no data directory of a log service");
  }

  private static void flip(Path directory, String text) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
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
}
