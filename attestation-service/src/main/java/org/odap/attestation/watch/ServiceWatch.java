package org.odap.attestation.watch;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks services for their health, and tells a condition whether enough of them are well: a
 * participant needs its ledger's adapter, who collects needs threshold participants.
 *
 * <p>Mutable: how many were well at the last look.
 */
public final class ServiceWatch implements Part {
  private static final Logger log = LoggerFactory.getLogger(ServiceWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final String what;
  private final Map<String, Channel> services;
  private final int needed;
  private final ServiceHealth.Condition condition;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("service-watch").daemon().factory());
  private volatile int well;

  /**
   * A watch over services.
   *
   * @param what they are, in the plural
   * @param services by their identities
   * @param needed how many of them must be well
   */
  public ServiceWatch(
      String what,
      Map<String, ? extends Channel> services,
      int needed,
      ServiceHealth.Condition condition) {
    this.what = what;
    this.services = Map.copyOf(services);
    this.needed = needed;
    this.condition = condition;
  }

  @Override
  public String name() {
    return "watch over " + what;
  }

  /** How many were well at the last look. */
  public int well() {
    return well;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Ends with the timer.
  public void start() {
    // Services come up in any order: nobody waits for the first look.
    timer.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) {
    timer.shutdownNow();
  }

  private void look() {
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> questions =
          services.values().stream().map(ServiceWatch::question).toList();
      int now = 0;
      for (Future<Boolean> answer : calls.invokeAll(questions)) {
        now += answer.resultNow() ? 1 : 0;
      }
      well = now;
      tell(now);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError().setCause(e).addKeyValue("watched", what).log("could not look");
      condition.unmet("could not be looked at");
    }
  }

  private void tell(int now) {
    if (now >= needed) {
      condition.met();
    } else {
      condition.unmet(
          "%d of %d %s well (expected: %d or more)".formatted(now, services.size(), what, needed));
    }
  }

  private static Callable<Boolean> question(Channel channel) {
    return () -> {
      try {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus()
            == ServingStatus.SERVING;
      } catch (StatusRuntimeException down) {
        return false;
      }
    };
  }
}
