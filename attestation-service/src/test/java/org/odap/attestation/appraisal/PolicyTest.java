package org.odap.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.identity.DevelopmentPki;

/** The policy's file. */
@Tag("IT-8")
class PolicyTest {
  private static final String VALUE = "a".repeat(64);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void makeRoot() throws Exception {
    DevelopmentPki.create(folder, "vendor.example");
    file = folder.resolve("policy.yaml");
  }

  private static String profile(String name, String gateway) {
    return """
      - name: %s
        gateways: [%s]
        endorsement-roots: [entity.pem]
        pcr-values: {0: [%s]}
    """
        .formatted(name, gateway, VALUE);
  }

  @Test
  void theFirstProfileThatNamesAGatewayHolds() throws Exception {
    Files.writeString(
        file,
        "profiles:\n"
            + profile("one", "odapgw://beta.example/gateway-1")
            + profile("all", "odapgw://beta.example/*"));

    Policy policy = Policy.read(file);

    assertThat(policy.resultValidity()).isEqualTo(Duration.ofMinutes(10));
    assertThat(policy.ruleFor("odapgw://beta.example/gateway-1").orElseThrow().profile().name())
        .isEqualTo("one");
    assertThat(policy.ruleFor("odapgw://beta.example/gateway-2").orElseThrow().profile().name())
        .isEqualTo("all");
    assertThat(policy.ruleFor("odapgw://beta.example.evil/gateway-1")).isEmpty();
  }

  @Test
  void everyMistakeIsToldAtOnce() throws Exception {
    Files.writeString(
        file,
        """
        result-validity: 1s
        profiles:
          - name: machine
            gateways: ["*"]
            endorsement-roots: [nowhere.pem]
            endorsement-keys: [short]
            firmware-versions: ["7"]
            signatures: [ecdaa]
            pcr-values: {24: [zz], 1: []}
        """);

    assertThatThrownBy(() -> Policy.read(file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.mistakes())
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("result-validity: value: 1s"))
                    .anyMatch(line -> line.contains("signatures[0]: value: ecdaa")));

    Files.writeString(file, Files.readString(file).replace("ecdaa", "ecdsa").replace("1s", "1m"));
    assertThatThrownBy(() -> Policy.read(file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.mistakes())
                    .anyMatch(line -> line.startsWith("profiles[0].gateways: value: *"))
                    .anyMatch(line -> line.startsWith("profiles[0].endorsement-keys: value: short"))
                    .anyMatch(line -> line.startsWith("profiles[0].firmware-versions: value: 7"))
                    .anyMatch(line -> line.startsWith("profiles[0].pcr-values: value: 24"))
                    .anyMatch(line -> line.startsWith("profiles[0].pcr-values.24: value: zz"))
                    .anyMatch(line -> line.startsWith("profiles[0].pcr-values.1: nothing")));
  }

  @Test
  void twoProfilesOfOneNameAndUnreadableRootsAreMistakes() throws Exception {
    Files.writeString(
        file,
        "profiles:\n"
            + profile("same", "odapgw://beta.example/*")
            + profile("same", "odapgw://gamma.example/*").replace("entity.pem", "nowhere.pem"));

    assertThatThrownBy(() -> Policy.read(file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.mistakes())
                    .anyMatch(line -> line.startsWith("profiles: two have the same name"))
                    .anyMatch(line ->
                        line.startsWith("profiles[1].endorsement-roots: ")
                            && line.endsWith("nowhere.pem: does not exist")));
  }

  @Test
  void aChangedFileIsTakenUpAndAWrongOneLeavesTheFormer() throws Exception {
    Files.writeString(file, "profiles:\n" + profile("one", "odapgw://beta.example/*"));
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    PolicyPart part = new PolicyPart(file, Duration.ofMillis(20), metrics);
    part.start();
    try {
      Files.writeString(file, "profiles: []");
      await(() -> metrics.get(PolicyPart.STALE).gauge().value() == 1);
      assertThat(names(part)).containsExactly("one");

      Files.writeString(file, "profiles:\n" + profile("two", "odapgw://beta.example/*"));
      await(() -> names(part).equals(List.of("two")));
      assertThat(metrics.get(PolicyPart.STALE).gauge().value()).isZero();
    } finally {
      part.stop(Duration.ZERO);
    }
  }

  private static List<String> names(PolicyPart part) {
    return part.current().rules().stream().map(rule -> rule.profile().name()).toList();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
