package org.odap.gateway.lease;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.ClaimLogsRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.ReleaseLeaseRequest;
import org.odap.api.log.v1.RenewLeaseRequest;
import org.odap.api.log.v1.WatchLeasesRequest;
import org.odap.api.log.v1.WatchLeasesResponse;
import org.odap.runtime.rpc.OdapErrors;

/**
 * Speaks to the log service about this replica's lease and those of the others (recovery-01 4.2).
 * Keeps nothing itself but whether it still watches.
 */
public final class LeaseKeeper {
  private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
  private static final int CLAIM_BATCH = 1_000;

  private final LeaseServiceGrpc.LeaseServiceBlockingStub stub;
  private final String holder;
  private final Duration duration;
  private final Context.CancellableContext watching = Context.ROOT.withCancellation();

  /**
   * A keeper for one replica.
   *
   * @param holder its name, the same after a restart
   * @param duration the time-out T
   */
  public LeaseKeeper(Channel channel, String holder, Duration duration) {
    this.stub = LeaseServiceGrpc.newBlockingStub(channel);
    this.holder = holder;
    this.duration = duration;
  }

  /** How often the lease wants a heartbeat: two may be lost. */
  public Duration heartbeat() {
    return duration.dividedBy(3);
  }

  /** Takes a new lease; gives its epoch. */
  public long acquire() {
    return OdapErrors.calling(() ->
        call()
            .acquireLease(
                AcquireLeaseRequest.newBuilder()
                    .setHolder(holder)
                    .setDurationMillis(Math.toIntExact(duration.toMillis()))
                    .build())
            .getEpoch());
  }

  /** Extends the lease. */
  public void renew(long epoch) {
    var _ =
        OdapErrors.calling(
            () -> call().renewLease(RenewLeaseRequest.newBuilder().setEpoch(epoch).build()));
  }

  /** Gives the lease back. */
  public void release(long epoch) {
    var _ =
        OdapErrors.calling(
            () -> call().releaseLease(ReleaseLeaseRequest.newBuilder().setEpoch(epoch).build()));
  }

  /**
   * Ids of open logs that have become this replica's, at most a batch; empty when there are no
   * more.
   */
  public List<String> claim(long epoch) {
    return OdapErrors.calling(() ->
        call()
            .claimLogs(ClaimLogsRequest.newBuilder().setEpoch(epoch).setLimit(CLAIM_BATCH).build())
            .getLogIdsList());
  }

  /**
   * Tells of every lease, first of those there are, until the watch breaks or is ended.
   *
   * @throws org.odap.runtime.rpc.OdapException when it broke; whoever watches begins again
   */
  public void watch(Consumer<WatchLeasesResponse> onEvent) {
    watching.run(() -> {
      try {
        stub.watchLeases(WatchLeasesRequest.getDefaultInstance()).forEachRemaining(onEvent);
      } catch (StatusRuntimeException e) {
        throw OdapErrors.fromGrpc(e);
      }
    });
  }

  /** Ends the watch for good. */
  public void endWatch() {
    boolean _ = watching.cancel(null);
  }

  private LeaseServiceGrpc.LeaseServiceBlockingStub call() {
    return stub.withDeadlineAfter(CALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
