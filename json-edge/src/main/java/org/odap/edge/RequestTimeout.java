package org.odap.edge;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Request-Timeout}: how many seconds a caller waits, such as 2.5. */
final class RequestTimeout {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,3})?");

  private RequestTimeout() {}

  /** The time asked for, but no more than the limit. */
  static Optional<Duration> of(String header, Duration limit) {
    if (header.isEmpty()) {
      return Optional.empty();
    }
    if (!SECONDS.matcher(header).matches()) {
      throw Mistakes.malformed("Request-Timeout: no time (expected: seconds, such as 2.5)");
    }
    Duration asked = Duration.ofMillis(new BigDecimal(header).movePointRight(3).longValue());
    return Optional.of(asked.compareTo(limit) < 0 ? asked : limit);
  }
}
