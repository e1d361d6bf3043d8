package org.odap.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/** A server that is gone in the very moment it is called is like any other that is gone. */
@Timeout(60)
class BrokenConnectionsTest {
  private static final Identity LOG = new Identity("odaplog://alpha.example/log");

  /** Calls that end at once, as a transport ended them. */
  private static final class Ended extends Channel {
    private final Status status;

    Ended(Status status) {
      this.status = status;
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      return new ClientCall<>() {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          listener.onClose(status, new Metadata());
        }

        @Override
        public void request(int count) {}

        @Override
        public void cancel(String message, Throwable cause) {}

        @Override
        public void halfClose() {}

        @Override
        public void sendMessage(Q message) {}
      };
    }

    @Override
    public String authority() {
      return "log";
    }
  }

  /** Refuses the first call, as gRPC's transport does when it wrote to a closed connection. */
  private static final class FirstBreaks implements ServerInterceptor {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if (calls.incrementAndGet() == 1) {
        call.close(Status.UNKNOWN.withDescription("channel closed"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, headers);
    }
  }

  private static int length(Channel channel) {
    return EchoLog.lengthOf(channel, "four");
  }

  private static Status endOf(Status transport) {
    Channel channel = ClientInterceptors.intercept(new Ended(transport), new BrokenConnections());
    return catchThrowableOfType(StatusRuntimeException.class, () -> length(channel)).getStatus();
  }

  @Test
  @Tag("OURS-8")
  void aConnectionThatBrokeIsUnavailable() {
    Status end =
        endOf(
            Status.UNKNOWN
                .withDescription("channel closed")
                .withCause(new ClosedChannelException()));

    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(end.getDescription()).contains("channel closed");
  }

  @Test
  @Tag("OURS-8")
  void whatAServerSaysStays() {
    assertThat(endOf(Status.UNKNOWN.withDescription("a server's own")).getCode())
        .isEqualTo(Status.Code.UNKNOWN);
    assertThat(endOf(Status.NOT_FOUND.withCause(new ClosedChannelException())).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  @Tag("OURS-8")
  void callsThatMayBeRepeatedAre(@TempDir Path folder) throws IOException, InterruptedException {
    FirstBreaks calls = new FirstBreaks();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new EchoLog())
            .intercept(calls)
            .build()
            .start();
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    ManagedChannel channel =
        RpcChannels.inTurn(
            new RpcTarget("127.0.0.1:" + server.getPort(), LOG.uri(), true),
            TlsMaterial.load(pki.issue(LOG, "log", List.of())));
    try {
      assertThat(length(channel)).isEqualTo(4);
      assertThat(calls.calls).hasValue(2);
    } finally {
      channel.shutdownNow();
      server.shutdownNow().awaitTermination();
    }
  }
}
