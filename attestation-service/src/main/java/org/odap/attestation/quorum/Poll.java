package org.odap.attestation.quorum;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.odap.api.common.v1.ErrorReason;
import org.odap.attestation.group.Member;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One question to many participants at once; the answers in the order they come. */
final class Poll<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Poll.class);

  /**
   * What a participant answered: something, or why not.
   *
   * @param reason why it gave nothing; unspecified where it did
   */
  record Answer<T>(int index, Optional<T> given, ErrorReason reason, String refusal) {
    /** Whether it did not answer at all. */
    boolean silent() {
      return reason == ErrorReason.ERROR_REASON_UNAVAILABLE
          || reason == ErrorReason.ERROR_REASON_INTERNAL;
    }
  }

  private final BlockingQueue<Answer<T>> answers = new LinkedBlockingQueue<>();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private long deadline;
  private int outstanding;

  /**
   * Asks.
   *
   * @param members by their index
   * @param question what a participant is asked, with its index
   */
  Poll(Map<Integer, Member> members, Duration limit, BiFunction<Integer, Member, T> question) {
    this.deadline = System.nanoTime() + limit.toNanos();
    this.outstanding = members.size();
    members.forEach(
        (index, member) -> calls.execute(() -> answers.add(answer(index, member, question))));
  }

  private static <T> Answer<T> answer(
      int index, Member member, BiFunction<Integer, Member, T> question) {
    try {
      return new Answer<>(
          index,
          Optional.of(question.apply(index, member)),
          ErrorReason.ERROR_REASON_UNSPECIFIED,
          "");
    } catch (OdapException e) {
      return new Answer<>(
          index,
          Optional.empty(),
          e.reason(),
          OdapErrors.name(e.reason()) + ": " + e.description());
    } catch (RuntimeException e) {
      log.atError().setCause(e).addKeyValue("participant", index).log("could not ask");
      return new Answer<>(
          index, Optional.empty(), ErrorReason.ERROR_REASON_INTERNAL, "could not be asked");
    }
  }

  /** The next answer; nothing when all have come, or the time is over. */
  Optional<Answer<T>> next() {
    if (outstanding == 0) {
      return Optional.empty();
    }
    try {
      Optional<Answer<T>> answer =
          Optional.ofNullable(answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
      outstanding = answer.isPresent() ? outstanding - 1 : 0;
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outstanding = 0;
      return Optional.empty();
    }
  }

  /** From now on waits no longer than this. */
  void hurry(Duration limit) {
    deadline = Math.min(deadline, System.nanoTime() + limit.toNanos());
  }

  /** Ends the calls that are still open: nobody waits for them any more. */
  @Override
  public void close() {
    calls.shutdownNow();
  }
}
