package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.LogEntry;
import org.odap.log.entry.LogId;
import org.odap.log.store.Chain;
import org.odap.runtime.identity.Identity;

/** The log storage API over HTTP: the draft's paths and bodies (recovery-01 4.5). */
@Timeout(60)
class LogApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LogId LOG = new LogId("5f2b3c7a-9d1e-4f60-8a7b-0c1d2e3f4a5b/sender");

  @TempDir Path directory;
  private LogServiceFixture fixture;
  private HttpClient gateway;
  private String epoch;

  @BeforeEach
  void start() throws Exception {
    fixture = new LogServiceFixture(directory);
    gateway = fixture.http(LogServiceFixture.GATEWAY);
    epoch =
        post(gateway, "/odap/v1/leases", "{\"holder\": \"gateway-1\", \"durationMillis\": 60000}")
            .get("epoch")
            .asText();
  }

  @AfterEach
  void stop() {
    gateway.shutdownNow();
    fixture.close();
  }

  private JsonNode get(HttpClient client, String target) throws Exception {
    return send(client, HttpRequest.newBuilder(fixture.edge(target)));
  }

  private JsonNode post(HttpClient client, String target, String body) throws Exception {
    return send(
        client,
        HttpRequest.newBuilder(fixture.edge(target))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode send(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    JsonNode json = JSON.readTree(response.body());
    if (json.has("success")) {
      assertThat(json.get("success").asBoolean()).isEqualTo(response.statusCode() == 200);
    }
    return json;
  }

  private static String json(LogEntry entry) throws IOException {
    return JsonFormat.printer().omittingInsignificantWhitespace().print(entry);
  }

  private String save(LogEntry entry) throws IOException {
    return "{\"log_id\": \"%s\", \"epoch\": \"%s\", \"log_entry\": %s}"
        .formatted(LOG.value(), epoch, json(entry));
  }

  @Test
  @Tag("2PC-4")
  void theDraftsFiveCallsAnswerAsItsFiguresShow() throws Exception {
    Chain chain = new Chain(LOG);
    LogEntry first = chain.nextEntry().build();
    LogEntry second = chain.nextEntry().build();
    LogEntry third = chain.nextEntry().build();

    JsonNode saved = post(gateway, "/saveLogEntry", save(first));
    JsonNode savedAgain = post(gateway, "/saveLogEntry", save(first));
    JsonNode updated =
        post(
            gateway,
            "/updateLog",
            "{\"log_id\": \"%s\", \"epoch\": %s, \"log_entries\": [%s, %s, %s]}"
                .formatted(LOG.value(), epoch, json(first), json(second), json(third)));
    JsonNode last = get(gateway, "/lastEntry?log_id=" + LOG.value());
    JsonNode byId = get(gateway, "/getLogEntry/2?log_id=" + LOG.value());
    JsonNode all = get(gateway, "/getLog?log_id=" + LOG.value());

    assertThat(saved).isEqualTo(JSON.readTree("{\"success\": true, \"response_data\": \"1\"}"));
    assertThat(savedAgain).isEqualTo(saved);
    assertThat(updated).isEqualTo(JSON.readTree("{\"success\": true, \"response_data\": \"1\"}"));
    assertThat(last.at("/response_data/log_entry")).isEqualTo(JSON.readTree(json(third)));
    assertThat(byId.at("/response_data/log_entry")).isEqualTo(JSON.readTree(json(second)));
    assertThat(all.at("/response_data/log/log_entries").size()).isEqualTo(3);
    assertThat(all.at("/response_data/log/log_entries/0")).isEqualTo(JSON.readTree(json(first)));
  }

  @Test
  @Tag("2PC-4")
  @Tag("ODAP-18")
  void eachOfThemTakesPostAndGet() throws Exception {
    LogEntry first = new Chain(LOG).nextEntry().build();
    JsonNode saved =
        get(
            gateway,
            "/saveLogEntry?log_id=%s&epoch=%s&log_entry=%s"
                .formatted(
                    LOG.value(), epoch, URLEncoder.encode(json(first), StandardCharsets.UTF_8)));
    JsonNode last = post(gateway, "/lastEntry", "{\"log_id\": \"" + LOG.value() + "\"}");

    assertThat(saved.get("response_data").asText()).isEqualTo("1");
    assertThat(last.at("/response_data/log_entry")).isEqualTo(JSON.readTree(json(first)));
  }

  @Test
  @Tag("2PC-4")
  void aRefusalSaysNoSuccess() throws Exception {
    Chain chain = new Chain(LOG);
    JsonNode _ = post(gateway, "/saveLogEntry", save(chain.nextEntry().build()));
    LogEntry other = new Chain(LOG, "another").nextEntry().build();

    JsonNode unknown = get(gateway, "/lastEntry?log_id=" + LOG.value().replace('5', '6'));
    JsonNode gone = get(gateway, "/getLogEntry/7?log_id=" + LOG.value());
    JsonNode malformed = post(gateway, "/saveLogEntry", "{\"log\": 1}");
    JsonNode stale =
        post(
            gateway,
            "/saveLogEntry",
            save(chain.nextEntry().build()).replace("\"epoch\": \"", "\"epoch\": \"99"));
    JsonNode fork =
        post(
            gateway,
            "/updateLog",
            "{\"log_id\": \"%s\", \"epoch\": %s, \"log_entries\": [%s]}"
                .formatted(LOG.value(), epoch, json(other)));

    assertThat(List.of(unknown, gone, malformed, stale, fork))
        .allSatisfy(problem -> assertThat(problem.get("success").asBoolean(true)).isFalse());
    assertThat(unknown.get("reason").asText()).isEqualTo("LOG_UNKNOWN");
    assertThat(gone.get("reason").asText()).isEqualTo("LOG_ENTRY_UNKNOWN");
    assertThat(malformed.get("reason").asText()).isEqualTo("FIELD_UNKNOWN");
    assertThat(stale.get("reason").asText()).isIn("EPOCH_STALE", "LEASE_LOST");
    assertThat(fork.get("reason").asText()).isEqualTo("LOG_DISPUTED");
  }

  @Test
  @Tag("2PC-4")
  void aLogLetsInWhomItLetsInOverGrpc() throws Exception {
    JsonNode _ = post(gateway, "/saveLogEntry", save(new Chain(LOG).nextEntry().build()));
    Identity other = LogServiceFixture.COUNTERPARTY;

    JsonNode refused = get(fixture.http(other), "/getLog?log_id=" + LOG.value());

    assertThat(refused.get("reason").asText()).isEqualTo("LOG_ACCESS_DENIED");
  }

  @Test
  @Tag("CARD-4")
  void theSchemasOwnMethodsAreThere() throws Exception {
    Chain chain = new Chain(LOG);
    LogEntry first = chain.nextEntry().build();
    LogEntry second = chain.nextEntry().build();
    String logs = "/odap/v1/logs/" + LOG.value();

    JsonNode written =
        post(
            gateway,
            logs + "/entries",
            "{\"epoch\": \"%s\", \"entries\": [%s, %s]}"
                .formatted(epoch, json(first), json(second)));

    assertThat(written.get("index").asInt()).isEqualTo(2);
    assertThat(get(gateway, logs + "/length").get("length").asInt()).isEqualTo(2);
    assertThat(get(gateway, logs + "/last-entry").get("log_entry"))
        .isEqualTo(JSON.readTree(json(second)));
    HttpResponse<String> lines =
        gateway.send(
            HttpRequest.newBuilder(fixture.edge(logs + "/entries"))
                .header("Accept", "application/x-ndjson")
                .build(),
            BodyHandlers.ofString());
    assertThat(
            lines
                .body()
                .lines()
                .map(LogApiTest::read)
                .map(line -> line.at("/log_entry/seqNumber").asInt()))
        .containsExactly(1, 2);
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
