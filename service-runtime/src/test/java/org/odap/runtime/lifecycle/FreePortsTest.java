package org.odap.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ports for processes that are about to start. */
class FreePortsTest {
  /** Linux gives ports from here on to whoever connects. */
  private static final int FIRST_GIVEN_BY_CHANCE = 32_768;

  @Test
  void theyAreDifferentOnesEachTime() {
    List<Integer> first = FreePorts.find(400);
    List<Integer> then = FreePorts.find(400);
    assertThat(Stream.of(first, then).flatMap(List::stream))
        .doesNotHaveDuplicates()
        .allMatch(port -> port > 1023 && port < FIRST_GIVEN_BY_CHANCE);
  }

  @Test
  void twoSideBySideCanBothBeListenedAt() throws IOException {
    int port = FreePorts.findPair();
    assertThat(port + 1).isLessThan(FIRST_GIVEN_BY_CHANCE);
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(port, 1, here);
        ServerSocket other = new ServerSocket(port + 1, 1, here)) {
      assertThat(other.getLocalPort()).isEqualTo(one.getLocalPort() + 1);
    }
  }
}
