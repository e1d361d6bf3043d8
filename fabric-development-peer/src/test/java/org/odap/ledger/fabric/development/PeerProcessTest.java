package org.odap.ledger.fabric.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.odap.ledger.fabric.development.NetworkUnderTest.client;

import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.SubmitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peer as a process: killed, started again, and told to fail from outside. */
class PeerProcessTest {
  private static final Pattern READY =
      Pattern.compile("ready fabric-development-peer port=(\\d+) control=(\\d+)");

  @TempDir private Path folder;

  @Test
  void whatWasCommittedOutlivesAKillAndATornBlock() throws Exception {
    DevelopmentNetwork network = DevelopmentNetwork.create(folder.resolve("network"), "AlphaMSP");
    EnrolledIdentity admin = network.enrollAdmin("AlphaMSP", "admin");
    try (PeerProcess peer = new PeerProcess()) {
      try (Client client = new Client(peer, admin)) {
        client.contract().submitTransaction("DefineClass", "bond", "UNIQUE");
      }
      peer.kill();
    }
    // Cut off in the middle of the next block.
    try (RandomAccessFile blocks =
        new RandomAccessFile(folder.resolve("state/blocks").toFile(), "rw")) {
      blocks.seek(blocks.length());
      blocks.writeInt(1000);
      blocks.writeInt(7);
      blocks.write(new byte[] {1, 2, 3});
    }
    try (PeerProcess peer = new PeerProcess();
        Client client = new Client(peer, admin)) {
      assertThat(text(client.contract().evaluateTransaction("GetClasses"))).contains("bond");
      client.contract().submitTransaction("DefineClass", "gold", "FUNGIBLE");
      assertThat(text(client.contract().evaluateTransaction("GetClasses")))
          .contains("bond", "gold");
    }
  }

  @Test
  void faultsAreOrderedOverHttp() throws Exception {
    DevelopmentNetwork network = DevelopmentNetwork.create(folder.resolve("network"), "AlphaMSP");
    EnrolledIdentity admin = network.enrollAdmin("AlphaMSP", "admin");
    try (PeerProcess peer = new PeerProcess();
        Client client = new Client(peer, admin)) {
      assertThat(peer.order("orderer/kill")).isEqualTo(204);
      SubmitException e =
          catchThrowableOfType(
              SubmitException.class,
              () -> client.contract().submitTransaction("DefineClass", "bond", "UNIQUE"));
      assertThat(e.getStatus().getDescription()).startsWith("no orderers could");
      assertThat(peer.order("orderer/restart")).isEqualTo(204);
      client.contract().submitTransaction("DefineClass", "bond", "UNIQUE");
      assertThat(peer.order("orderer/dance")).isEqualTo(404);
      assertThat(peer.order("peer/GammaMSP/stop")).isEqualTo(404);
    }
  }

  private static String text(byte[] answer) {
    return new String(answer, StandardCharsets.UTF_8);
  }

  private static final class Client implements AutoCloseable {
    private final ManagedChannel channel;
    private final Gateway gateway;

    Client(PeerProcess peer, EnrolledIdentity identity) throws Exception {
      channel =
          NettyChannelBuilder.forAddress(
                  "localhost",
                  peer.port,
                  TlsChannelCredentials.newBuilder()
                      .trustManager(identity.tlsAuthorities().toFile())
                      .build())
              .build();
      gateway = client(channel, identity.mspId(), identity).connect();
    }

    Contract contract() {
      return gateway.getNetwork(NetworkUnderTest.CHANNEL).getContract("odap");
    }

    @Override
    public void close() {
      gateway.close();
      channel.shutdownNow();
    }
  }

  private final class PeerProcess implements AutoCloseable {
    private final Process process;
    private final int port;
    private final int control;

    PeerProcess() throws IOException {
      Path config =
          Files.writeString(
              folder.resolve("peer.yaml"),
              """
              network: network
              state: state
              batch-timeout: 20ms
              control-port: 0
              """);
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  DevelopmentPeerMain.class.getName(),
                  "--config",
                  config.toString())
              .redirectError(folder.resolve("stderr").toFile())
              .start();
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      Matcher ready = READY.matcher(line == null ? "" : line);
      if (!ready.matches()) {
        throw new IOException("not started: " + Files.readString(folder.resolve("stderr")));
      }
      port = Integer.parseInt(ready.group(1));
      control = Integer.parseInt(ready.group(2));
    }

    int order(String fault) throws Exception {
      try (HttpClient http = HttpClient.newHttpClient()) {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control + "/" + fault))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString())
            .statusCode();
      }
    }

    void kill() throws InterruptedException {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
