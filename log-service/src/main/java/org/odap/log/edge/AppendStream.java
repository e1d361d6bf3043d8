package org.odap.log.edge;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.runtime.rpc.SendLoop;

/**
 * One stream of appends. Requests go to the store in the order they come; answers leave as they
 * become durable, those that wait at the same time as one message if the caller takes such. A
 * caller has at most {@value #WINDOW} messages unanswered, those whose answers it does not read
 * included, so that a slow one costs bounded memory: {@code taken - answered <= WINDOW}.
 */
final class AppendStream implements StreamObserver<AppendMessage> {
  private static final int WINDOW = 256;

  /** How many answers a message carries at most, as the schema says. */
  private static final int GATHERED_MAX = 256;

  private final ServerCallStreamObserver<StreamLogEntriesResponse> caller;
  private final Submit submit;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final SendLoop sending = new SendLoop(this::send);
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean takesMore;
  private volatile boolean halfClosed;
  private boolean completed;

  /** Hands a request to the store; the answer may come on any thread, which must not wait. */
  interface Submit {
    void submit(AppendRequest request, Consumer<StreamLogEntriesResponse> answer);
  }

  /**
   * An answer that waits to be sent.
   *
   * @param unsent how many of its message's requests have an answer that was not sent
   */
  private record Answer(StreamLogEntriesResponse answer, AtomicInteger unsent) {}

  AppendStream(ServerCallStreamObserver<StreamLogEntriesResponse> caller, Submit submit) {
    this.caller = caller;
    this.submit = submit;
    caller.disableAutoRequest();
    caller.setOnReadyHandler(sending::wake);
    // Nothing to undo: what was taken is stored whether the caller hears of it or not.
    caller.setOnCancelHandler(() -> {});
    caller.request(WINDOW);
  }

  @Override
  public void onNext(AppendMessage message) {
    unanswered.incrementAndGet();
    takesMore = takesMore || message.takesMore();
    AtomicInteger unsent = new AtomicInteger(message.requests().size());
    for (AppendRequest request : message.requests()) {
      // Answers come on the committer's thread, which has better to do than sending them.
      submit.submit(
          request,
          answer -> {
            answers.add(new Answer(answer, unsent));
            sending.wake();
          });
    }
  }

  @Override
  public void onError(Throwable broken) {
    // The caller is gone; see the cancel handler.
  }

  @Override
  public void onCompleted() {
    halfClosed = true;
    sending.wake();
  }

  private void send() {
    int messages = 0;
    while (caller.isReady() && !answers.isEmpty()) {
      messages += sendNext();
    }
    if (messages > 0) {
      unanswered.addAndGet(-messages);
      caller.request(messages);
    }
    if (halfClosed && unanswered.get() == 0 && !completed) {
      completed = true;
      caller.onCompleted();
    }
  }

  /** Sends a message of answers; gives how many of the caller's messages have all theirs now. */
  private int sendNext() {
    Answer first = answers.remove();
    StreamLogEntriesResponse.Builder message = first.answer.toBuilder().setTakesMore(true);
    int messages = ended(first);
    while (takesMore && !answers.isEmpty() && message.getMoreCount() + 1 < GATHERED_MAX) {
      Answer next = answers.remove();
      message.addMore(next.answer);
      messages += ended(next);
    }
    caller.onNext(message.build());
    return messages;
  }

  private static int ended(Answer sent) {
    return sent.unsent.decrementAndGet() == 0 ? 1 : 0;
  }
}
