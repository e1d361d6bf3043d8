package org.odap.ledger.fabric.development.ordering;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.odap.ledger.fabric.development.ledger.Ledger;
import org.odap.ledger.fabric.development.membership.AccessDeniedException;
import org.odap.ledger.fabric.development.membership.Membership;
import org.odap.ledger.fabric.development.ordering.OrdererException.Cause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One orderer: acknowledges transactions, then puts them into blocks, which the ledger commits at
 * once. As with the real one, an acknowledged transaction is in memory only until its block is cut.
 */
public final class Orderer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Orderer.class);

  // A commit is one write to a disk.
  private static final Duration STOP_MAX = Duration.ofSeconds(10);

  private enum State {
    RUNNING,
    FROZEN,
    DOWN
  }

  private record Submission(ByteString envelope, CompletableFuture<Void> acknowledged) {}

  private final BatchRule rule;
  private final BlockMaker maker;
  private final Membership membership;
  private final Ledger ledger;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread = Thread.ofPlatform().name("orderer").unstarted(this::run);

  // Guarded by the lock.
  private State state = State.RUNNING;
  private boolean closed;
  private boolean diesAfterNext;
  private final Deque<Submission> inbox = new ArrayDeque<>();
  private final List<ByteString> batch = new ArrayList<>();
  private int batchBytes;
  private long batchDeadline;

  public Orderer(BatchRule rule, BlockMaker maker, Membership membership, Ledger ledger) {
    this.rule = rule;
    this.maker = maker;
    this.membership = membership;
    this.ledger = ledger;
  }

  public void start() {
    thread.start();
  }

  /**
   * Hands in a signed envelope; the answer completes when the orderer acknowledges it.
   *
   * @throws OrdererException when it is refused or the orderer is not there
   */
  public CompletableFuture<Void> submit(Envelope envelope) throws OrdererException {
    checkWriter(envelope);
    Submission submission = new Submission(envelope.toByteString(), new CompletableFuture<>());
    lock.lock();
    try {
      if (state == State.DOWN) {
        throw new OrdererException(
            Cause.UNREACHABLE,
            "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while"
                + " dialing: connect: connection refused\"");
      }
      inbox.add(submission);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return submission.acknowledged();
  }

  private void checkWriter(Envelope envelope) throws OrdererException {
    try {
      Header header = Payload.parseFrom(envelope.getPayload()).getHeader();
      membership
          .member(SignatureHeader.parseFrom(header.getSignatureHeader()).getCreator())
          .verify(envelope.getPayload(), envelope.getSignature());
    } catch (InvalidProtocolBufferException | AccessDeniedException e) {
      throw new OrdererException(
          Cause.FORBIDDEN,
          "implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy"
              + " requires 1 of the 'Writers' sub-policies to be satisfied: permission denied");
    }
  }

  private void run() {
    try {
      while (true) {
        List<ByteString> cut = nextBatch();
        if (cut.isEmpty()) {
          return;
        }
        ledger.commit(maker.next(ledger.last(), cut));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("block can't be committed, the orderer stops");
      kill();
    }
  }

  /** Waits until a block is due; answers its envelopes, none when the orderer is closed. */
  private List<ByteString> nextBatch() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        if (state == State.RUNNING) {
          acknowledgeAll();
          if (isDue()) {
            List<ByteString> cut = List.copyOf(batch);
            dropBatch();
            return cut;
          }
        }
        if (state == State.RUNNING && !batch.isEmpty()) {
          // Woken early or not, the loop looks again.
          long _ = changed.awaitNanos(batchDeadline - System.nanoTime());
        } else {
          changed.await();
        }
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private void acknowledgeAll() {
    while (!inbox.isEmpty() && !isFull()) {
      Submission next = inbox.remove();
      if (batch.isEmpty()) {
        batchDeadline = System.nanoTime() + rule.timeout().toNanos();
      }
      batch.add(next.envelope());
      batchBytes += next.envelope().size();
      next.acknowledged().complete(null);
      if (diesAfterNext) {
        die();
        return;
      }
    }
  }

  private boolean isFull() {
    return batch.size() >= rule.messagesMax() || batchBytes >= rule.bytesPreferred();
  }

  private boolean isDue() {
    return !batch.isEmpty() && (isFull() || batchDeadline - System.nanoTime() <= 0);
  }

  private void dropBatch() {
    batch.clear();
    batchBytes = 0;
  }

  private void die() {
    diesAfterNext = false;
    state = State.DOWN;
    dropBatch();
    OrdererException broken =
        new OrdererException(
            Cause.UNREACHABLE,
            "rpc error: code = Unavailable desc = error reading from server: EOF");
    inbox.forEach(submission -> submission.acknowledged().completeExceptionally(broken));
    inbox.clear();
  }

  /** Ends as by kill -9: what was acknowledged but is not in a block yet is lost for good. */
  public void kill() {
    change(this::die);
  }

  /** The next transaction is acknowledged, and the orderer is killed right after. */
  public void killAfterNextAcknowledgement() {
    change(() -> diesAfterNext = true);
  }

  /** Takes part again, whatever was ordered before. */
  public void restart() {
    change(() -> {
      state = State.RUNNING;
      diesAfterNext = false;
    });
  }

  /** Stops as by SIGSTOP: what is submitted waits, and is acknowledged after {@link #thaw}. */
  public void freeze() {
    change(() -> state = state == State.RUNNING ? State.FROZEN : state);
  }

  /** Goes on after {@link #freeze}. */
  public void thaw() {
    change(() -> state = state == State.FROZEN ? State.RUNNING : state);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends for good; a block that is being committed is committed first. */
  @Override
  public void close() {
    change(() -> closed = true);
    try {
      thread.join(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
