package org.odap.cli.crash;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.odap.api.client.v1.Transfer;

/** A gateway that is killed while many of its transfers wait for a peer that is down. */
final class UnfinishedRestart {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** To list them all is work for a gateway that has enough of it. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private static final List<String> GATEWAY = List.of("gateway-alpha");
  private static final List<String> PEER = List.of("gateway-beta");
  private static final int AT_ONCE = 64;

  private final Subject subject;

  /**
   * What was measured.
   *
   * @param transfers how many were unfinished at the kill
   * @param killToReadyMillis until the gateway served again
   * @param readyToRunningMillis from then until the last of them had written that it is back
   */
  record Result(int transfers, long killToReadyMillis, long readyToRunningMillis) {}

  UnfinishedRestart(Subject subject) {
    this.subject = subject;
  }

  Result run(int count, Consumer<String> progress) throws InterruptedException {
    subject.kill(PEER);
    progress.accept("ordering " + count + " transfers whose peer is down");
    subject.transfers().orderAndLeave(count, AT_ONCE);
    int waiting = subject.transfers().unfinished().size();
    long killedAt = System.currentTimeMillis();
    subject.kill(GATEWAY);
    subject.restart(GATEWAY);
    long readyAt = System.currentTimeMillis();
    boolean running = Looking.until(LIMIT, BETWEEN_LOOKS, () -> back(killedAt) >= waiting);
    if (!running) {
      throw new IllegalStateException(back(killedAt) + " of " + waiting + " transfers are back");
    }
    long last =
        subject.transfers().unfinished().stream()
            .mapToLong(Transfer::getUpdatedAt)
            .max()
            .orElse(readyAt);
    return new Result(waiting, readyAt - killedAt, last - readyAt);
  }

  /** A transfer that is back has written that. */
  private long back(long since) {
    return subject.transfers().unfinished().stream()
        .filter(one -> one.getUpdatedAt() >= since)
        .count();
  }
}
