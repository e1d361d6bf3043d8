package org.odap.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.cli.CliException;

class ProcessesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private Launch shell(String name, String script) {
    return new Launch(
        name,
        List.of("sh", "-c", script),
        folder.resolve(name + ".log"),
        Pattern.compile("^ready \\S+ port=(\\d+)"));
  }

  @Test
  void allAreWaitedForAndEndTogether() throws InterruptedException {
    List<Long> pids;
    try (Processes processes = new Processes()) {
      String serves = "echo ready x port=1; exec tail -f /dev/null";
      processes.start(LIMIT, List.of(shell("one", serves), shell("two", serves)));
      pids = processes.running().stream().map(RunningProcess::pid).toList();
      assertThat(pids).hasSize(2).allMatch(pid -> ProcessHandle.of(pid).isPresent());
      assertThat(processes.lost()).isEmpty();
    }
    assertThat(pids)
        .allMatch(pid -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void oneThatEndsEarlyIsToldWithItsLastWords() throws InterruptedException {
    try (Processes processes = new Processes()) {
      assertThatThrownBy(
              () -> processes.start(LIMIT, shell("log-alpha", "echo port 7001 is busy; exit 1")))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("log-alpha ended before it was ready:")
          .hasMessageContaining("port 7001 is busy")
          .hasMessageContaining(folder.resolve("log-alpha.log").toString());
    }
  }

  @Test
  void oneThatIsNeverReadyIsNotWaitedForForever() throws InterruptedException {
    try (Processes processes = new Processes()) {
      assertThatThrownBy(() ->
              processes.start(Duration.ofMillis(100), shell("slow", "exec tail -f /dev/null")))
          .hasMessageContaining("slow is not ready after 0 s");
    }
  }

  @Test
  void aToolThatFailsIsTold() throws InterruptedException {
    try (Processes processes = new Processes()) {
      processes.run(LIMIT, shell("good", "exit 0"));
      assertThatThrownBy(() -> processes.run(LIMIT, shell("bad", "echo no chain; exit 3")))
          .hasMessageContaining("bad failed with 3:")
          .hasMessageContaining("no chain");
    }
  }

  @Test
  void oneThatDiesLaterIsNoticed() throws InterruptedException {
    try (Processes processes = new Processes()) {
      RunningProcess mortal =
          processes.start(LIMIT, shell("mortal", "echo ready x port=1; exec tail -f /dev/null"));
      ProcessHandle handle = ProcessHandle.of(mortal.pid()).orElseThrow();
      handle.destroyForcibly();
      handle.onExit().join();
      assertThat(processes.lost()).map(RunningProcess::name).contains("mortal");
    }
  }

  @Test
  void aProgramThatIsNotThereIsTold() {
    try (Processes processes = new Processes()) {
      Launch missing =
          new Launch(
              "node",
              List.of(folder.resolve("nothing").toString()),
              folder.resolve("x.log"),
              Pattern.compile("x"));
      assertThatThrownBy(() -> processes.start(LIMIT, missing))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("node does not start");
    }
  }

  @Test
  void whatIsMissingOfTheInstallationIsToldWithHowToGetIt() {
    Installation empty = new Installation(folder);
    assertThatThrownBy(() -> empty.jar("log-service"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("mvn package");
    assertThatThrownBy(empty::anvil)
        .isInstanceOf(CliException.class)
        .hasMessageContaining("npm ci")
        .hasMessageContaining("--from sql --to sql");
  }
}
