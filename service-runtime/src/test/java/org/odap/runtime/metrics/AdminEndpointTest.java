package org.odap.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.tracing.TracingConfig;
import org.slf4j.LoggerFactory;

/** Who shows the token may change what loggers write, within bounds and for a while. */
@Tag("CARD-6")
@Timeout(30)
class AdminEndpointTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final String LOGGER = "org.odap.admin.test";

  @TempDir private Path folder;
  private final ServiceMetrics metrics = new ServiceMetrics("probe");
  private Path tokenFile;
  private OperationsEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    tokenFile = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    endpoint = endpoint(Optional.of(tokenFile));
  }

  private OperationsEndpoint endpoint(Optional<Path> token) throws IOException {
    OperationsConfig config =
        new OperationsConfig(
            "127.0.0.1", 0, Duration.ZERO, Duration.ofSeconds(1), token, TracingConfig.off());
    OperationsEndpoint one = new OperationsEndpoint(config, new ServiceHealth(), metrics);
    one.start();
    return one;
  }

  @AfterEach
  void stop() {
    endpoint.stop(Duration.ZERO);
    metrics.close();
  }

  private HttpResponse<String> ask(String method, String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpResponse<String> change(String logger, String query) throws Exception {
    return ask("PUT", "/admin/loggers/" + logger + "?" + query, TOKEN);
  }

  private static boolean isDebug() {
    return LoggerFactory.getLogger(LOGGER).isDebugEnabled();
  }

  @Test
  void changedLevelHoldsUntilItIsReset() throws Exception {
    assertThat(isDebug()).isFalse();
    assertThat(change(LOGGER, "level=DEBUG&for=10m").body())
        .contains("\"" + LOGGER + "\":\"DEBUG\"", "\"until\":\"");
    assertThat(isDebug()).isTrue();
    assertThat(ask("DELETE", "/admin/loggers/" + LOGGER, TOKEN).statusCode()).isEqualTo(200);
    assertThat(isDebug()).isFalse();
  }

  @Test
  void changedLevelEndsByItself() throws Exception {
    assertThat(change(LOGGER, "level=DEBUG&for=1s").statusCode()).isEqualTo(200);
    assertThat(isDebug()).isTrue();
    while (isDebug()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    assertThat(ask("GET", "/admin/loggers", TOKEN).body()).contains("\"changed\":{}");
  }

  @Test
  void withoutTheTokenNothingIsToldOrChanged() throws Exception {
    for (String token : new String[] {"", "wrong", TOKEN + "0"}) {
      assertThat(ask("GET", "/admin/loggers", token).statusCode()).isEqualTo(401);
      assertThat(ask("PUT", "/admin/loggers/" + LOGGER + "?level=DEBUG", token).statusCode())
          .isEqualTo(401);
    }
    assertThat(isDebug()).isFalse();
  }

  @Test
  void shortTokenOrNoFileLetsNobodyIn() throws Exception {
    Files.writeString(tokenFile, "short");
    assertThat(ask("GET", "/admin/loggers", "short").statusCode()).isEqualTo(401);
    Files.delete(tokenFile);
    assertThat(ask("GET", "/admin/loggers", TOKEN).statusCode()).isEqualTo(401);
  }

  @Test
  void isThereOnlyWhereATokenIsConfigured() throws Exception {
    endpoint.stop(Duration.ZERO);
    endpoint = endpoint(Optional.empty());
    assertThat(ask("GET", "/admin/loggers", TOKEN).statusCode()).isEqualTo(404);
  }

  @Test
  void othersLoggersFinerLevelsAndLongTimesAreRefused() throws Exception {
    for (String wrong :
        new String[] {
          "com.example?level=DEBUG",
          "org.odapx?level=DEBUG",
          "io.grpc?level=DEBUG",
          LOGGER + "?level=LOUD",
          LOGGER + "?level=OFF",
          LOGGER + "?level=DEBUG&for=25h",
          LOGGER + "?level=DEBUG&for=-1s",
          LOGGER + "?level=DEBUG&for=soon"
        }) {
      HttpResponse<String> answer = ask("PUT", "/admin/loggers/" + wrong, TOKEN);
      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
      assertThat(answer.body()).as(wrong).contains("value: ", "(expected: ");
    }
    assertThat(change("io.grpc", "level=INFO&for=1m").statusCode()).isEqualTo(200);
    assertThat(ask("POST", "/admin/loggers", TOKEN).statusCode()).isEqualTo(405);
    assertThat(ask("GET", "/admin/loggersX", TOKEN).statusCode()).isEqualTo(404);
  }
}
