package org.odap.log;

import io.grpc.Channel;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;

/** Leases that writers need. */
final class Leases {
  private static final int TEN_MINUTES_MILLIS = 600_000;

  private Leases() {}

  /** Acquires one that outlives a test; gives its epoch. */
  static long acquire(Channel channel) {
    return acquire(channel, "gateway-1", TEN_MINUTES_MILLIS);
  }

  /** Acquires one, and gives its epoch. */
  static long acquire(Channel channel, String holder, int durationMillis) {
    return LeaseServiceGrpc.newBlockingStub(channel)
        .acquireLease(
            AcquireLeaseRequest.newBuilder()
                .setHolder(holder)
                .setDurationMillis(durationMillis)
                .build())
        .getEpoch();
  }
}
