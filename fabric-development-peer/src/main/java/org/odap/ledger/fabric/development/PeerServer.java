package org.odap.ledger.fabric.development;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The peer's port, which can be closed, opened and left unanswered while the peer lives on. */
final class PeerServer implements AutoCloseable {
  // As a real peer takes.
  private static final int MESSAGE_BYTES_MAX = 100 << 20;
  private static final long KEEP_ALIVE_MIN_SECONDS = 60;
  private static final int THREADS = 2;
  private static final long STOP_SECONDS_MAX = 10;

  private final BindableService gateway;
  private final ServerCredentials credentials;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private InetSocketAddress address;
  private Optional<Listening> listening = Optional.empty();
  private Optional<ServerSocket> mute = Optional.empty();

  PeerServer(BindableService gateway, ServerCredentials credentials, int port) {
    this.gateway = gateway;
    this.credentials = credentials;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static ServerCredentials credentials(
      DevelopmentPeerConfig config, DevelopmentNetwork network, String mspId) throws IOException {
    if (!config.tls()) {
      return InsecureServerCredentials.create();
    }
    Path files = network.peerTls(mspId);
    TlsServerCredentials.Builder tls =
        TlsServerCredentials.newBuilder()
            .keyManager(files.resolve("cert.pem").toFile(), files.resolve("key.pem").toFile());
    if (config.clientCertificates()) {
      tls.trustManager(network.tlsAuthorities().toFile()).clientAuth(ClientAuth.REQUIRE);
    }
    return tls.build();
  }

  synchronized int port() {
    return address.getPort();
  }

  synchronized void start() throws IOException {
    stop();
    Set<Channel> accepted = ConcurrentHashMap.newKeySet();
    EventLoopGroup acceptor = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    EventLoopGroup connections =
        new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
    Server fresh =
        NettyServerBuilder.forAddress(address, credentials)
            .channelFactory(() -> new Acceptor(accepted))
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(connections)
            .addService(gateway)
            .executor(executor)
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .permitKeepAliveTime(KEEP_ALIVE_MIN_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build();
    listening = Optional.of(new Listening(fresh, acceptor, connections, accepted));
    fresh.start();
    // The first start may have taken a free port; later ones take the same again.
    address = new InetSocketAddress(address.getAddress(), fresh.getPort());
  }

  /** Knows the connections it accepted: gRPC does not hand them out. */
  private static final class Acceptor extends NioServerSocketChannel {
    private final Set<Channel> accepted;

    Acceptor(Set<Channel> accepted) {
      this.accepted = accepted;
    }

    @Override
    protected int doReadMessages(List<Object> messages) throws Exception {
      int count = super.doReadMessages(messages);
      for (Object message : messages) {
        Channel connection = (Channel) message;
        accepted.add(connection);
        var _ = connection.closeFuture().addListener(_ -> accepted.remove(connection));
      }
      return count;
    }
  }

  /** Breaks all connections without a word, as the end of a process does. */
  private record Listening(
      Server server, EventLoopGroup acceptor, EventLoopGroup connections, Set<Channel> accepted) {
    void cut() {
      accepted.forEach(Listening::breakOff);
      server.shutdownNow();
      try {
        boolean _ = server.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      var _ = acceptor.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      var _ = connections.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    /** Past the handlers, which would take leave of the client. */
    private static void breakOff(Channel connection) {
      var _ =
          connection
              .eventLoop()
              .submit(() -> connection.unsafe().close(connection.newPromise()))
              .syncUninterruptibly();
    }
  }

  synchronized void stop() throws IOException {
    if (mute.isPresent()) {
      mute.get().close();
      mute = Optional.empty();
    }
    listening.ifPresent(Listening::cut);
    listening = Optional.empty();
  }

  synchronized void freeze() throws IOException {
    stop();
    ServerSocket unanswered = new ServerSocket();
    unanswered.setReuseAddress(true);
    unanswered.bind(address);
    mute = Optional.of(unanswered);
  }

  @Override
  public void close() throws IOException {
    stop();
    executor.shutdown();
  }
}
