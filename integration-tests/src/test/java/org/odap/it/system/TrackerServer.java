package org.odap.it.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/**
 * A tracker that both organizations may post to (ODAP 5.8): a stranger's HTTPS server. Each story
 * has a path of its own there.
 *
 * <p>Mutable: what was posted, and how each path answers.
 */
public final class TrackerServer implements AutoCloseable {
  private static final String SECRET = "known to the tracker and its customers";

  /** How a path answers. */
  public enum Mode {
    /** It takes what is posted. */
    TAKES,
    /** It can't take it now. */
    FAILS,
    /** It does not want it. */
    REFUSES,
    /** It takes what is posted, and the answer never comes. */
    TAKES_SILENTLY
  }

  /**
   * Something it has taken.
   *
   * @param log the log's id, e.g. "session/sender"
   * @param index of the entry in its log
   * @param isSigned whether its signature is right
   */
  public record Post(String log, int index, String key, boolean isSigned) {}

  private final Path folder;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Path authorities;
  private final Map<String, Mode> modes = new ConcurrentHashMap<>();
  private final List<Post> posts = new CopyOnWriteArrayList<>();

  TrackerServer(Path folder) {
    this.folder = folder;
    DevelopmentPki pki = DevelopmentPki.create(folder.resolve("pki"), "tracker.example");
    authorities = pki.entityCertificate();
    TlsMaterial own =
        TlsMaterial.load(
            pki.issue(new Identity("odaptracker://tracker.example/one"), "tracker", List.of()));
    try {
      Files.writeString(secretFile(), SECRET);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(new KeyManager[] {own.keyManager()}, null, null);
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      server.setExecutor(threads);
      server.createContext("/", this::take);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String origin() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  Path authorities() {
    return authorities;
  }

  Path secretFile() {
    return folder.resolve("secret");
  }

  /** A story's own address. */
  public String url(String path) {
    return origin() + "/" + path;
  }

  /** Says how a story's address answers from now on. */
  public void mode(String path, Mode mode) {
    modes.put("/" + path, mode);
  }

  /** What it has taken of a log, in the order in which it came. */
  public List<Post> posts(String log) {
    return posts.stream().filter(post -> post.log().equals(log)).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    switch (modes.getOrDefault(exchange.getRequestURI().getPath(), Mode.TAKES)) {
      case TAKES -> {
        posts.add(post(exchange, body));
        answer(exchange, 202);
      }
      case TAKES_SILENTLY -> posts.add(post(exchange, body));
      case FAILS -> answer(exchange, 503);
      case REFUSES -> answer(exchange, 403);
    }
  }

  private static Post post(HttpExchange exchange, byte[] body) throws IOException {
    var json = new ObjectMapper().readTree(body);
    String timestamp = exchange.getRequestHeaders().getFirst("X-Odap-Timestamp");
    return new Post(
        json.get("transfer_id").asText() + "/" + json.get("role").asText(),
        json.get("index").asInt(),
        exchange.getRequestHeaders().getFirst("Idempotency-Key"),
        ("v1=" + signature(timestamp + "." + new String(body, StandardCharsets.UTF_8)))
            .equals(exchange.getRequestHeaders().getFirst("X-Odap-Signature")));
  }

  private static String signature(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
