package org.odap.ledger.fabric.development;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client library works with the peer as it does with a real one. */
class FirstCallsTest {
  @Test
  void whatIsSubmittedCanBeEvaluatedAndOutlivesTheProcess(@TempDir Path folder) throws Exception {
    try (NetworkUnderTest network = NetworkUnderTest.start(folder, "AlphaMSP");
        Gateway gateway = network.connect(network.enroll("AlphaMSP"))) {
      Contract contract = network.contract(gateway);

      contract.submitTransaction("put", "a", "1");
      assertThat(text(contract.evaluateTransaction("get", "a"))).isEqualTo("1");
      assertThat(text(contract.evaluateTransaction("who"))).isEqualTo("AlphaMSP/user/true");

      network.startAnew();
      network.awaitReady(gateway);

      assertThat(text(contract.evaluateTransaction("get", "a"))).isEqualTo("1");
      assertThat(text(contract.submitTransaction("increment", "a"))).isEqualTo("2");
    }
  }

  @Test
  void policiesOfTwoOrganizationsAreMet(@TempDir Path folder) throws Exception {
    try (NetworkUnderTest network = NetworkUnderTest.start(folder, "AlphaMSP", "BetaMSP");
        Gateway gateway = network.connect(network.enroll("BetaMSP"))) {
      Contract contract = network.contract(gateway);

      contract.submitTransaction("put", "a", "1");

      assertThat(text(contract.evaluateTransaction("get", "a"))).isEqualTo("1");
    }
  }

  private static String text(byte[] answer) {
    return new String(answer, StandardCharsets.UTF_8);
  }
}
