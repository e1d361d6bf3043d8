package org.odap.runtime.rpc;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of a method of this process with one request and any number of answers, as if it had come
 * in over gRPC. Method code runs on one thread at a time of the executor.
 *
 * <p>Mutable: whether it has ended. It ends once: by the method, by a cancellation, or by its
 * deadline.
 */
public final class LocalCall<Q, A> {
  private static final Logger log = LoggerFactory.getLogger(LocalCall.class);

  private final ServerMethodDefinition<Q, A> method;
  private final Request<Q> request;
  private final Answer<A> answer;
  private final Executor inOrder;
  private final Context.CancellableContext context;
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private volatile boolean isCancelled;
  // Written and read by tasks of inOrder only.
  private Optional<ServerCall.Listener<Q>> listener = Optional.empty();

  /**
   * What is asked, and by whom.
   *
   * @param connection over which the caller's certificate was shown
   * @param limit after which the call ends with DEADLINE_EXCEEDED
   */
  public record Request<Q>(
      Q message,
      Metadata headers,
      Optional<CallerConnection> connection,
      Optional<Duration> limit) {}

  /** Where the answers go. Called by one thread at a time, but for a cancellation's end. */
  public interface Answer<A> {
    /** Whether more messages are welcome now; a method may send one nevertheless. */
    boolean isReady();

    /** The next answer. */
    void message(A message);

    /** The end: OK, or the status with the suite's details. Called once; nothing follows it. */
    void ended(Status status, Metadata trailers);
  }

  private LocalCall(
      ServerMethodDefinition<Q, A> method,
      Request<Q> request,
      Answer<A> answer,
      Executor executor,
      ScheduledExecutorService timer) {
    this.method = method;
    this.request = request;
    this.answer = answer;
    this.inOrder = MoreExecutors.newSequentialExecutor(executor);
    this.context =
        request
            .limit()
            .map(limit ->
                Context.ROOT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS, timer))
            .orElseGet(Context.ROOT::withCancellation);
  }

  /** Starts a method of {@link ServedCalls}. */
  public static <Q, A> LocalCall<Q, A> start(
      ServerMethodDefinition<Q, A> method,
      Request<Q> request,
      Answer<A> answer,
      Executor executor,
      ScheduledExecutorService timer) {
    LocalCall<Q, A> call = new LocalCall<>(method, request, answer, executor, timer);
    call.context.addListener(_ -> call.contextEnded(), Runnable::run);
    call.run(call::begin);
    return call;
  }

  /** The caller is gone, or wants no more. */
  public void cancel() {
    boolean _ = context.cancel(Status.CANCELLED.asRuntimeException());
  }

  /** The answer became ready. */
  public void ready() {
    run(() -> listener.ifPresent(ServerCall.Listener::onReady));
  }

  private void begin() {
    Server call = new Server();
    ServerCall.Listener<Q> started =
        method.getServerCallHandler().startCall(call, request.headers());
    listener = Optional.of(started);
    started.onReady();
    started.onMessage(request.message());
    started.onHalfClose();
  }

  private void contextEnded() {
    if (!isEnded.compareAndSet(false, true)) {
      return;
    }
    isCancelled = true;
    boolean isLate =
        Optional.ofNullable(context.getDeadline()).filter(d -> d.isExpired()).isPresent();
    answer.ended(isLate ? Status.DEADLINE_EXCEEDED : Status.CANCELLED, new Metadata());
    run(() -> listener.ifPresent(ServerCall.Listener::onCancel));
  }

  private void end(Status status, Metadata trailers) {
    if (!isEnded.compareAndSet(false, true)) {
      return;
    }
    answer.ended(status, trailers);
    run(() -> {
      listener.ifPresent(ServerCall.Listener::onComplete);
      boolean _ = context.cancel(null);
    });
  }

  private void run(Runnable step) {
    inOrder.execute(
        context.wrap(() -> {
          try {
            step.run();
          } catch (RuntimeException | Error e) {
            // What a service throws was mapped before it came here: this is our own mistake.
            log.atError()
                .setCause(e)
                .addKeyValue("method", method.getMethodDescriptor().getFullMethodName())
                .log("call broke off");
            end(Status.INTERNAL, new Metadata());
          }
        }));
  }

  /** The method's end of the call. */
  private final class Server extends ServerCall<Q, A> {
    @Override
    public void request(int messages) {
      // There is one, and it comes anyway.
    }

    @Override
    public void sendHeaders(Metadata headers) {
      // Nothing is said before the first message.
    }

    @Override
    public void sendMessage(A message) {
      if (!isEnded.get()) {
        answer.message(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      end(status, trailers);
    }

    @Override
    public boolean isReady() {
      return !isEnded.get() && answer.isReady();
    }

    @Override
    public boolean isCancelled() {
      return isCancelled;
    }

    @Override
    public Attributes getAttributes() {
      return request
          .connection()
          .map(connection -> connection.beside(Attributes.EMPTY))
          .orElse(Attributes.EMPTY);
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
      return method.getMethodDescriptor();
    }
  }
}
