package org.odap.ledger.fabric;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The development peer fails as the adapter reads it. */
final class DevelopmentPeerFailuresTest extends FailureRows {
  private static DevelopmentChannel channel;

  @BeforeAll
  static void start() {
    channel = DevelopmentChannel.start();
  }

  @AfterAll
  static void stop() {
    channel.close();
  }

  @Override
  protected NetworkFile network() {
    return channel.file();
  }
}
