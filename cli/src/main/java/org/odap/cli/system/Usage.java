package org.odap.cli.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has used.
 *
 * @param cpu time on all its threads
 * @param residentBytes memory it holds now; 0 where the system does not tell
 */
public record Usage(Duration cpu, long residentBytes) {
  private static final long KIB = 1024;

  /** What a process has used until now. */
  public static Usage of(ProcessHandle process) {
    return new Usage(
        process.info().totalCpuDuration().orElse(Duration.ZERO), residentBytes(process.pid()));
  }

  private static long residentBytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB)
          .findFirst()
          .orElse(0);
    } catch (IOException notLinux) {
      return 0;
    }
  }
}
