package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The committed form of the contracts, which is what gets deployed, is that of their source. */
@Tag("CARD-5")
final class CompiledContractsTest {
  @Test
  void whatIsCommittedIsWhatTheSourceCompilesTo() throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("odap.root", "."));
    Process compiler =
        new ProcessBuilder("node", "tools/compile-contracts.mjs", "--check")
            .directory(root.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(compiler.waitFor()).as(output).isZero();
    assertThat(output.lines().filter(line -> line.endsWith(": same"))).hasSize(5);
  }
}
