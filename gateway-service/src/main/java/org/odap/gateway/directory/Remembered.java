package org.odap.gateway.directory;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.odap.api.common.v1.Retry;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * Answers of somebody else, asked for again when they are older than a while. That something is not
 * there is not remembered: it may be there at the next call.
 *
 * <p>Mutable: the answers, at most {@link #MOST}, guarded by this.
 */
final class Remembered<V> {
  static final int MOST = 10_000;

  private final Function<String, Optional<V>> source;
  private final Duration ttl;
  private final Clock clock;
  private final Map<String, Answer<V>> answers = new LinkedHashMap<>();

  private record Answer<V>(V value, long at) {}

  Remembered(Function<String, Optional<V>> source, Duration ttl, Clock clock) {
    this.source = source;
    this.ttl = ttl;
    this.clock = clock;
  }

  /**
   * An answer no older than the time to live.
   *
   * @throws OdapException what asking ended with
   */
  Optional<V> fresh(String key) {
    Optional<Answer<V>> known = known(key);
    if (known.filter(answer -> clock.millis() - answer.at() < ttl.toMillis()).isPresent()) {
      return known.map(Answer::value);
    }
    return anew(key);
  }

  /**
   * The answer as it is now.
   *
   * @throws OdapException what asking ended with
   */
  Optional<V> anew(String key) {
    long asked = clock.millis();
    Optional<V> told = source.apply(key);
    remember(key, told, asked);
    return told;
  }

  /** As {@link #fresh}, or the last answer there was while nobody can be asked. */
  Optional<V> freshOrLast(String key) {
    try {
      return fresh(key);
    } catch (OdapException e) {
      Optional<V> last = last(key);
      if (last.isPresent() && OdapErrors.retry(e.reason()) == Retry.RETRY_SAME_CALL) {
        return last;
      }
      throw e;
    }
  }

  /** The last answer there was, however old; asks nobody. */
  Optional<V> last(String key) {
    return known(key).map(Answer::value);
  }

  private synchronized Optional<Answer<V>> known(String key) {
    return Optional.ofNullable(answers.get(key));
  }

  private synchronized void remember(String key, Optional<V> told, long asked) {
    answers.remove(key);
    if (told.isPresent()) {
      answers.put(key, new Answer<>(told.get(), asked));
      if (answers.size() > MOST) {
        answers.remove(answers.keySet().iterator().next());
      }
    }
  }
}
