package org.odap.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.identity.TlsMaterial;

/** Looks for changed TLS files now and then: certificates are renewed while a service runs. */
public final class TlsReload implements Part {
  // A renewed certificate has hours of overlap; a changed file costs four stats to notice.
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final TlsMaterial tls;
  private final Duration interval;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("tls-reload").daemon().factory());

  TlsReload(TlsMaterial tls) {
    this(tls, INTERVAL);
  }

  /** Looks once in each interval. */
  public TlsReload(TlsMaterial tls, Duration interval) {
    this.tls = tls;
    this.interval = interval;
  }

  @Override
  public String name() {
    return "tls-reload";
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Ends with the timer.
  public void start() {
    timer.scheduleWithFixedDelay(
        tls::reloadIfChanged, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) {
    timer.shutdownNow();
  }
}
