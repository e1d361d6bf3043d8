package org.odap.ledger.ethereum.step;

import org.odap.api.common.v1.LedgerClaim;
import org.odap.ledger.ethereum.chain.Log;

/**
 * An order that the escrow has carried out on the node's present chain.
 *
 * @param log the event it left
 * @param claim what it did; says nothing yet about transaction, block and finality
 */
record Done(Log log, LedgerClaim claim) {}
