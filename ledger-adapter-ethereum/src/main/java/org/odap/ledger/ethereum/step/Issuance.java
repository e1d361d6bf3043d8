package org.odap.ledger.ethereum.step;

import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Log;

/**
 * An asset made or destroyed outside of transfers (ODAP 5.10.1, 5.10.8).
 *
 * @param requestWord the request's id as the escrow keys it, 64 hex digits
 * @param topic topic 0 of the event it leaves
 */
record Issuance(String requestWord, String topic, Asset asset, Address owner, String data)
    implements Order {

  @Override
  public LedgerStep step() {
    return LedgerStep.LEDGER_STEP_UNSPECIFIED;
  }

  @Override
  public Optional<Done> look(EscrowView view) {
    if (!view.escrow().isRequestDone(requestWord)) {
      return Optional.empty();
    }
    List<List<String>> topics = List.of(List.of(topic), List.of("0x" + requestWord));
    List<Log> logs = view.scan().all(List.of(view.escrow().address().text()), topics);
    return logs.stream().findFirst().map(log -> new Done(log, claim(view)));
  }

  private LedgerClaim claim(EscrowView view) {
    return LedgerClaim.newBuilder()
        .setDltSystem(view.dltSystem())
        .setAsset(asset)
        .setAccount(owner.text())
        .build();
  }
}
