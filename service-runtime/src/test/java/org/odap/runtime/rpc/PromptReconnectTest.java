package org.odap.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PromptReconnectTest {
  /** More than gRPC's own waiting (1 s, 1.6 s, 2.6 s, ...) fits into the time allowed. */
  private static final int ATTEMPTS = 10;

  private static final int TIME_ALLOWED_MILLIS = 20_000;

  @Test
  @Tag("OURS-2")
  void aServiceThatIsAwayIsTriedAgainWithoutGrowingPauses() throws Exception {
    try (ServerSocket refusing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      refusing.setSoTimeout(TIME_ALLOWED_MILLIS);
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", refusing.getLocalPort())
              .usePlaintext()
              .build();
      PromptReconnect.watch(channel, Duration.ofMillis(20));
      long start = System.nanoTime();
      for (int i = 0; i < ATTEMPTS; i++) {
        channel.getState(true);
        refusing.accept().close();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(Duration.ofMillis(TIME_ALLOWED_MILLIS));
      channel.shutdownNow();
    }
  }
}
