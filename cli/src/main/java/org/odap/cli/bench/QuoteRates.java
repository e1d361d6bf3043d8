package org.odap.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.odap.cli.CliException;
import org.odap.cli.system.Installation;
import org.odap.cli.terminal.TextTable;

/** How many TPM quotes a second are made and verified: the attestation service's own measure. */
final class QuoteRates {
  private static final String MAIN = "org.odap.attestation.development.QuoteBench";

  private QuoteRates() {}

  /** Measures with a TPM in software, in a process of its own. */
  static JsonNode measure(Installation installation, int quotes) throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("odap-bench-");
      Path output = folder.resolve("output");
      Process process =
          new ProcessBuilder(
                  installation.java().toString(),
                  "-cp",
                  installation.jar("attestation-service").toString(),
                  MAIN,
                  folder.toString(),
                  Integer.toString(quotes))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int exit = process.waitFor();
      List<String> lines = Files.readAllLines(output);
      if (exit != 0 || lines.isEmpty()) {
        throw new CliException(
            "no quotes (they need the packages swtpm and swtpm-tools): "
                + String.join("; ", lines.subList(0, Math.min(3, lines.size()))));
      }
      return new ObjectMapper().readTree(lines.getLast());
    } catch (IOException e) {
      throw new CliException("no quotes: " + e.getMessage(), e);
    }
  }

  static List<String> lines(JsonNode rates) {
    TextTable table =
        new TextTable("attestation key", "quotes/s", "verifications/s", "appraisals/s, durable");
    for (JsonNode rate : rates) {
      table.row(
          rate.get("signature").asText(),
          whole(rate, "quotesPerSecond"),
          whole(rate, "verificationsPerSecond"),
          whole(rate, "appraisalsPerSecond"));
    }
    return table.lines();
  }

  private static String whole(JsonNode rate, String name) {
    return String.format(Locale.ROOT, "%.0f", rate.get(name).asDouble());
  }
}
