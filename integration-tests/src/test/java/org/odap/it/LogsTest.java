package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.it.system.Conditions;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** What services write about a transfer, and what they never write. */
@Tag("CARD-6")
@ExtendWith(SharedSystem.class)
class LogsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SECRET_MIN = 24;

  @Test
  void linesOfATransferNameItAndItsTraceAndNoneHoldsASecret(StorySystem system) throws IOException {
    for (String gateway : new String[] {"gateway-alpha", "gateway-beta"}) {
      assertThat(system.changeLevel(gateway, "org.odap", "DEBUG").statusCode()).isEqualTo(200);
    }
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();
    journey.assertUnitsArrived();

    for (String gateway : new String[] {"gateway-alpha", "gateway-beta"}) {
      List<JsonNode> lines =
          Conditions.await(
              "lines of " + gateway + " about the transfer",
              () -> lines(system, gateway, journey.id()),
              found -> !found.isEmpty());
      assertThat(lines)
          .allSatisfy(line -> {
            assertThat(line.path("transfer").asText()).startsWith(journey.id());
            assertThat(line.path("trace_id").asText()).as(line.toString()).hasSize(32);
            assertThat(line.path("service").asText()).isEqualTo("gateway");
            assertThat(line.path("level").asText()).isNotEmpty();
            assertThat(line.path("thread").isTextual()).isTrue();
            assertThat(line.path("event").asText()).isNotEmpty();
          });
    }
    List<String> secrets = secrets(system.folder());
    assertThat(secrets).hasSizeGreaterThan(20);
    for (String process : system.running()) {
      String output = system.output(process);
      assertThat(secrets).as("secrets in the log of " + process).noneMatch(output::contains);
    }
  }

  private static List<JsonNode> lines(StorySystem system, String process, String about) {
    return system
        .output(process)
        .lines()
        .filter(line -> line.startsWith("{"))
        .filter(line -> line.contains(about))
        .map(LogsTest::parsed)
        .toList();
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }

  /** Lines of private keys, the tracker's secret and the tokens of administrators. */
  private static List<String> secrets(Path folder) throws IOException {
    List<String> secrets = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith("-key.pem") || name.contains("secret") || name.contains("token")) {
          Files.readAllLines(file).stream()
              .filter(line -> !line.startsWith("-----") && line.length() >= SECRET_MIN)
              .forEach(secrets::add);
        }
      }
    }
    return secrets;
  }
}
