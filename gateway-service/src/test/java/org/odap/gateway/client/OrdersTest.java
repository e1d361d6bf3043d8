package org.odap.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The session an order runs in (RFC 9562, version 8). */
class OrdersTest {
  private static final String CLIENT = "odapclient://alpha.example/treasury";

  @Test
  void sameClientAndRequestGiveTheSameSession() {
    assertThat(Orders.sessionId(CLIENT, "order-1")).isEqualTo(Orders.sessionId(CLIENT, "order-1"));
  }

  @Test
  void anotherClientOrRequestGivesAnotherSession() {
    assertThat(Orders.sessionId(CLIENT, "order-1"))
        .isNotEqualTo(Orders.sessionId(CLIENT, "order-2"))
        .isNotEqualTo(Orders.sessionId(CLIENT + "2", "order-1"));
    // The two parts don't run into each other.
    assertThat(Orders.sessionId("a", "bc")).isNotEqualTo(Orders.sessionId("ab", "c"));
  }

  @Test
  void sessionIsUuidOfVersion8() {
    for (int i = 0; i < 100; i++) {
      UUID session = UUID.fromString(Orders.sessionId(CLIENT, "order-" + i));
      assertThat(session.version()).isEqualTo(8);
      assertThat(session.variant()).isEqualTo(2);
    }
  }
}
