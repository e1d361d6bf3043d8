package org.odap.runtime.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.lifecycle.PortBusyException;
import org.odap.runtime.logging.LogLevels;

/**
 * Serves {@code /metrics} and {@code /health/started|live|ready}, and {@code /admin/loggers} where
 * a token is configured.
 */
public final class OperationsEndpoint implements Part {
  private static final int OK = 200;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  // Probes are short and few: whoever is slow, or many, is none. The server reads these once.
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "30",
          "sun.net.httpserver.maxReqHeaderSize", "16384",
          "jdk.httpserver.maxConnections", "200");

  private final OperationsConfig config;
  private final ServiceHealth health;
  private final ServiceMetrics metrics;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final LogLevels levels = new LogLevels(Clock.systemUTC());
  private Optional<HttpServer> server = Optional.empty();

  public OperationsEndpoint(OperationsConfig config, ServiceHealth health, ServiceMetrics metrics) {
    this.config = config;
    this.health = health;
    this.metrics = metrics;
  }

  @Override
  public String name() {
    return "operations";
  }

  @Override
  public void start() throws IOException {
    HttpServer http = listening(new InetSocketAddress(config.bindAddress(), config.port()));
    http.setExecutor(executor);
    http.createContext("/", exchange -> send(exchange, NOT_FOUND, "text/plain", "not found\n"));
    http.createContext("/metrics", this::metrics);
    probe(http, "started", health::isStarted);
    probe(http, "live", health::isLive);
    probe(http, "ready", health::isReady);
    config
        .adminTokenFile()
        .ifPresent(
            token -> http.createContext(AdminEndpoint.PATH, new AdminEndpoint(token, levels)));
    http.start();
    server = Optional.of(http);
  }

  private static HttpServer listening(InetSocketAddress address) throws IOException {
    LIMITS.forEach((limit, value) -> {
      if (System.getProperty(limit) == null) {
        System.setProperty(limit, value);
      }
    });
    try {
      return HttpServer.create(address, 0);
    } catch (IOException e) {
      throw PortBusyException.orElse(e, "operations.port", address);
    }
  }

  /** The port listened on; known after start. */
  public int port() {
    return server.orElseThrow().getAddress().getPort();
  }

  @Override
  public void stop(Duration limit) {
    server.ifPresent(http -> http.stop(0));
    levels.close();
    executor.shutdown();
  }

  private void metrics(HttpExchange exchange) throws IOException {
    send(exchange, OK, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
  }

  private void probe(HttpServer http, String name, BooleanSupplier isFine) {
    http.createContext(
        "/health/" + name,
        exchange -> {
          boolean fine = isFine.getAsBoolean();
          StringBuilder body = new StringBuilder(name + ": " + (fine ? "yes" : "no") + "\n");
          health.details().forEach((key, word) -> body.append(key + ": " + word + "\n"));
          send(exchange, fine ? OK : UNAVAILABLE, "text/plain; charset=utf-8", body.toString());
        });
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    try (exchange) {
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      boolean isGet = exchange.getRequestMethod().equals("GET");
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      if (!isGet && !isHead) {
        exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, -1);
      } else if (isHead) {
        exchange.sendResponseHeaders(status, -1);
      } else {
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }
}
