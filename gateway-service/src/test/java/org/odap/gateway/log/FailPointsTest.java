package org.odap.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogPayload;

class FailPointsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<LogEntry> ENTRIES = List.of(entry("ack-commence"), entry("exec-lock"));

  @TempDir private Path folder;

  @Test
  @Tag("OURS-2")
  void holdsOneTransferUntilItsFileIsDeleted() throws IOException, InterruptedException {
    Files.createFile(folder.resolve("sender.exec-lock.after"));
    FailPoints points = new FailPoints(Optional.of(folder));

    Thread held =
        Thread.ofVirtual().start(() -> points.reach("t-1/sender", ENTRIES, FailPoints.When.AFTER));
    Path file = folder.resolve("sender.exec-lock.after.t-1.held");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!Files.exists(file) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }

    assertThat(file).exists();
    points.reach("t-2/sender", ENTRIES, FailPoints.When.AFTER);
    assertThat(held.isAlive()).isTrue();
    Files.delete(file);
    assertThat(held.join(LIMIT)).isTrue();
  }

  @Test
  void passesPointsThatAreNotMeant() throws IOException {
    Files.createFile(folder.resolve("sender.exec-lock.after"));
    FailPoints points = new FailPoints(Optional.of(folder));

    points.reach("t-1/sender", ENTRIES, FailPoints.When.BEFORE);
    points.reach("t-1/recipient", ENTRIES, FailPoints.When.AFTER);
    points.reach("t-1/sender", List.of(entry("done-lock")), FailPoints.When.AFTER);
    new FailPoints(Optional.empty()).reach("t-1/sender", ENTRIES, FailPoints.When.AFTER);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("sender.exec-lock.after"));
    }
  }

  private static LogEntry entry(String command) {
    return LogEntry.newBuilder().setPayload(LogPayload.newBuilder().setMessage(command)).build();
  }
}
