package org.odap.log.edge;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.WriteLogEntriesResponse;
import org.odap.api.log.v1.WriteRefused;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.log.store.Logs;
import org.odap.log.store.Writer;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.tracing.Traced;
import org.odap.runtime.tracing.Tracing;

/**
 * The log storage API (recovery-01 3, 4.5). Appends are read as {@link AppendRequest}, everything
 * else as the schema's own messages.
 */
public final class LogStorageEndpoint implements BindableService {
  private static final MethodDescriptor<AppendRequest, WriteLogEntriesResponse> WRITE =
      withRequest(LogStorageServiceGrpc.getWriteLogEntriesMethod(), AppendReader.SINGLE);
  private static final MethodDescriptor<AppendMessage, StreamLogEntriesResponse> STREAM =
      withRequest(LogStorageServiceGrpc.getStreamLogEntriesMethod(), AppendReader.STREAMED);

  private final Logs logs;
  private final LogMetrics metrics;
  private final Tracing tracing;
  private final AccessAudit audit;

  /** The store is asked for with the first call: it opens after the service was put together. */
  public LogStorageEndpoint(Logs logs, LogMetrics metrics, Tracing tracing) {
    this.logs = logs;
    this.metrics = metrics;
    this.tracing = tracing;
    this.audit = new AccessAudit(metrics);
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServerServiceDefinition others = new LogReads(logs::store, audit).bindService();
    ServiceDescriptor.Builder methods =
        ServiceDescriptor.newBuilder(others.getServiceDescriptor().getName())
            .setSchemaDescriptor(others.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(WRITE)
            .addMethod(STREAM);
    others.getMethods().stream()
        .map(method -> method.getMethodDescriptor())
        .filter(LogStorageEndpoint::isNotOurs)
        .forEach(methods::addMethod);
    ServerCallHandler<AppendRequest, WriteLogEntriesResponse> write =
        ServerCalls.asyncUnaryCall(this::write);
    ServerCallHandler<AppendMessage, StreamLogEntriesResponse> stream =
        ServerCalls.asyncBidiStreamingCall(this::stream);
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(methods.build())
            .addMethod(WRITE, write)
            .addMethod(STREAM, stream);
    others.getMethods().stream()
        .filter(method -> isNotOurs(method.getMethodDescriptor()))
        .forEach(service::addMethod);
    return service.build();
  }

  private static boolean isNotOurs(MethodDescriptor<?, ?> method) {
    return !method.getFullMethodName().equals(WRITE.getFullMethodName())
        && !method.getFullMethodName().equals(STREAM.getFullMethodName());
  }

  private static <R, A> MethodDescriptor<R, A> withRequest(
      MethodDescriptor<?, A> method, MethodDescriptor.Marshaller<R> marshaller) {
    return method.toBuilder(marshaller, method.getResponseMarshaller()).build();
  }

  private void write(AppendRequest request, StreamObserver<WriteLogEntriesResponse> observer) {
    Answers.answer(
        observer, written(Replies.valueOf(append(CurrentCaller.get().identity(), request).join())));
  }

  private StreamObserver<AppendMessage> stream(StreamObserver<StreamLogEntriesResponse> observer) {
    Identity caller = CurrentCaller.get().identity();
    return new AppendStream(
        (ServerCallStreamObserver<StreamLogEntriesResponse>) observer,
        (request, answer) -> submit(caller, request, answer));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The answer is handed on when it is there.
  private void submit(
      Identity caller, AppendRequest request, Consumer<StreamLogEntriesResponse> answer) {
    Optional<Traced> span = tracing.answering(STREAM.getFullMethodName(), request.traceparent());
    append(caller, request)
        .thenAccept(outcome -> {
          span.ifPresent(one -> one.answered(Replies.code(outcome)));
          answer.accept(streamed(request.tag(), outcome));
        });
  }

  CompletableFuture<Outcome<Integer>> append(Identity caller, AppendRequest request) {
    if (request.mistake().isPresent()) {
      return refused(new Outcome.Refused<>(ERROR_REASON_FIELD_INVALID, request.mistake().get()));
    }
    long start = System.nanoTime();
    return switch (LogId.parse(request.logId())) {
      case Outcome.Refused<LogId> refused -> refused(refused);
      case Outcome.Done<LogId>(LogId log) ->
          logs.writable()
              .append(log, new Writer(caller, request.epoch()), request.entries(), request.close())
              .whenComplete((outcome, failure) -> metrics.appended(System.nanoTime() - start))
              .thenApply(outcome -> audit.audited(caller, metrics.counted(outcome)));
    };
  }

  private CompletableFuture<Outcome<Integer>> refused(Outcome.Refused<?> refused) {
    return CompletableFuture.completedFuture(metrics.counted(refused.as()));
  }

  private static WriteLogEntriesResponse written(int index) {
    return WriteLogEntriesResponse.newBuilder().setIndex(index).build();
  }

  private static StreamLogEntriesResponse streamed(long tag, Outcome<Integer> outcome) {
    StreamLogEntriesResponse.Builder answer = StreamLogEntriesResponse.newBuilder().setTag(tag);
    return switch (outcome) {
      case Outcome.Done<Integer>(Integer index) -> answer.setWritten(written(index)).build();
      case Outcome.Refused<Integer> refused ->
          answer
              .setRefused(
                  WriteRefused.newBuilder()
                      .setReason(OdapErrors.name(refused.reason()))
                      .setDescription(refused.description()))
              .build();
    };
  }
}
