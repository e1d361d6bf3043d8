package org.odap.runtime.rpc;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds every caller to its share of a service, so that none of them takes what the others need.
 * What is refused is counted among the calls answered, under RESOURCE_EXHAUSTED.
 */
final class CallLimits {
  // Whoever was not seen for so long has used nothing up any more.
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
  private static final double NOTICES_PER_SECOND = 0.1;
  private static final Logger log = LoggerFactory.getLogger(CallLimits.class);

  private final CallLimitsConfig config;
  private final TlsMaterial tls;
  private final LoadingCache<Identity, Share> shares =
      CacheBuilder.newBuilder()
          .expireAfterAccess(FORGOTTEN_AFTER)
          .build(CacheLoader.from(this::share));

  CallLimits(CallLimitsConfig config, TlsMaterial tls) {
    this.config = config;
    this.tls = tls;
  }

  private Share share(Identity caller) {
    boolean isOwn = caller.organization().equals(tls.identity().organization());
    int factor = isOwn ? config.ownFactor() : 1;
    long now = System.nanoTime();
    return new Share(
        caller,
        factor,
        new CallRate((double) config.callsPerSecond() * factor, now),
        new CallRate(NOTICES_PER_SECOND, now));
  }

  /**
   * Begins a call.
   *
   * @throws OdapException TOO_MANY_CALLS
   */
  Place begin(Identity caller) {
    return shares.getUnchecked(caller).begin();
  }

  /**
   * Opens a connection.
   *
   * @throws OdapException TOO_MANY_CALLS
   */
  Place connect(Identity caller) {
    return shares.getUnchecked(caller).connect();
  }

  /** What one caller has taken. */
  private final class Share {
    private final Identity caller;
    private final int factor;
    private final CallRate rate;
    private final CallRate notices;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();

    Share(Identity caller, int factor, CallRate rate, CallRate notices) {
      this.caller = caller;
      this.factor = factor;
      this.rate = rate;
      this.notices = notices;
    }

    Place begin() {
      if (!rate.takes(System.nanoTime())) {
        throw refused("calls a second", config.callsPerSecond());
      }
      return take(open, "open calls", config.openCallsMax());
    }

    Place connect() {
      return take(connections, "connections", config.connectionsMax());
    }

    private Place take(AtomicInteger taken, String what, int max) {
      if (taken.incrementAndGet() > (long) max * factor) {
        taken.decrementAndGet();
        throw refused(what, max);
      }
      return new Place(taken);
    }

    private OdapException refused(String what, int max) {
      long expected = (long) max * factor;
      if (notices.takes(System.nanoTime())) {
        log.atWarn()
            .addKeyValue("caller", caller)
            .addKeyValue("limit", what)
            .addKeyValue("max", expected)
            .log("caller takes too much");
      }
      return new OdapException(
          ErrorReason.ERROR_REASON_TOO_MANY_CALLS,
          what + " of " + caller + ": more than it may (expected: at most " + expected + ")");
    }
  }

  /** Counts as taken until it is given back. */
  static final class Place {
    private final AtomicInteger taken;
    private final AtomicBoolean isGivenBack = new AtomicBoolean();

    private Place(AtomicInteger taken) {
      this.taken = taken;
    }

    void giveBack() {
      if (isGivenBack.compareAndSet(false, true)) {
        taken.decrementAndGet();
      }
    }

    /** Is given back when the call ends that is listened to. */
    <Q> ServerCall.Listener<Q> until(ServerCall.Listener<Q> call) {
      return new SimpleForwardingServerCallListener<>(call) {
        @Override
        public void onComplete() {
          giveBack();
          super.onComplete();
        }

        @Override
        public void onCancel() {
          giveBack();
          super.onCancel();
        }
      };
    }
  }
}
