package org.odap.ledger.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the environment may say, and what is told when it is not right. */
class ServiceEnvironmentTest {
  @TempDir private Path folder;

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of("CHAINCODE_SERVER_ADDRESS", "127.0.0.1:9999", "CORE_CHAINCODE_ID_NAME", "odap:1"));

  @Test
  void aPlainConnectionHasToBeAskedFor() {
    environment.put("CHAINCODE_TLS_DISABLED", "true");
    ServiceEnvironment read = ServiceEnvironment.read(environment);
    assertThat(read.serverProperties().isTlsEnabled()).isFalse();
    assertThat(read.address().getPort()).isEqualTo(9_999);
  }

  @Test
  void aConnectionWithTlsIsMutual() throws IOException {
    file("CHAINCODE_TLS_KEY");
    file("CHAINCODE_TLS_CERT");
    file("CHAINCODE_CLIENT_CA_CERT");
    ChaincodeServerProperties properties = ServiceEnvironment.read(environment).serverProperties();
    properties.validate();
    assertThat(properties.isTlsEnabled()).isTrue();
    assertThat(properties.getTrustCertCollectionFile()).endsWith("CHAINCODE_CLIENT_CA_CERT");

    environment.remove("CHAINCODE_CLIENT_CA_CERT");
    refused("CHAINCODE_CLIENT_CA_CERT: value: nothing (expected: a PEM file, ");
    environment.put("CHAINCODE_CLIENT_CA_CERT", "/nowhere");
    refused("CHAINCODE_CLIENT_CA_CERT: value: /nowhere (expected: a file to read)");
  }

  @Test
  void whatContradictsItselfIsRefused() throws IOException {
    environment.put("CHAINCODE_TLS_DISABLED", "true");
    file("CHAINCODE_TLS_KEY");
    refused("(expected: nothing, as CHAINCODE_TLS_DISABLED is true)");
    environment.put("CHAINCODE_TLS_DISABLED", "yes");
    refused("CHAINCODE_TLS_DISABLED: value: yes (expected: true or false)");
  }

  @Test
  void theShimsOwnTlsIsRefusedBecauseItTakesAnyPeer() {
    environment.put("CHAINCODE_TLS_DISABLED", "true");
    environment.put("CORE_PEER_TLS_ENABLED", "true");
    refused("CORE_PEER_TLS_ENABLED: value: true (expected: nothing, and CHAINCODE_TLS_KEY ");
  }

  @Test
  void addressesHaveHostAndPort() {
    environment.put("CHAINCODE_TLS_DISABLED", "true");
    for (String address : new String[] {"", "9999", "host:", "host:65536", ":1"}) {
      environment.put("CHAINCODE_SERVER_ADDRESS", address);
      refused("CHAINCODE_SERVER_ADDRESS: value: " + address + " (expected: <host>:<port>)");
    }
  }

  @Test
  void theClockToleranceHasADefaultAndBounds() {
    assertThat(tolerance("")).isEqualTo(Duration.ofSeconds(10));
    assertThat(tolerance("0")).isEqualTo(Duration.ZERO);
    assertThat(tolerance("3600000")).isEqualTo(Duration.ofHours(1));
    for (String wrong : new String[] {"-1", "3600001", "10s", "99999999999999999999"}) {
      assertThatThrownBy(() -> tolerance(wrong))
          .hasMessage(
              "ODAP_CLOCK_TOLERANCE_MILLIS: value: "
                  + wrong
                  + " (expected: milliseconds, 0 to 3600000)");
    }
  }

  private static Duration tolerance(String value) {
    return ClockTolerance.fromEnvironment(Map.of("ODAP_CLOCK_TOLERANCE_MILLIS", value));
  }

  private void file(String variable) throws IOException {
    environment.put(variable, Files.createFile(folder.resolve(variable)).toString());
  }

  private void refused(String told) {
    assertThatThrownBy(() -> ServiceEnvironment.read(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(told);
  }
}
