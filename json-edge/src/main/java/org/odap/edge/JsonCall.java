package org.odap.edge;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.tracing.TraceParent;

/**
 * One unary call as an HTTP request.
 *
 * <p>Mutable: the message to send, and whether the call has ended. Used as gRPC uses its calls.
 */
final class JsonCall<Q, A> extends ClientCall<Q, A> {
  /** As much as an edge takes by default. */
  private static final long ANSWER_BYTES_MAX = 4 << 20;

  private static final int OK = 200;

  private final HttpClient http;
  private final URI base;
  private final JsonChannel.Form form;
  private final CallOptions options;
  private final Context caller = Context.current();
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  private Optional<Listener<A>> listener = Optional.empty();
  private Optional<Message> message = Optional.empty();
  private Optional<String> traceparent = Optional.empty();

  JsonCall(HttpClient http, URI base, JsonChannel.Form form, CallOptions options) {
    this.http = http;
    this.base = base;
    this.form = form;
    this.options = options;
  }

  @Override
  public void start(Listener<A> responses, Metadata headers) {
    listener = Optional.of(responses);
    traceparent = Optional.ofNullable(headers.get(TraceParent.HEADER));
  }

  @Override
  public void request(int messages) {
    // There is one, and it comes anyway.
  }

  @Override
  public void sendMessage(Q request) {
    message = Optional.of((Message) request);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Whoever calls is told by its listener.
  public void halfClose() {
    Context.CancellationListener hangUp = _ -> cancel("the caller hung up", null);
    Optional<Duration> left = Optional.ofNullable(options.getDeadline()).map(JsonCall::left);
    if (left.filter(time -> !time.isPositive()).isPresent()) {
      end(Status.DEADLINE_EXCEEDED, new Metadata(), Optional.empty());
      return;
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request(left), BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    cancelled.thenRun(() -> answer.cancel(true));
    answer.whenComplete((response, failure) -> {
      caller.removeListener(hangUp);
      Optional.ofNullable(failure).ifPresentOrElse(this::failed, () -> answered(response));
    });
    caller.addListener(hangUp, Runnable::run);
  }

  private HttpRequest request(Optional<Duration> left) {
    Message whole = message.orElseThrow();
    Message sent = form.body().map(field -> (Message) whole.getField(field)).orElse(whole);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(form.path()))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofByteArray(JsonWriter.write(sent)));
    traceparent.ifPresent(header -> request.header("traceparent", header));
    left.ifPresent(time -> {
      request.timeout(time);
      request.header("Request-Timeout", "%d.%03d".formatted(time.toSeconds(), time.toMillisPart()));
    });
    return request.build();
  }

  private static Duration left(Deadline deadline) {
    return Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }

  private void answered(HttpResponse<byte[]> response) {
    try {
      if (response.statusCode() != OK) {
        throw ProblemReader.read(response.statusCode(), response.body());
      }
      Message.Builder answer = form.response().newBuilderForType();
      if (form.responseBody().isPresent()) {
        Message.Builder part = answer.newBuilderForField(form.responseBody().get());
        JsonReader.read(response.body(), part);
        answer.setField(form.responseBody().get(), part.build());
      } else {
        JsonReader.read(response.body(), answer);
      }
      end(Status.OK, new Metadata(), Optional.of(answer.build()));
    } catch (OdapException e) {
      StatusRuntimeException failure = OdapErrors.toGrpc(e);
      end(
          failure.getStatus(),
          Optional.ofNullable(failure.getTrailers()).orElseGet(Metadata::new),
          Optional.empty());
    }
  }

  private void failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Status status =
        cause instanceof HttpTimeoutException ? Status.DEADLINE_EXCEEDED : Status.UNAVAILABLE;
    end(status.withDescription("no answer").withCause(cause), new Metadata(), Optional.empty());
  }

  @Override
  public void cancel(String why, Throwable cause) {
    end(Status.CANCELLED.withDescription(why).withCause(cause), new Metadata(), Optional.empty());
    boolean _ = cancelled.complete(null);
  }

  @SuppressWarnings("unchecked") // Built from the method's own prototype.
  private void end(Status status, Metadata trailers, Optional<Message> answer) {
    if (!isEnded.compareAndSet(false, true)) {
      return;
    }
    Executor executor = Optional.ofNullable(options.getExecutor()).orElse(Runnable::run);
    executor.execute(() ->
        listener.ifPresent(responses -> {
          answer.ifPresent(body -> {
            responses.onHeaders(new Metadata());
            responses.onMessage((A) body);
          });
          responses.onClose(status, trailers);
        }));
  }
}
