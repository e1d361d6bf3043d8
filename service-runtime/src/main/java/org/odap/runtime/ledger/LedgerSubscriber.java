package org.odap.runtime.ledger;

import java.time.Duration;
import org.odap.api.ledger.v1.SubscribeResponse;

/**
 * Who listens to a ledger's events (ODAP 5.10.7). Both methods answer false once the subscriber is
 * gone: the adapter then returns from {@link LedgerAdapter#subscribe}.
 */
public interface LedgerSubscriber {
  /** Hands an event on; waits while the subscriber is slower than the ledger. */
  boolean send(SubscribeResponse event);

  /** Waits before the ledger is asked for further events. */
  boolean pause(Duration time);
}
