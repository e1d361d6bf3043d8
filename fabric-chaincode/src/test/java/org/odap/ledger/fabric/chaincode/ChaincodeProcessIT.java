package org.odap.ledger.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.protos.peer.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built jar as a chaincode service, with a peer that connects to it. */
@Timeout(300)
class ChaincodeProcessIT {
  private static final String PACKAGE_ID = "odap_0.1.0:" + "0".repeat(64);
  private static final int OK = 200;

  @TempDir private Path folder;

  private final Organization alpha = new Organization("AlphaMSP");
  private final Identity admin = alpha.enroll("admin", "odap.admin");

  @Test
  void aServiceRegistersAndAnswers() throws Exception {
    try (Service service = Service.start(Map.of("CHAINCODE_TLS_DISABLED", "true"));
        Connection connection = new Connection(service.plain());
        PeerLink peer = new PeerLink(connection.channel())) {
      assertThat(peer.register()).isEqualTo(PACKAGE_ID);

      PeerLink.Outcome defined = peer.call(admin, "DefineClass", "bonds", "FUNGIBLE");
      assertThat(text(defined)).isEqualTo("200 {\"changed\":true}");
      assertThat(defined.event()).isEqualTo("DEFINE_CLASS");
      assertThat(text(peer.call(admin, "odap:DefineClass", "bonds", "FUNGIBLE")))
          .isEqualTo("200 {\"changed\":false}");
      assertThat(peer.call(admin, "GetTime").response().getStatus()).isEqualTo(OK);

      PeerLink.Outcome refused = peer.call(alpha.enroll("alice"), "DefineClass", "x", "UNIQUE");
      assertThat(refused.response().getStatus()).isEqualTo(500);
      assertThat(refused.response().getMessage())
          .startsWith("PERMISSION_DENIED: the caller's certificate has no attribute odap.admin");
      assertThat(peer.call(admin, "DefineClass", "x").response().getMessage())
          .isEqualTo("FIELD_MISSING: DefineClass has arguments: value: 1 (expected: 2)");
      for (String unknown : List.of("MakeMeRich", "GetTime:x:y", "GetTime:", "odap:GetTime:")) {
        assertThat(peer.call(admin, unknown).response().getMessage())
            .as(unknown)
            .isEqualTo("Undefined contract method called");
      }
    }
  }

  @Test
  @Tag("CARD-3")
  void aServiceWithTlsAnswersOnlyPeersItKnows() throws Exception {
    TestTls peers = new TestTls(folder, "peers").issue("peer");
    TestTls services = new TestTls(folder, "services").issue("chaincode");
    TestTls strangers = new TestTls(folder, "strangers").issue("stranger");
    Map<String, String> environment =
        Map.of(
            "CHAINCODE_TLS_KEY", services.key("chaincode").toString(),
            "CHAINCODE_TLS_CERT", services.certificate("chaincode").toString(),
            "CHAINCODE_CLIENT_CA_CERT", peers.ca().toString());
    try (Service service = Service.start(environment)) {
      try (Connection connection = new Connection(service.tls(services, peers, "peer"));
          PeerLink peer = new PeerLink(connection.channel())) {
        assertThat(peer.register()).isEqualTo(PACKAGE_ID);
        assertThat(peer.call(admin, "GetTime").response().getStatus()).isEqualTo(OK);
      }
      for (ManagedChannel wrong :
          List.of(service.tls(services, strangers, "stranger"), service.plain())) {
        try (Connection connection = new Connection(wrong);
            PeerLink peer = new PeerLink(connection.channel())) {
          assertThat(Status.fromThrowable(peer.failure()).getCode())
              .isEqualTo(Status.Code.UNAVAILABLE);
        }
      }
    }
  }

  @Test
  void aServiceThatIsNotSetUpRightSaysAllThatIsWrong() throws Exception {
    Process process =
        Service.process(
            Map.of("CHAINCODE_SERVER_ADDRESS", "nowhere", "ODAP_CLOCK_TOLERANCE_MILLIS", "soon"));
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(78);
    assertThat(said)
        .contains(
            """
            CHAINCODE_SERVER_ADDRESS: value: nowhere (expected: <host>:<port>)
            CORE_CHAINCODE_ID_NAME: value: nothing (expected: the installed package's id)
            CHAINCODE_TLS_KEY: value: nothing (expected: a PEM file, or CHAINCODE_TLS_DISABLED=true for a plain connection)
            CHAINCODE_TLS_CERT: value: nothing (expected: a PEM file, or CHAINCODE_TLS_DISABLED=true for a plain connection)
            CHAINCODE_CLIENT_CA_CERT: value: nothing (expected: a PEM file, or CHAINCODE_TLS_DISABLED=true for a plain connection)
            ODAP_CLOCK_TOLERANCE_MILLIS: value: soon (expected: milliseconds, 0 to 3600000)
            """);
  }

  private static String text(PeerLink.Outcome outcome) {
    Response response = outcome.response();
    return response.getStatus() + " " + response.getPayload().toStringUtf8();
  }

  /** A connection that is given up at the end. */
  private record Connection(ManagedChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  /** The process of the service. */
  private record Service(Process process, int port) implements AutoCloseable {
    static Service start(Map<String, String> environment) throws IOException {
      int port = freePort();
      Map<String, String> all = new HashMap<>(environment);
      all.put("CHAINCODE_SERVER_ADDRESS", "127.0.0.1:" + port);
      all.put("CORE_CHAINCODE_ID_NAME", PACKAGE_ID);
      Process process = process(all);
      BufferedReader output = process.errorReader();
      String line = output.readLine();
      while (line != null && !line.contains("The chaincode listens at")) {
        line = output.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("The service has ended");
      }
      Thread.ofVirtual().start(() -> output.lines().forEach(more -> {}));
      return new Service(process, port);
    }

    static Process process(Map<String, String> environment) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-jar",
              Path.of("target", "fabric-chaincode.jar").toString());
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().putAll(environment);
      return builder.start();
    }

    ManagedChannel plain() {
      return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    ManagedChannel tls(TestTls services, TestTls own, String name) throws IOException {
      SslContextBuilder context =
          GrpcSslContexts.forClient()
              .trustManager(services.ca().toFile())
              .keyManager(own.certificate(name).toFile(), own.key(name).toFile());
      return NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(context.build()).build();
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
