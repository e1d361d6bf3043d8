package org.odap.log.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.WriteLogEntriesResponse;

/** How answers leave a stream of appends, for callers of two versions. */
@Tag("2PC-3")
@Timeout(60)
class AppendStreamTest {
  private final SlowReader caller = new SlowReader();
  private final List<Consumer<StreamLogEntriesResponse>> store = new ArrayList<>();
  private final AppendStream stream =
      new AppendStream(caller, (request, answer) -> store.add(answer));

  private static AppendMessage message(boolean takesMore, int requests) {
    return new AppendMessage(
        IntStream.range(0, requests)
            .mapToObj(
                tag -> new AppendRequest(tag, "log", 1, List.of(), false, "", Optional.empty()))
            .toList(),
        takesMore);
  }

  private void answer(int from, int to) {
    for (int i = from; i < to; i++) {
      store
          .get(i)
          .accept(
              StreamLogEntriesResponse.newBuilder()
                  .setTag(i)
                  .setWritten(WriteLogEntriesResponse.getDefaultInstance())
                  .build());
    }
  }

  private static List<Long> tags(StreamLogEntriesResponse message) {
    return Stream.concat(Stream.of(message), message.getMoreList().stream())
        .map(StreamLogEntriesResponse::getTag)
        .toList();
  }

  @Test
  void answersThatWaitTogetherLeaveAsOneMessage() throws Exception {
    stream.onNext(message(true, 3));
    answer(0, 3);
    caller.read();

    StreamLogEntriesResponse sent = caller.sent.take();
    assertThat(tags(sent)).containsExactly(0L, 1L, 2L);
    assertThat(sent.getTakesMore()).isTrue();
  }

  @Test
  void aCallerThatDoesNotSayItReadsMoreGetsOneAnswerAMessage() throws Exception {
    stream.onNext(message(false, 1));
    stream.onNext(message(false, 1));
    answer(0, 2);
    caller.read();

    assertThat(tags(caller.sent.take())).containsExactly(0L);
    assertThat(tags(caller.sent.take())).containsExactly(1L);
  }

  @Test
  void aMessageCarriesNoMoreThan256Answers() throws Exception {
    stream.onNext(message(true, 256));
    stream.onNext(message(true, 2));
    answer(0, 258);
    caller.read();

    assertThat(tags(caller.sent.take())).hasSize(256);
    assertThat(tags(caller.sent.take())).hasSize(2);
  }

  @Test
  void aMessageIsAskedForWhenAllOfAnotherIsAnswered() throws Exception {
    assertThat(caller.requested).hasValue(256);
    stream.onNext(message(true, 2));
    caller.read();
    answer(0, 1);
    assertThat(tags(caller.sent.take())).containsExactly(0L);
    stream.onCompleted();
    assertThat(caller.requested).as("with one answer missing").hasValue(256);
    answer(1, 2);
    assertThat(tags(caller.sent.take())).containsExactly(1L);

    caller.completed.await();
    assertThat(caller.requested).hasValue(257);
  }

  /** Is sent nothing before it reads. */
  private static final class SlowReader extends ServerCallStreamObserver<StreamLogEntriesResponse> {
    private final BlockingQueue<StreamLogEntriesResponse> sent = new LinkedBlockingQueue<>();
    private final AtomicInteger requested = new AtomicInteger();
    private final CountDownLatch completed = new CountDownLatch(1);
    private volatile boolean ready;
    private Runnable onReady;

    void read() {
      ready = true;
      onReady.run();
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void request(int count) {
      requested.addAndGet(count);
    }

    @Override
    public void onNext(StreamLogEntriesResponse message) {
      sent.add(message);
    }

    @Override
    public void onCompleted() {
      completed.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      // Never cancelled.
    }

    @Override
    public void disableAutoInboundFlowControl() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void disableAutoRequest() {
      // Nothing is sent that was not asked for.
    }

    @Override
    public void setMessageCompression(boolean enable) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setCompression(String compression) {
      throw new UnsupportedOperationException();
    }
  }
}
