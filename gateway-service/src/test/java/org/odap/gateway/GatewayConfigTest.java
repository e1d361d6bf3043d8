package org.odap.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.gateway.GatewayConfig.Approval;
import org.odap.gateway.GatewayConfig.LeaseConfig;
import org.odap.gateway.GatewayConfig.PolicyConfig;
import org.odap.gateway.GatewayConfig.ProfileRulesConfig;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.config.ConfigFile;

/** What an operator may write, what is taken when nothing is written, and what is refused. */
class GatewayConfigTest {
  private static final String LEAST =
      """
      tls: {certificate: gw.pem, key: gw-key.pem, trusted: [{organization: a, certificate: a.pem}]}
      server: {port: 0, callers: []}
      access-file: access.yaml
      log: {address: "127.0.0.1:1", identity: "odaplog://alpha.example/log"}
      ledgers:
        - dlt-system: one
          adapter: {address: "127.0.0.1:2", identity: "odapledger://alpha.example/one"}
      """;

  @TempDir Path folder;

  private GatewayConfig read(String yaml) throws IOException {
    return ConfigFile.read(
        Files.writeString(folder.resolve("gateway.yaml"), yaml), GatewayConfig.class);
  }

  private List<String> mistakes(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> read(yaml)).mistakes();
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws IOException {
    GatewayConfig config = read(LEAST);

    assertThat(config.lease()).isEqualTo(new LeaseConfig(Optional.empty(), Duration.ofSeconds(15)));
    assertThat(config.ledgers().getFirst().deadline()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.peers()).isEmpty();
    assertThat(config.assetProfiles()).isEmpty();
    assertThat(config.policy())
        .isEqualTo(
            new PolicyConfig(
                Approval.NONE,
                List.of(),
                List.of(),
                Duration.ofDays(1),
                List.of(),
                List.of(),
                List.of(),
                Duration.ofDays(1),
                true,
                false,
                new ProfileRulesConfig(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    true,
                    List.of())));
    assertThat(config.resources()).isEmpty();
    assertThat(config.timing())
        .isEqualTo(
            new TimingConfig(
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                Duration.ofMinutes(10),
                Duration.ofMinutes(1)));
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThat(mistakes("ledgers: []\npatience: 3s\ntiming: {patience: soon}\n"))
        .anyMatch(mistake -> mistake.startsWith("tls"))
        .anyMatch(mistake -> mistake.startsWith("log"))
        .anyMatch(mistake -> mistake.startsWith("ledgers"))
        .anyMatch(mistake -> mistake.startsWith("patience"))
        .anyMatch(mistake -> mistake.startsWith("timing.patience"));
  }

  @Test
  void eachLedgerOnce() {
    assertThat(
            mistakes(
                LEAST
                    + """
                      - dlt-system: one
                        adapter: {address: "127.0.0.1:3", identity: "odapledger://alpha.example/two"}
                    """))
        .containsExactly("ledgers: value: one twice (expected: each dlt-system once)");
  }

  @Test
  @Tag("CARD-6")
  void noMeshStandsBetweenGatewaysButBetweenServicesOfASide() throws IOException {
    assertThat(
            mistakes(
                LEAST.replace(
                    "callers: []",
                    "callers: [], mesh: {proxy: istio, members: [{name: spiffe://a/g, identity:"
                        + " 'odapgw://a/g'}]}")))
        .singleElement()
        .asString()
        .startsWith("server.mesh: (expected: none");
    assertThat(
            mistakes(
                LEAST
                    + """
                    peers:
                      - target: {address: "b:1", identity: "odapgw://b/g", mesh: true}
                        certificate: b.pem
                    """))
        .singleElement()
        .asString()
        .startsWith("peers[0].target.mesh: value: true (expected: false");
    assertThat(read(LEAST.replace("/log\"}", "/log\", mesh: true}")).log().mesh()).isTrue();
  }

  @Test
  void profilesNameLedgersThatAreHere() {
    assertThat(
            mistakes(LEAST + "asset-profiles:\n  - {file: title.json, classes: {other: titles}}\n"))
        .containsExactly("asset-profiles: value: other (expected: one of [one])");
  }

  @Test
  void aProfileIsInAFileOrInTheRegistry() {
    assertThat(mistakes(LEAST + "asset-profiles:\n  - {id: 'urn:x', classes: {one: titles}}\n"))
        .containsExactly("asset-profiles: value: urn:x (expected: resources to ask for it)");
    assertThat(mistakes(LEAST + "asset-profiles:\n  - {classes: {one: titles}}\n"))
        .singleElement()
        .asString()
        .endsWith("(expected: either file or id)");
  }

  @Test
  void issuersAndJurisdictionsAreWellFormed() {
    assertThat(mistakes(LEAST + "policy: {profiles: {jurisdiction: Germany}}\n"))
        .containsExactly(
            "policy.profiles.jurisdiction: value: Germany (expected: two capital letters)");
    assertThat(mistakes(LEAST + "policy: {profiles: {issuers: [{issuer: I, pubkey: k}]}}\n"))
        .singleElement()
        .asString()
        .startsWith("policy.profiles.issuers[0].pubkey: not a key");
  }

  @Test
  void someLockFitsBetweenShortestAndLongest() {
    assertThat(mistakes(LEAST + "timing: {lock-min: 2h}\npolicy: {lock-max: 1h}\n"))
        .containsExactly("timing.lock-min: longer than policy.lock-max");
  }

  @Test
  @Tag("ARCH-8")
  void whoMayBeAPeerByTheDirectorysWordIsSaidAndIsNobodyOfTheConfiguration() throws IOException {
    String resources =
        LEAST + "resources: {target: {address: 'd:1', identity: 'odapdir://a/d'}, peers: ";
    assertThat(
            read(LEAST + "resources: {target: {address: 'd:1', identity: 'odapdir://a/d'}}\n")
                .resources()
                .orElseThrow()
                .peers())
        .as("nobody by default")
        .isEmpty();
    assertThat(read(resources + "{organizations: [b]}}\n").resources().orElseThrow().peers())
        .isPresent();
    assertThat(mistakes(resources + "{memory: m}}\n"))
        .containsExactly(
            "resources.peers.organizations: value: [] (expected: some, or any-active)");
    assertThat(mistakes(resources + "{organizations: [b], any-active: true}}\n"))
        .containsExactly(
            "resources.peers.organizations: value: [b] (expected: some, or any-active)");
    assertThat(mistakes(resources + "{organizations: [b, a]}}\n"))
        .containsExactly("resources.peers.organizations: value: a (expected: none of tls.trusted)");
  }
}
