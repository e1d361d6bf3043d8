package org.odap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.edge.EdgeConfig.ClientCertificate;

/** An edge that is told to stop: whoever restarts a service waits for it. */
@Timeout(60)
class EdgeStopTest {
  private static final Duration QUIET_PERIOD = Duration.ofSeconds(2);

  @TempDir Path folder;

  @Test
  @Tag("OURS-8")
  void aStopWaitsForNobodyWhenNothingIsUnderWay() {
    assertThat(IntStream.range(0, 3).mapToLong(i -> stopNanos()).min().orElseThrow())
        .as("the fastest of three")
        .isLessThan(QUIET_PERIOD.toNanos());
  }

  private long stopNanos() {
    try {
      EdgeFixture edge = new EdgeFixture(folder, ClientCertificate.REQUIRED);
      assertThat(edge.get("/odap/v1/transfers/abc").statusCode()).isEqualTo(200);
      long start = System.nanoTime();
      edge.close();
      return System.nanoTime() - start;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
