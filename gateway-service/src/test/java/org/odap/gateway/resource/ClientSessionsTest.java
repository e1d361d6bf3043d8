package org.odap.gateway.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.storage.v1.SessionOpened;
import org.odap.core.envelope.Signer;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.LogAppender;
import org.odap.gateway.driver.MemoryLog;
import org.odap.gateway.resource.ClientSessions.Note;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.rpc.OdapException;

/** What is kept of clients' sessions in memory, and how they end (ODAP 5.6). */
@Tag("ODAP-7")
class ClientSessionsTest {
  private static final String ID = "5e551000-0000-8000-8000-000000000001";
  private static final String LOG = ID + "/client";
  private static final Duration IDLE = Duration.ofMinutes(10);

  private final MemoryLog stored = new MemoryLog();
  private final List<String> reads = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private final SettableClock clock = new SettableClock();
  private boolean failing;
  private long epoch = 7;
  private ClientSessions sessions;

  private static final class SettableClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  /** Appends reach the disk; whether that is told depends. */
  private final LogAppender logs =
      new LogAppender() {
        @Override
        public void append(String logId, List<LogEntry> entries, boolean close) {
          stored.append(logId, entries, close);
          if (close) {
            closed.add(logId);
          }
          if (failing) {
            throw new OdapException(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE, "no answer");
          }
        }

        @Override
        public List<LogEntry> read(String logId, int fromIndex) {
          reads.add(logId);
          return stored.read(logId, fromIndex);
        }
      };

  @BeforeEach
  void start() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    var pair = generator.generateKeyPair();
    SigningKey key = SigningKey.of(pair.getPrivate(), pair.getPublic());
    GatewaySelf self =
        new GatewaySelf(
            "odapgw://alpha.example/gateway-1",
            new Signer() {
              @Override
              public String publicKey() {
                return key.publicKey();
              }

              @Override
              public String sign(byte[] bytes) {
                return key.sign(bytes);
              }
            });
    sessions = new ClientSessions(() -> logs, () -> epoch, self, IDLE, clock);
  }

  private ClientSession open() {
    return sessions.append(
        sessions.read(ID),
        "none",
        List.of(
            new Note(
                LogOperation.LOG_OPERATION_INIT,
                "init-session",
                SessionOpened.newBuilder().setSequenceNumber(5).build())),
        false);
  }

  private void pass(Duration time) {
    clock.now = clock.now.plus(time);
  }

  @Test
  void aSessionThatLivesHereIsNotReadAgain() {
    ClientSession opened = open();
    reads.clear();

    assertThat(sessions.read(ID)).isEqualTo(opened);
    assertThat(opened.next()).isEqualTo(6);
    assertThat(reads).isEmpty();
  }

  @Test
  void whatIsKeptIsWhatTheLogSays() {
    ClientSession opened = open();

    assertThat(ClientSession.of(ID, stored.read(LOG, 1))).isEqualTo(opened);
  }

  @Test
  void withTheLeaseGoesWhatWasKnownUnderIt() {
    ClientSession _ = open();
    epoch = 8;
    reads.clear();

    assertThat(sessions.read(ID).next()).isEqualTo(6);
    assertThat(reads).containsExactly(LOG);
    pass(IDLE.plusSeconds(1));
    sessions.endIdle();
    assertThat(closed).as("another replica may have it").isEmpty();
  }

  @Test
  void anAppendWithoutAnswerMakesTheLogTell() {
    ClientSession opened = open();
    failing = true;
    assertThatThrownBy(() ->
            sessions.append(
                opened,
                "none",
                List.of(
                    new Note(
                        LogOperation.LOG_OPERATION_INIT,
                        "init-session",
                        SessionOpened.newBuilder().setSequenceNumber(9).build())),
                false))
        .isInstanceOf(OdapException.class);

    assertThat(sessions.read(ID).next()).isEqualTo(10);
  }

  @Test
  void aSessionThatNobodyUsesEndsOnce() {
    ClientSession _ = open();
    pass(IDLE);
    sessions.endIdle();
    assertThat(closed).isEmpty();

    pass(Duration.ofMillis(1));
    sessions.endIdle();
    sessions.endIdle();

    assertThat(closed).containsExactly(LOG);
    assertThat(sessions.read(ID).isEnded()).isTrue();
    assertThat(stored.read(LOG, 1)).hasSize(2);
  }

  @Test
  void aSessionOfAnEarlierReplicaEndsToo() {
    ClientSession _ = open();
    epoch = 8;
    sessions.claimed(LOG);
    pass(IDLE.plusMillis(1));

    sessions.endIdle();

    assertThat(closed).containsExactly(LOG);
  }

  @Test
  void aSessionThatIsBusyIsNotEnded() {
    ClientSession _ = open();
    pass(IDLE.plusMillis(1));

    boolean _ =
        sessions.alone(
            ID,
            () -> {
              sessions.endIdle();
              return true;
            });

    assertThat(closed).isEmpty();
  }
}
