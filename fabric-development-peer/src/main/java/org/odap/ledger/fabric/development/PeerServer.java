package org.odap.ledger.fabric.development;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The peer's port, which can be closed, opened and left unanswered while the peer lives on. */
final class PeerServer implements AutoCloseable {
  // As a real peer takes.
  private static final int MESSAGE_BYTES_MAX = 100 << 20;
  private static final long STOP_SECONDS_MAX = 10;

  private final BindableService gateway;
  private final ServerCredentials credentials;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private InetSocketAddress address;
  private Optional<Server> server = Optional.empty();
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
    Server fresh =
        NettyServerBuilder.forAddress(address, credentials)
            .addService(gateway)
            .executor(executor)
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .build()
            .start();
    server = Optional.of(fresh);
    // The first start may have taken a free port; later ones take the same again.
    address = new InetSocketAddress(address.getAddress(), fresh.getPort());
  }

  synchronized void stop() throws IOException {
    if (mute.isPresent()) {
      mute.get().close();
      mute = Optional.empty();
    }
    if (server.isPresent()) {
      server.get().shutdownNow();
      try {
        boolean _ = server.get().awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      server = Optional.empty();
    }
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
