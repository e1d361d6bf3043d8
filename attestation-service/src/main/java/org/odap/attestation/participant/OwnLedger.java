package org.odap.attestation.participant;

import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.LedgerServiceGrpc.LedgerServiceBlockingStub;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/** What a participant's own ledger says of a step; nothing where it knows of none. */
@FunctionalInterface
public interface OwnLedger {
  /**
   * Asks the ledger.
   *
   * @throws OdapException when it does not answer
   */
  Optional<GetStepResponse> step(String transferId, LedgerStep step);

  /** The ledger behind an adapter. */
  static OwnLedger behind(LedgerServiceBlockingStub adapter) {
    return (transferId, step) -> {
      GetStepRequest request =
          GetStepRequest.newBuilder().setTransferId(transferId).setStep(step).build();
      try {
        return Optional.of(OdapErrors.calling(() -> adapter.getStep(request)));
      } catch (OdapException e) {
        if (e.reason() == ErrorReason.ERROR_REASON_STEP_UNKNOWN) {
          return Optional.empty();
        }
        throw e;
      }
    };
  }
}
