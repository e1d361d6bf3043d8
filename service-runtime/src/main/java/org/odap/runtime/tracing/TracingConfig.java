package org.odap.runtime.tracing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** Where traces go, and how many. */
public record TracingConfig(
    @Description(
            "URL that takes OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; off without")
        Optional<String> endpoint,
    @Description("share of the transfers that are traced; all services of a transfer choose alike")
        @Default("1")
        @Bounds(min = "0", max = "1")
        double ratio,
    @Description("longest time a span waits before it is sent")
        @Default("1s")
        @Bounds(min = "10ms", max = "1m")
        Duration delay)
    implements Checked {

  @Override
  public List<String> mistakes() {
    return endpoint
        .filter(url -> !url.matches("https?://[^\\s/@]+(/[^\\s@]*)?"))
        .map(url ->
            "endpoint: value: " + url + " (expected: an http or https URL without credentials)")
        .stream()
        .toList();
  }

  /** Off. */
  public static TracingConfig off() {
    return new TracingConfig(Optional.empty(), 1, Duration.ofSeconds(1));
  }
}
