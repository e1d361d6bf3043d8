package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.it.system.OdapCommand;
import org.odap.it.system.OdapCommand.Result;

/** A small measurement of two replicas of an adapter on one node, beside the plain client. */
class BenchAdaptersTest {
  @Test
  @Tag("CARD-6")
  void replicasOfAnAdapterShareTheStepsOfTransfers() throws IOException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    Path output = Files.createTempFile(Files.createDirectories(target), "bench-adapters-", ".out");

    Result bench =
        OdapCommand.run(
            output,
            "bench",
            "adapters",
            "--ledgers",
            "sql",
            "--replicas",
            "2",
            "--transfers",
            "20",
            "--in-flight",
            "4",
            "--warm-up",
            "PT0S");

    assertThat(bench.output())
        .containsPattern("sql +plain client +100 +0 ")
        .containsPattern("sql +adapter x 2 +100 +0 ")
        .containsPattern("sql +plain client again +100 +0 ")
        .containsPattern("  sql: 2 x [0-9]+ %");
    assertThat(bench.exitCode()).isZero();
  }
}
