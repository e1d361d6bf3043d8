package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.core.envelope.Messages;
import org.odap.core.session.Role;

/** The logs that a scenario leaves behind are evidence: a third party finds nothing wrong in it. */
@Tag("ARCH-6")
@Tag("2PC-8")
class EvidenceOfScenariosTest {
  private static final EndEvidence EVIDENCE =
      new EndEvidence(Messages.frame(), Map.of(Role.SENDER, Set.of(), Role.RECIPIENT, Set.of()));

  private static Stream<Path> scenarios() throws IOException {
    try (Stream<Path> files =
        Files.list(Golden.root().resolve("protocol-core/src/test/resources/scenarios"))) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void holds(Path scenario) throws IOException {
    TwoGateways gateways = Scenario.tell(Files.readAllLines(scenario)).world();
    assertThat(gateways.ended()).isTrue();

    assertThat(EVIDENCE.fault(gateways.sender().transfer(), gateways.recipient().transfer()))
        .isEmpty();
  }
}
