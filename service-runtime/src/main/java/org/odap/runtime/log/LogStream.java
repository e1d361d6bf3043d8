package org.odap.runtime.log;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.SendLoop;

/**
 * One stream of appends to a log service, for many writers (recovery-01 3). Each append is answered
 * by itself; those that come at the same time go as one message to a service that takes such.
 *
 * <p>Mutable: the appends that wait for their answer, each there until the one who takes it out
 * completes it; and whether the stream is broken, for good then.
 */
public final class LogStream {
  /** How many appends a message carries at most, as the schema says. */
  private static final int GATHERED_MAX = 256;

  /** A message of more takes no further append: every log service takes one of that size. */
  private static final int GATHERED_BYTES_MAX = 64 << 10;

  private final Map<Long, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong tags = new AtomicLong();
  private final Queue<StreamLogEntriesRequest> unsent = new ConcurrentLinkedQueue<>();
  private final SendLoop sending = new SendLoop(this::sendAll);
  private StreamObserver<StreamLogEntriesRequest> requests;
  private volatile boolean takesMore;
  private volatile boolean broken;

  private LogStream() {}

  /** Opens a stream. It is of no call, though the thread may work for one: it outlives them all. */
  public static LogStream open(Channel channel) {
    LogStream stream = new LogStream();
    LogStorageServiceGrpc.LogStorageServiceStub stub = LogStorageServiceGrpc.newStub(channel);
    Context.ROOT.run(() -> stream.requests = stub.streamLogEntries(stream.new Answers()));
    return stream;
  }

  /** Whether it takes no appends any more: all fail. */
  public boolean isBroken() {
    return broken;
  }

  /**
   * Hands an append over; does not wait.
   *
   * @param traceparent of the append; "" = not traced
   * @return done once the entries are durable; fails with an OdapException: the service's reason
   *     when it refused, LOG_UNAVAILABLE when it is not known whether they are stored
   */
  public CompletableFuture<Void> append(WriteLogEntriesRequest write, String traceparent) {
    long tag = tags.incrementAndGet();
    CompletableFuture<Void> durable = new CompletableFuture<>();
    waiting.put(tag, durable);
    unsent.add(
        StreamLogEntriesRequest.newBuilder()
            .setTag(tag)
            .setWrite(write)
            .setTraceparent(traceparent)
            .setTakesMore(true)
            .build());
    sending.wake();
    if (broken) {
      // It broke between the caller's look and now: nobody will answer this one.
      fail("the stream to the log service broke", null);
    }
    return durable;
  }

  private void sendAll() {
    try {
      for (StreamLogEntriesRequest next = unsent.poll(); next != null; next = unsent.poll()) {
        requests.onNext(takesMore ? withMore(next) : next);
      }
    } catch (RuntimeException e) {
      fail("an append can't be sent: " + e.getMessage(), e);
    }
  }

  private StreamLogEntriesRequest withMore(StreamLogEntriesRequest first) {
    if (unsent.isEmpty()) {
      return first;
    }
    StreamLogEntriesRequest.Builder gathered = first.toBuilder();
    int bytes = first.getSerializedSize();
    while (!unsent.isEmpty() && gathered.getMoreCount() + 1 < GATHERED_MAX) {
      // Only this thread takes any out.
      bytes += unsent.element().getSerializedSize();
      if (bytes > GATHERED_BYTES_MAX) {
        break;
      }
      gathered.addMore(unsent.remove());
    }
    return gathered.build();
  }

  private void fail(String why, Throwable cause) {
    broken = true;
    OdapException failure = new OdapException(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE, why, cause);
    waiting
        .keySet()
        .forEach(tag -> {
          CompletableFuture<Void> durable = waiting.remove(tag);
          if (durable != null) {
            durable.completeExceptionally(failure);
          }
        });
  }

  private void answered(StreamLogEntriesResponse answer) {
    CompletableFuture<Void> durable = waiting.remove(answer.getTag());
    if (durable == null) {
      return;
    }
    if (answer.hasWritten()) {
      durable.complete(null);
    } else {
      ErrorReason reason =
          OdapErrors.reason(answer.getRefused().getReason())
              .orElse(ErrorReason.ERROR_REASON_INTERNAL);
      durable.completeExceptionally(
          new OdapException(reason, answer.getRefused().getDescription()));
    }
  }

  /** What the log service says. */
  private final class Answers implements StreamObserver<StreamLogEntriesResponse> {
    @Override
    public void onNext(StreamLogEntriesResponse answer) {
      takesMore = takesMore || answer.getTakesMore();
      answered(answer);
      answer.getMoreList().forEach(LogStream.this::answered);
    }

    @Override
    public void onError(Throwable cause) {
      fail("the log service can't be reached: " + cause.getMessage(), cause);
    }

    @Override
    public void onCompleted() {
      fail("the log service ended the stream", null);
    }
  }
}
