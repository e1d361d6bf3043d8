package org.odap.ledger.ethereum.escrow;

import org.odap.api.common.v1.ErrorReason;

/** Why a step was refused for good: nothing was changed. The description is the ledger's words. */
public record Refusal(ErrorReason reason, String description) {}
