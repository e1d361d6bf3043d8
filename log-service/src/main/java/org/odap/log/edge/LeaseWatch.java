package org.odap.log.edge;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LeaseState;
import org.odap.api.log.v1.WatchLeasesResponse;
import org.odap.log.lease.Lease;
import org.odap.log.lease.LeaseEvent;
import org.odap.log.lease.LeaseWatcher;
import org.odap.log.store.LogStore;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.SendLoop;

/**
 * One caller that watches leases. Events wait while it does not read, at most {@value
 * #WAITING_MAX}: {@code 0 <= waiting <= WAITING_MAX}; then it is cut off and has to watch again.
 */
final class LeaseWatch implements LeaseWatcher {
  private static final int WAITING_MAX = 10_000;

  private final LogStore store;
  private final ServerCallStreamObserver<WatchLeasesResponse> caller;
  private final Queue<WatchLeasesResponse> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final SendLoop sending = new SendLoop(this::send);
  private volatile boolean closed;
  private boolean ended;

  LeaseWatch(LogStore store, ServerCallStreamObserver<WatchLeasesResponse> caller) {
    this.store = store;
    this.caller = caller;
  }

  /** Watches first and looks then: what happens in between is told twice, not never. */
  void start() {
    caller.setOnReadyHandler(sending::wake);
    caller.setOnCancelHandler(() -> store.unwatchLeases(this));
    store.watchLeases(this);
    store.currentLeases().forEach(lease -> add(lease, LeaseState.LEASE_STATE_ALIVE));
    store.epochsWithoutLease().forEach(epoch -> add(ended(epoch)));
  }

  @Override
  public void accept(LeaseEvent event) {
    add(
        event.lease(),
        switch (event.kind()) {
          case GIVEN -> LeaseState.LEASE_STATE_ALIVE;
          case RELEASED -> LeaseState.LEASE_STATE_RELEASED;
          case EXPIRED -> LeaseState.LEASE_STATE_EXPIRED;
          case REPLACED -> LeaseState.LEASE_STATE_REPLACED;
        });
  }

  @Override
  public void closed() {
    closed = true;
    sending.wake();
  }

  private void add(Lease lease, LeaseState state) {
    add(
        WatchLeasesResponse.newBuilder()
            .setEpoch(lease.epoch())
            .setHolder(lease.holder())
            .setState(state)
            .setDurationMillis(lease.durationMillis())
            .build());
  }

  private static WatchLeasesResponse ended(long epoch) {
    return WatchLeasesResponse.newBuilder()
        .setEpoch(epoch)
        .setState(LeaseState.LEASE_STATE_ENDED)
        .build();
  }

  private void add(WatchLeasesResponse event) {
    if (waiting.incrementAndGet() <= WAITING_MAX) {
      events.add(event);
    }
    sending.wake();
  }

  private void end(String why) {
    ended = true;
    store.unwatchLeases(this);
    caller.onError(OdapErrors.toGrpc(new OdapException(ErrorReason.ERROR_REASON_UNAVAILABLE, why)));
  }

  private void send() {
    if (waiting.get() > WAITING_MAX && !ended) {
      end("events of leases were not read");
    }
    if (closed && !ended) {
      end("leases are told of by the node that leads the log");
    }
    while (!ended && caller.isReady() && !events.isEmpty()) {
      WatchLeasesResponse event = events.remove();
      waiting.decrementAndGet();
      caller.onNext(event.toBuilder().setOpenLogs(store.openLogCount(event.getEpoch())).build());
    }
  }
}
