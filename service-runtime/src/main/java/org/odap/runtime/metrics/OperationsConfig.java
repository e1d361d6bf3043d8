package org.odap.runtime.metrics;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.tracing.TracingConfig;

/** How a service is watched and stopped. */
public record OperationsConfig(
    @Description("address of /metrics and /health/*; not encrypted, so loopback or a pod's network")
        @Default("127.0.0.1")
        @Bounds(min = "1")
        String bindAddress,
    @Description("port of /metrics and /health/*; 0 takes a free one")
        @Default("0")
        @Bounds(min = "0", max = "65535")
        int port,
    @Description("at a stop: time between saying unready and refusing calls")
        @Default("0s")
        @Bounds(max = "5m")
        Duration quietPeriod,
    @Description("at a stop: time for calls and steps under way, then the process ends hard")
        @Default("20s")
        @Bounds(min = "100ms", max = "10m")
        Duration stopTimeout,
    @Description("file with the token that whoever changes log levels at /admin shows; off without")
        Optional<Path> adminTokenFile,
    TracingConfig tracing) {

  /** Everything as by default. */
  public static OperationsConfig standard() {
    return new OperationsConfig(
        "127.0.0.1",
        0,
        Duration.ZERO,
        Duration.ofSeconds(20),
        Optional.empty(),
        TracingConfig.off());
  }
}
