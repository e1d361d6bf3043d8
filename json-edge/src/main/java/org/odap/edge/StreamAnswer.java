package org.odap.edge;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.LocalCall;

/**
 * A stream of answers. A refusal before the first of them is an ordinary problem: so nothing is
 * sent before there is something to send.
 *
 * <p>Mutable: what has been sent, and how much of it the connection has not taken yet.
 */
final class StreamAnswer implements LocalCall.Answer<Object> {
  /** As many as make a burst cheap; a method that heeds isReady stops there. */
  private static final int WAITING_MAX = 64;

  /** A method that does not heed isReady: its reader is too slow, and may come back. */
  private static final int WAITING_LIMIT = 16_384;

  private final HttpRoute route;
  private final StreamForm form;
  private final Optional<Resumption> resumption;
  private final HttpResponseWriter out = HttpResponse.streaming();
  private final CompletableFuture<HttpResponse> response = new CompletableFuture<>();
  private boolean isOpen;
  private boolean isEnded;
  private int waiting;
  private Runnable whenReady = () -> {};
  private Runnable whenTooSlow = () -> {};
  private final CompletableFuture<Void> whenEnded = new CompletableFuture<>();

  StreamAnswer(HttpRoute route, StreamForm form) {
    this.route = route;
    this.form = form;
    this.resumption = Resumption.of(route.schema());
  }

  CompletableFuture<HttpResponse> response() {
    return response;
  }

  /** Tells the call what the connection says. */
  synchronized void attach(LocalCall<?, ?> call) {
    whenReady = call::ready;
    whenTooSlow = call::cancel;
  }

  /** Runs a step when nothing more will be sent. */
  @SuppressWarnings("FutureReturnValueIgnored") // The step is all that is wanted.
  void whenEnded(Runnable step) {
    whenEnded.thenRun(step);
  }

  @Override
  public synchronized boolean isReady() {
    return waiting < WAITING_MAX;
  }

  @Override
  public synchronized void message(Object answer) {
    Message message = (Message) answer;
    Optional<String> id = resumption.flatMap(stream -> stream.id(message));
    write(form.message(JsonWriter.write(Outcomes.body(route, message)), id));
  }

  /** Says that the stream lives, where nothing else does. */
  synchronized void heartbeat() {
    if (!isEnded) {
      write(form.heartbeat());
    }
  }

  @Override
  public synchronized void ended(Status status, Metadata trailers) {
    boolean _ = whenEnded.complete(null);
    if (isEnded) {
      return;
    }
    if (!status.isOk() && !isOpen) {
      isEnded = true;
      response.complete(
          Replies.problem(Outcomes.problem(route, status, trailers), Outcomes.noSuccess(route)));
      return;
    }
    write(
        status.isOk()
            ? form.end()
            : form.problem(Outcomes.problem(route, status, trailers).json(Optional.empty())));
    isEnded = true;
    out.close();
  }

  private void write(byte[] bytes) {
    if (isEnded) {
      return;
    }
    if (!isOpen) {
      isOpen = true;
      put(Replies.headers(HttpStatus.OK.code(), form.mediaType()).build());
      response.complete(out);
    }
    if (waiting >= WAITING_LIMIT) {
      Problem tooSlow =
          Problem.of(
              HttpStatus.SERVICE_UNAVAILABLE.code(),
              ErrorReason.ERROR_REASON_UNAVAILABLE,
              "answers are read too slowly");
      put(HttpData.wrap(form.problem(tooSlow.json(Optional.empty()))));
      isEnded = true;
      out.close();
      whenTooSlow.run();
      return;
    }
    if (bytes.length > 0) {
      waiting++;
      put(HttpData.wrap(bytes));
      @SuppressWarnings("FutureReturnValueIgnored")
      var _ = out.whenConsumed().thenRun(this::consumed);
    }
  }

  private void put(HttpObject part) {
    // False when the reader is gone; the call is told elsewhere.
    boolean _ = out.tryWrite(part);
  }

  private void consumed() {
    Runnable tell;
    synchronized (this) {
      boolean wasFull = waiting >= WAITING_MAX;
      // Told once for all that were written before: the queue is empty.
      waiting = 0;
      tell = wasFull ? whenReady : () -> {};
    }
    tell.run();
  }
}
