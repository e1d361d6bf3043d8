package org.odap.core.transfer;

import com.google.protobuf.Message;
import org.odap.api.common.v1.LedgerStep;
import org.odap.core.envelope.OdapMessage;

/**
 * What a transfer waits to have done, once the entries that order it are durable. An effect may be
 * performed more than once: the peer answers a repeat with its first answer, the ledger with what
 * it did.
 */
public sealed interface Effect {
  /**
   * Send a request to the peer; its answer is an {@link Input.Received}, its refusal an {@link
   * Input.PeerRefused}.
   *
   * @param request the signed request as it stands in the log
   */
  record SendRequest(OdapMessage request) implements Effect {}

  /**
   * Do a step on this side's ledger; its answer is an {@link Input.LedgerDid} or {@link
   * Input.LedgerRefused}.
   *
   * @param step the step
   * @param dlt id of the ledger
   * @param request the step's request of odap.ledger.v1
   */
  record PerformStep(LedgerStep step, String dlt, Message request) implements Effect {}
}
