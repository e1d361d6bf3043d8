package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.core.envelope.MessageType;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;

/** Transfers in which nothing goes wrong, from the order to the receipt. */
class HappyPathTest {
  @Test
  @Tag("ODAP-15")
  @Tag("ODAP-16")
  @Tag("ODAP-17")
  void aUniqueAssetMovesInTheStepsOfTheDrafts() {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(Role.SENDER, Bargain.unique());
    gateways.run();

    assertThat(commands(gateways.sender()))
        .containsExactly(
            "init-transfer",
            "init-validate",
            "ack-validate",
            "init-commence",
            "ack-commence",
            "exec-lock",
            "done-lock",
            "init-lock-evidence",
            "ack-lock-evidence",
            "init-commit-prepare",
            "ack-commit-prepare",
            "exec-lock-final",
            "done-lock-final",
            "init-commit-final",
            "ack-commit-final",
            "exec-location-record",
            "done-location-record",
            "init-transfer-complete",
            "ack-transfer-complete");
    assertThat(commands(gateways.recipient()))
        .containsExactly(
            "exec-validate",
            "done-validate",
            "ack-validate",
            "exec-commence",
            "ack-commence",
            "exec-log-incoming",
            "done-log-incoming",
            "exec-lock-evidence",
            "ack-lock-evidence",
            "exec-commit-prepare",
            "ack-commit-prepare",
            "exec-commit-final",
            "exec-create",
            "done-create",
            "ack-commit-final",
            "exec-transfer-complete",
            "ack-transfer-complete");
    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.COMPLETED);
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.COMPLETED);
    gateways.end();
  }

  @Test
  @Tag("ODAP-15")
  void anAmountMovesToTheAccountTheRecipientChose() {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(Role.SENDER, Bargain.fungible());
    gateways.run();

    assertThat(gateways.ended()).isTrue();
    gateways.end();
    FakeLedger destination = gateways.recipient().ledger();
    assertThat(destination.asset().getKind()).isEqualTo(AssetKind.ASSET_KIND_FUNGIBLE);
    assertThat(destination.asset().getAmount()).isEqualTo("1250");
    assertThat(destination.asset().getAssetClass()).isEqualTo("coins");
    assertThat(destination.account()).isEqualTo(Bargain.DESTINATION);
    assertThat(
            gateways
                .recipient()
                .transfer()
                .session()
                .message(MessageType.INITIALIZATION_RESPONSE)
                .as(InitializationResponse.class)
                .getDestination())
        .isEqualTo(Bargain.DESTINATION);
    assertThat(gateways.sender().ledger().done())
        .containsOnlyKeys(
            LedgerStep.LEDGER_STEP_LOCK,
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            LedgerStep.LEDGER_STEP_RECORD_LOCATION);
  }

  static List<String> commands(Side side) {
    return side.log().stream()
        .map(LogEntry::getPayload)
        .map(payload -> payload.getMessage())
        .toList();
  }
}
