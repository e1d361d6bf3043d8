package org.odap.attestation.appraisal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.lifecycle.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in force: that of the file as it was when it was last right as a whole.
 *
 * <p>Owns it: a changed file is taken up as a whole or, when it is wrong, not at all.
 */
public final class PolicyPart implements Part {
  private static final Logger log = LoggerFactory.getLogger(PolicyPart.class);

  private final Path file;
  private final Duration interval;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("policy-reload").daemon().factory());
  private volatile Policy current;
  private volatile boolean stale;
  private String seen;

  /**
   * The policy of a file.
   *
   * @throws ConfigException with the file's mistakes
   */
  public PolicyPart(Path file, Duration interval, MeterRegistry metrics) {
    this.file = file;
    this.interval = interval;
    this.seen = text();
    this.current = Policy.read(file);
    Gauge.builder(STALE, () -> stale ? 1 : 0)
        .description("1 while the policy's file is wrong and the former policy is in force")
        .register(metrics);
  }

  /** 1 while the file is wrong: {@code odap_attestation_policy_stale}. */
  public static final String STALE = "odap.attestation.policy.stale";

  /** The policy in force. */
  public Policy current() {
    return current;
  }

  @Override
  public String name() {
    return "policy";
  }

  @Override
  public void start() {
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            this::reloadIfChanged, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) {
    timer.shutdownNow();
  }

  private void reloadIfChanged() {
    try {
      String text = text();
      if (text.equals(seen)) {
        return;
      }
      seen = text;
      current = Policy.read(file);
      stale = false;
      log.atInfo().addKeyValue("file", file).log("policy read anew");
    } catch (ConfigException e) {
      stale = true;
      log.atError().addKeyValue("cause", e.getMessage()).log("changed policy not usable");
    } catch (RuntimeException e) {
      stale = true;
      log.atError().setCause(e).log("policy could not be read");
    }
  }

  /**
   * A file that can't be read is one that says nothing; what is wrong with it, its reader tells.
   */
  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return Optional.ofNullable(e.getMessage()).orElse("");
    }
  }
}
