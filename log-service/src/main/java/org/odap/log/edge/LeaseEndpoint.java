package org.odap.log.edge;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LEASE_LOST;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.AcquireLeaseResponse;
import org.odap.api.log.v1.ClaimLogsRequest;
import org.odap.api.log.v1.ClaimLogsResponse;
import org.odap.api.log.v1.LeaseServiceGrpc.LeaseServiceImplBase;
import org.odap.api.log.v1.ReleaseLeaseRequest;
import org.odap.api.log.v1.ReleaseLeaseResponse;
import org.odap.api.log.v1.RenewLeaseRequest;
import org.odap.api.log.v1.RenewLeaseResponse;
import org.odap.api.log.v1.WatchLeasesRequest;
import org.odap.api.log.v1.WatchLeasesResponse;
import org.odap.log.entry.LogId;
import org.odap.log.lease.Lease;
import org.odap.log.store.LogStore;
import org.odap.log.store.Writer;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.OdapException;

/** The lease API: who may write (recovery-01 4.2). */
public final class LeaseEndpoint extends LeaseServiceImplBase {
  private static final int HOLDER_LENGTH_MAX = 128;
  private static final int DURATION_MILLIS_MIN = 1_000;
  private static final int DURATION_MILLIS_MAX = 600_000;

  /** An answer names at most so many logs; a caller that wants more claims again. */
  private static final int CLAIM_MAX = 10_000;

  private final Supplier<LogStore> store;
  private final AccessAudit audit;

  /** The store is asked for with the first call: it opens after the service was put together. */
  public LeaseEndpoint(Supplier<LogStore> store, LogMetrics metrics) {
    this.store = store;
    this.audit = new AccessAudit(metrics);
  }

  @Override
  public void acquireLease(
      AcquireLeaseRequest request, StreamObserver<AcquireLeaseResponse> observer) {
    check(request);
    Lease lease =
        Replies.valueOf(
            store
                .get()
                .acquireLease(
                    request.getHolder(),
                    CurrentCaller.get().identity(),
                    request.getDurationMillis())
                .join());
    Answers.answer(observer, AcquireLeaseResponse.newBuilder().setEpoch(lease.epoch()).build());
  }

  private static void check(AcquireLeaseRequest request) {
    if (request.getHolder().isEmpty()) {
      throw OdapException.fieldMissing("holder");
    }
    if (request.getHolder().length() > HOLDER_LENGTH_MAX) {
      throw OdapException.fieldInvalid(
          "holder", request.getHolder().length() + " characters", "at most 128");
    }
    int duration = request.getDurationMillis();
    if (duration < DURATION_MILLIS_MIN || duration > DURATION_MILLIS_MAX) {
      throw OdapException.fieldInvalid(
          "duration_millis", Integer.toUnsignedString(duration), "1,000 to 600,000");
    }
  }

  @Override
  public void renewLease(RenewLeaseRequest request, StreamObserver<RenewLeaseResponse> observer) {
    int remaining =
        store
            .get()
            .renewLease(new Writer(CurrentCaller.get().identity(), request.getEpoch()))
            .orElseThrow(() ->
                new OdapException(
                    ERROR_REASON_LEASE_LOST,
                    "the lease with epoch %s has ended, was never given, or is another's"
                        .formatted(Long.toUnsignedString(request.getEpoch()))));
    Answers.answer(observer, RenewLeaseResponse.newBuilder().setRemainingMillis(remaining).build());
  }

  @Override
  public void releaseLease(
      ReleaseLeaseRequest request, StreamObserver<ReleaseLeaseResponse> observer) {
    Writer holder = new Writer(CurrentCaller.get().identity(), request.getEpoch());
    boolean _ = Replies.valueOf(store.get().releaseLease(holder).join());
    Answers.answer(observer, ReleaseLeaseResponse.getDefaultInstance());
  }

  @Override
  public void watchLeases(
      WatchLeasesRequest request, StreamObserver<WatchLeasesResponse> observer) {
    new LeaseWatch(store.get(), (ServerCallStreamObserver<WatchLeasesResponse>) observer).start();
  }

  @Override
  public void claimLogs(ClaimLogsRequest request, StreamObserver<ClaimLogsResponse> observer) {
    int limit = request.getLimit() < 0 ? CLAIM_MAX : Math.min(request.getLimit(), CLAIM_MAX);
    Identity caller = CurrentCaller.get().identity();
    Writer claimer = new Writer(caller, request.getEpoch());
    List<LogId> logs = Replies.valueOf(store.get().claimLogs(claimer, limit).join());
    audit.keptOut(caller, store.get().keptOut(caller));
    Answers.answer(
        observer,
        ClaimLogsResponse.newBuilder()
            .addAllLogIds(logs.stream().map(LogId::value).toList())
            .build());
  }
}
