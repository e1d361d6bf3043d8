package org.odap.ledger.fabric.development.ordering;

import java.time.Duration;

/**
 * When a block is cut: as soon as one of these is reached.
 *
 * @param timeout counted from the first transaction of the block
 */
public record BatchRule(Duration timeout, int messagesMax, int bytesPreferred) {}
