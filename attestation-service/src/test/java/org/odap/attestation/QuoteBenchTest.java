package org.odap.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.attestation.development.QuoteBench;

/** The benchmark runs; what it finds is not judged here. */
class QuoteBenchTest {
  @TempDir Path folder;

  @Test
  void everyKindOfKeyIsMeasured() throws Exception {
    assertThat(QuoteBench.run(folder, 20))
        .hasSize(3)
        .allSatisfy(rates -> {
          assertThat(rates.quotesPerSecond()).isPositive();
          assertThat(rates.verificationsPerSecond()).isPositive();
          assertThat(rates.appraisalsPerSecond()).isPositive();
        });
  }
}
