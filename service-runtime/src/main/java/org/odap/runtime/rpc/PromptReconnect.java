package org.odap.runtime.rpc;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Tries a broken connection again after a fixed time. gRPC alone waits longer after each failure,
 * up to two minutes: too long for a service that only restarted, while transfers wait for it.
 */
public final class PromptReconnect {
  private final ManagedChannel channel;
  private final Executor later;

  private PromptReconnect(ManagedChannel channel, Duration interval) {
    this.channel = channel;
    this.later = CompletableFuture.delayedExecutor(interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Watches the channel until it is shut down. */
  public static ManagedChannel watch(ManagedChannel channel, Duration interval) {
    PromptReconnect reconnect = new PromptReconnect(channel, interval);
    reconnect.look();
    return channel;
  }

  private void look() {
    ConnectivityState state = channel.getState(false);
    switch (state) {
      case SHUTDOWN -> {}
      // The channel stays in this state through all attempts, so no change would call us again.
      case TRANSIENT_FAILURE -> later.execute(this::retry);
      default -> channel.notifyWhenStateChanged(state, this::look);
    }
  }

  private void retry() {
    channel.resetConnectBackoff();
    look();
  }
}
