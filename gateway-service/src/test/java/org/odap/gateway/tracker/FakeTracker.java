package org.odap.gateway.tracker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/** A tracker over HTTPS that works, fails, hangs or redirects as it is told. */
final class FakeTracker implements AutoCloseable {
  /** How it answers. */
  enum Mode {
    WORK,
    FAIL,
    HANG,
    REDIRECT
  }

  /** What it was posted. */
  record Post(int index, Headers headers, String body) {
    String header(String name) {
      return headers.getFirst(name);
    }
  }

  private final SSLContext tls;
  private final Path authority;
  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger redirected = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Mode mode = Mode.WORK;
  private volatile int failure = 503;
  private HttpsServer server;
  private int port;

  private FakeTracker(SSLContext tls, Path authority) {
    this.tls = tls;
    this.authority = authority;
  }

  static FakeTracker start(Path folder) throws IOException, GeneralSecurityException {
    DevelopmentPki pki = DevelopmentPki.create(folder, "tracker.example");
    TlsMaterial own =
        TlsMaterial.load(
            pki.issue(new Identity("odaptracker://tracker.example/one"), "tracker", List.of()));
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(new KeyManager[] {own.keyManager()}, null, null);
    FakeTracker tracker = new FakeTracker(tls, pki.entityCertificate());
    tracker.up();
    return tracker;
  }

  Path authority() {
    return authority;
  }

  String url() {
    return "https://localhost:" + port + "/updates";
  }

  void mode(Mode next) {
    mode = next;
  }

  void fail(int status) {
    failure = status;
    mode = Mode.FAIL;
  }

  List<Post> posts() {
    return List.copyOf(posts);
  }

  int attempts() {
    return attempts.get();
  }

  int redirected() {
    return redirected.get();
  }

  void up() throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    port = server.getAddress().getPort();
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/updates", this::take);
    server.createContext(
        "/elsewhere",
        exchange -> {
          redirected.incrementAndGet();
          answer(exchange, 200);
        });
    server.start();
  }

  void down() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    attempts.incrementAndGet();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    switch (mode) {
      case WORK -> {
        int index = new ObjectMapper().readTree(body).get("index").asInt();
        posts.add(new Post(index, exchange.getRequestHeaders(), body));
        answer(exchange, 202);
      }
      case FAIL -> answer(exchange, failure);
      case REDIRECT -> {
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        answer(exchange, 307);
      }
      case HANG -> hang();
    }
  }

  private void hang() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
