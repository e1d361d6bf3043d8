package org.odap.log.edge;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.odap.api.log.v1.StreamLogEntriesResponse;

/**
 * One stream of appends. Requests go to the store in the order they come; answers leave as they
 * become durable. A caller has at most {@value #WINDOW} requests unanswered, those whose answers it
 * does not read included, so that a slow one costs bounded memory: {@code taken - answered <=
 * WINDOW}.
 */
final class AppendStream implements StreamObserver<AppendRequest> {
  private static final int WINDOW = 256;

  private final ServerCallStreamObserver<StreamLogEntriesResponse> caller;
  private final Submit submit;
  private final Queue<StreamLogEntriesResponse> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wakeUps = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean halfClosed;
  private boolean completed;

  /** Hands a request to the store; the answer may come on any thread, which must not wait. */
  interface Submit {
    void submit(AppendRequest request, Consumer<StreamLogEntriesResponse> answer);
  }

  AppendStream(ServerCallStreamObserver<StreamLogEntriesResponse> caller, Submit submit) {
    this.caller = caller;
    this.submit = submit;
    caller.disableAutoRequest();
    caller.setOnReadyHandler(this::wake);
    // Nothing to undo: what was taken is stored whether the caller hears of it or not.
    caller.setOnCancelHandler(() -> {});
    caller.request(WINDOW);
  }

  @Override
  public void onNext(AppendRequest request) {
    unanswered.incrementAndGet();
    submit.submit(
        request,
        answer -> {
          answers.add(answer);
          wake();
        });
  }

  @Override
  public void onError(Throwable broken) {
    // The caller is gone; see the cancel handler.
  }

  @Override
  public void onCompleted() {
    halfClosed = true;
    wake();
  }

  /** Answers come on the committer's thread, which has better to do than sending them. */
  private void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      Thread.startVirtualThread(this::send);
    }
  }

  private void send() {
    int seen = wakeUps.get();
    do {
      int sent = 0;
      while (caller.isReady() && !answers.isEmpty()) {
        caller.onNext(answers.remove());
        sent++;
      }
      if (sent > 0) {
        unanswered.addAndGet(-sent);
        caller.request(sent);
      }
      if (halfClosed && unanswered.get() == 0 && !completed) {
        completed = true;
        caller.onCompleted();
      }
      seen = wakeUps.addAndGet(-seen);
    } while (seen != 0);
  }
}
