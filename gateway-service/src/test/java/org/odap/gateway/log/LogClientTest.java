package org.odap.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.WriteLogEntriesResponse;
import org.odap.api.storage.v1.TrackerPosition;
import org.odap.core.log.LogHead;
import org.odap.gateway.driver.FakeLogService;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.OwnLog;
import org.odap.gateway.driver.SampleOrder;
import org.odap.gateway.lease.LeaseKeeper;

/** The stream of appends serves every call, and ends with none. */
class LogClientTest {
  private static final Context.Key<String> CALL = Context.key("call");

  @Test
  @Tag("OURS-2")
  void theStreamOfAppendsIsNotOfTheCallThatOpensIt() throws Exception {
    FakeLogService service = new FakeLogService();
    try {
      OpenedIn opened = new OpenedIn();
      LogClient logs =
          new LogClient(
              ClientInterceptors.intercept(service.channel(), opened),
              new FailPoints(Optional.empty()));
      long epoch =
          new LeaseKeeper(service.channel(), "replica-1", Duration.ofSeconds(30)).acquire();
      OwnLog log =
          OwnLog.about(
              new GatewaySelf(SampleOrder.SENDER, SampleOrder.SIGNER), "tracker", "a transfer");

      Context.current()
          .withValue(CALL, "a client's")
          .run(() ->
              logs.append(
                  log.id(),
                  epoch,
                  List.of(
                      log.done(
                          LogHead.EMPTY,
                          "post",
                          "tracker",
                          TrackerPosition.getDefaultInstance(),
                          1)),
                  false));

      assertThat(opened.calls).containsExactly("none");
    } finally {
      service.close();
    }
  }

  /** More would wait at the log service, and their time with them. */
  @Test
  @Tag("OURS-8")
  @Timeout(60)
  void noMoreAppendsAreUnansweredThanTheLogServiceTakes() throws Exception {
    SilentLog silent = new SilentLog();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(silent)
            .build()
            .start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      LogClient logs = new LogClient(channel, new FailPoints(Optional.empty()));
      List<Future<?>> appends = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        appends.add(threads.submit(() -> logs.append("log", 1, List.of(), false)));
      }

      assertThat(silent.unanswered(256)).hasSize(256);
      assertThat(silent.waiting.poll(300, TimeUnit.MILLISECONDS)).as("one behind them").isNull();
      silent.answer();
      for (Future<?> append : appends) {
        append.get();
      }
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  /** Answers no append before it is told to, and from then on each. */
  private static final class SilentLog extends LogStorageServiceGrpc.LogStorageServiceImplBase {
    private final BlockingQueue<Long> waiting = new LinkedBlockingQueue<>();
    private final List<Long> seen = new ArrayList<>();
    private final CompletableFuture<StreamObserver<StreamLogEntriesResponse>> answers =
        new CompletableFuture<>();
    private volatile boolean answering;

    /** So many that wait, in the order they came. */
    List<Long> unanswered(int count) throws InterruptedException {
      while (seen.size() < count) {
        seen.add(waiting.take());
      }
      return seen;
    }

    void answer() {
      answering = true;
      seen.forEach(this::answer);
      waiting.forEach(this::answer);
    }

    private synchronized void answer(long tag) {
      answers
          .join()
          .onNext(
              StreamLogEntriesResponse.newBuilder()
                  .setTag(tag)
                  .setWritten(WriteLogEntriesResponse.getDefaultInstance())
                  .build());
    }

    @Override
    public StreamObserver<StreamLogEntriesRequest> streamLogEntries(
        StreamObserver<StreamLogEntriesResponse> observer) {
      answers.complete(observer);
      return new StreamObserver<>() {
        @Override
        public void onNext(StreamLogEntriesRequest request) {
          if (answering) {
            answer(request.getTag());
          } else {
            waiting.add(request.getTag());
          }
        }

        @Override
        public void onError(Throwable broken) {
          // The test has ended.
        }

        @Override
        public void onCompleted() {
          observer.onCompleted();
        }
      };
    }
  }

  /** In which call's context streams of appends are opened. */
  private static final class OpenedIn implements ClientInterceptor {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      if (method.getBareMethodName().equals("StreamLogEntries")) {
        calls.add(Optional.ofNullable(CALL.get()).orElse("none"));
      }
      return next.newCall(method, options);
    }
  }
}
