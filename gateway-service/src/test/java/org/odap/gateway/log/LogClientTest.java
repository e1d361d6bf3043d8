package org.odap.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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
