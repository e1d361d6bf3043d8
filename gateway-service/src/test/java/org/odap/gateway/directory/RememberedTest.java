package org.odap.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;

/** How long a resource server's answers stand, above all while it is down (ODAP 4.3). */
@Tag("ODAP-21")
class RememberedTest {
  private final Hand clock = new Hand();
  private final Map<String, String> there = new HashMap<>(Map.of("a", "1"));
  private final List<String> asked = new ArrayList<>();
  private Optional<ErrorReason> down = Optional.empty();

  private final Remembered<String> remembered =
      new Remembered<>(this::ask, Duration.ofMinutes(5), clock);

  @Test
  void anAnswerStandsForItsTimeToLive() {
    assertThat(remembered.fresh("a")).hasValue("1");
    there.put("a", "2");
    clock.now += Duration.ofMinutes(5).toMillis() - 1;
    assertThat(remembered.fresh("a")).hasValue("1");
    clock.now++;
    assertThat(remembered.fresh("a")).hasValue("2");
    assertThat(asked).hasSize(2);
  }

  @Test
  void whatIsNotThereIsAskedForAgainAndWhatIsGoneIsForgotten() {
    assertThat(remembered.fresh("b")).isEmpty();
    there.put("b", "1");
    assertThat(remembered.fresh("b")).hasValue("1");
    there.remove("b");
    clock.now += Duration.ofMinutes(5).toMillis();
    assertThat(remembered.freshOrLast("b")).isEmpty();
    assertThat(remembered.last("b")).isEmpty();
  }

  @Test
  void whileTheServerIsDownTheLastAnswerStandsWhereItMay() {
    assertThat(remembered.fresh("a")).hasValue("1");
    down = Optional.of(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(remembered.fresh("a")).hasValue("1");
    clock.now += Duration.ofMinutes(5).toMillis();

    assertThat(remembered.freshOrLast("a")).hasValue("1");
    assertThat(refusal(() -> remembered.fresh("a")))
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(refusal(() -> remembered.freshOrLast("b")))
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  @Test
  void aServerThatRefusesIsNotDown() {
    assertThat(remembered.fresh("a")).hasValue("1");
    clock.now += Duration.ofMinutes(5).toMillis();
    down = Optional.of(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
    assertThat(refusal(() -> remembered.freshOrLast("a")))
        .isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
  }

  private Optional<String> ask(String key) {
    down.ifPresent(reason -> {
      throw new OdapException(reason, "down");
    });
    asked.add(key);
    return Optional.ofNullable(there.get(key));
  }

  private static ErrorReason refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(OdapException.class, call).reason();
  }

  /** Moves only when told to. */
  private static final class Hand extends Clock {
    private long now = 1_000_000;

    @Override
    public long millis() {
      return now;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(now);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
