package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.escrow.EscrowErrors;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.odap.runtime.ledger.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the Java side knows of the escrow by name is what the contract has. */
@Tag("CARD-5")
final class ContractDriftTest {

  private static List<String> signatures(String type) throws IOException {
    try (InputStream stream =
        ContractDriftTest.class.getResourceAsStream("contracts/OdapEscrow.json")) {
      List<String> signatures = new ArrayList<>();
      for (JsonNode entry : JsonMapper.shared().readTree(stream).path("abi")) {
        if (entry.path("type").asString().equals(type)) {
          List<String> inputs = new ArrayList<>();
          entry.path("inputs").forEach(input -> inputs.add(input.path("type").asString()));
          signatures.add(entry.path("name").asString() + "(" + String.join(",", inputs) + ")");
        }
      }
      return signatures;
    }
  }

  @Test
  void everyErrorOfTheEscrowHasAReason() throws IOException {
    List<String> errors = signatures("error");
    assertThat(errors).hasSizeGreaterThan(20).contains("StaleEpoch(bytes32,uint64,uint64)");
    // Those of libraries that no call of ours can meet.
    List<String> unmet =
        List.of("AccessControlBadConfirmation()", "ReentrancyGuardReentrantCall()");
    for (String error : errors) {
      String data = EscrowEvents.topicOf(error).substring(0, 10) + "0".repeat(64 * 4);
      String description =
          EscrowErrors.read(
                  LedgerStep.LEDGER_STEP_LOCK,
                  new ChainRefusedException("eth_call", 3, "execution reverted", data))
              .orElseThrow()
              .description();
      if (!unmet.contains(error)) {
        assertThat(description).as(error).doesNotStartWith("reverted with");
      }
    }
  }

  @Test
  void anErrorWithFewerArgumentsThanTheEscrowGivesIsAForeignOne() {
    String selector = EscrowEvents.topicOf("AssetUnknown(address,uint256)").substring(0, 10);

    Refusal refusal =
        EscrowErrors.read(
                LedgerStep.LEDGER_STEP_LOCK,
                new ChainRefusedException(
                    "eth_call", 3, "execution reverted", selector + "0".repeat(64)))
            .orElseThrow();

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    assertThat(refusal.description()).startsWith("reverted with " + selector);
  }

  @Test
  void everyStepHasItsEvent() throws IOException {
    List<String> topics = signatures("event").stream().map(EscrowEvents::topicOf).toList();
    assertThat(topics).isNotEmpty();
    Stream.of(LedgerStep.values())
        .filter(step -> step != LedgerStep.LEDGER_STEP_UNSPECIFIED)
        .filter(step -> step != LedgerStep.UNRECOGNIZED)
        .forEach(step -> {
          assertThat(topics).contains(EscrowEvents.topic(step));
          assertThat(EscrowEvents.stepOf(EscrowEvents.topic(step))).contains(step);
        });
  }

  @Test
  void whatIsNotARevertIsNotARefusal() {
    assertThat(
            EscrowErrors.read(
                LedgerStep.LEDGER_STEP_LOCK,
                new ChainRefusedException("eth_call", -32000, "header not found", "")))
        .isEmpty();
  }

  @Test
  void textsOfForeignContractsAreBoundedAndNeverTrusted() {
    String selector = EscrowEvents.topicOf("Error(string)").substring(0, 10);
    String offset = "0".repeat(62) + "20";
    // Claims a length of 2^256 - 1 and has four bytes.
    String data = selector + offset + "f".repeat(64) + "41424344";
    assertThat(
            EscrowErrors.read(
                    LedgerStep.LEDGER_STEP_LOCK,
                    new ChainRefusedException("eth_call", 3, "execution reverted", data))
                .orElseThrow()
                .description())
        .startsWith("ABCD");
  }
}
