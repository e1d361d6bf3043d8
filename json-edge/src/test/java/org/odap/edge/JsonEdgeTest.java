package org.odap.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The edge as its callers meet it: HTTP over mutual TLS. */
@Timeout(60)
class JsonEdgeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRANSFERS = "/odap/v1/transfers";

  @TempDir static Path folder;
  private static EdgeFixture edge;

  @BeforeAll
  static void start() throws Exception {
    edge = new EdgeFixture(folder, EdgeConfig.ClientCertificate.REQUIRED);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    edge.close();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  private static JsonNode problem(HttpResponse<String> response, int status, String reason)
      throws IOException {
    assertThat(response.body()).contains("\"reason\":\"" + reason + "\"");
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(response.body()).doesNotContain("Exception");
    JsonNode problem = json(response);
    assertThat(problem.fieldNames())
        .toIterable()
        .contains("type", "title", "status", "detail", "reason", "retry");
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    return problem;
  }

  @Test
  @Tag("CARD-4")
  @Tag("ODAP-18")
  void aMethodAnswersToGetAndToPost() throws Exception {
    HttpResponse<String> get = edge.get(TRANSFERS + "/abc?role=GATEWAY_ROLE_SENDER");
    HttpResponse<String> post =
        edge.post(TRANSFERS + "/abc", "{\"role\": \"GATEWAY_ROLE_SENDER\"}");

    assertThat(get.statusCode()).isEqualTo(200);
    assertThat(get.headers().firstValue("content-type")).contains("application/json");
    assertThat(get.headers().firstValue("cache-control")).contains("private, no-store");
    assertThat(json(get).at("/transfer/transferId").asText()).isEqualTo("abc");
    assertThat(json(get).at("/transfer/role").asText()).isEqualTo("GATEWAY_ROLE_SENDER");
    assertThat(json(get).at("/transfer/startedAt").asText()).isEqualTo("1760000000000");
    assertThat(json(get).at("/transfer/origin").asText()).isEqualTo(EdgeFixture.CLIENT.uri());
    assertThat(post.body()).isEqualTo(get.body());
  }

  @Test
  @Tag("ODAP-18")
  void whereTwoMethodsWouldShareAnAddressOneHasAVerb() throws Exception {
    HttpResponse<String> list = edge.get(TRANSFERS + "?pageSize=7&page_token=x");
    HttpResponse<String> listed =
        edge.post(TRANSFERS + ":list", "{\"pageSize\": 7, \"pageToken\": \"x\"}");
    HttpResponse<String> started =
        edge.get(TRANSFERS + ":start?request_id=r1&asset.amount=5&origin=a%2Fb+c");

    assertThat(json(list).get("nextPageToken").asText()).isEqualTo("x7");
    assertThat(listed.body()).isEqualTo(list.body());
    assertThat(json(started).at("/transfer/transferId").asText()).isEqualTo("r1");
    assertThat(edge.transfers.lastStarted().orElseThrow().getOrigin()).isEqualTo("a/b c");
    assertThat(edge.transfers.lastStarted().orElseThrow().getAsset().getAmount()).isEqualTo("5");
  }

  @Test
  void aHeaderMayHoldTheIdempotencyKey() throws Exception {
    HttpResponse<String> started =
        edge.send(
            edge.to(TRANSFERS)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key-1")
                .POST(BodyPublishers.ofString("{}")));
    HttpResponse<String> contradicts =
        edge.send(
            edge.to(TRANSFERS)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key-1")
                .POST(BodyPublishers.ofString("{\"requestId\": \"key-2\"}")));

    assertThat(json(started).at("/transfer/transferId").asText()).isEqualTo("key-1");
    problem(contradicts, 400, "FIELD_INVALID");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"requestId":"r","extra":1}             | FIELD_UNKNOWN | extra
          {"requestId":"r","asset":{"x":1}}       | FIELD_UNKNOWN | asset.x
          {"requestId":"r","requestId":"r"}       | FIELD_INVALID | requestId
          {"requestId":"r","request_id":"r"}      | FIELD_INVALID | requestId
          {"requestId":1}                         | FIELD_INVALID | requestId
          {"requestId":"r","lockDurationMillis":4294967296} | FIELD_INVALID | lockDurationMillis
          {"requestId":"r","lockDurationMillis":1.5}        | FIELD_INVALID | lockDurationMillis
          {"requestId":"r","lockDurationMillis":-1}         | FIELD_INVALID | lockDurationMillis
          {"requestId":"r","escrowType":"NO_SUCH"}          | FIELD_INVALID | escrowType
          {"requestId":"r","escrowType":99}                 | FIELD_INVALID | escrowType
          {"requestId":"r","asset":[]}            | FIELD_INVALID | asset
          {"requestId":"r","asset":"x"}           | FIELD_INVALID | asset
          {"requestId":["r"]}                     | FIELD_INVALID | requestId
          {"requestId":"\\ud800"}                 | FIELD_INVALID | requestId
          {"requestId":"r","applicationProfile":{"parameters":{"a":"1","a":"2"}}} | FIELD_INVALID | applicationProfile.parameters.a
          {"asset":{"amount":"-1"},"requestId":"r"} | FIELD_INVALID | recipientDltSystem
          {}                                      | FIELD_MISSING | requestId
          """)
  @Tag("CARD-4")
  void aMistakeIsToldWithItsPlace(String body, String reason, String field) throws Exception {
    JsonNode problem = problem(edge.post(TRANSFERS, body), 400, reason);

    assertThat(problem.at("/errors/0/field").asText()).isEqualTo(field);
    assertThat(problem.at("/errors/0/description").asText()).isNotEmpty();
  }

  static Stream<byte[]> malformed() {
    return Stream.of(
            "[]",
            "1",
            "\"x\"",
            "null",
            "{\"requestId\":\"r\"} {}",
            "{\"requestId\":\"r\"}x",
            "{\"requestId\":\"r\",}",
            "{'requestId':'r'}",
            "{\"requestId\":\"r\"",
            "\uFEFF{}",
            "{\"asset\":".repeat(100) + "1" + "}".repeat(100),
            "[".repeat(5_000))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Tag("CARD-4")
  void whatIsNoJsonObjectIsRefused() throws Exception {
    List<byte[]> bodies =
        Stream.concat(
                malformed(),
                Stream.of(
                    new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'},
                    "{\"requestId\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1),
                    "{}".getBytes(StandardCharsets.UTF_16)))
            .toList();
    for (byte[] body : bodies) {
      HttpResponse<String> response =
          edge.send(
              edge.to(TRANSFERS)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofByteArray(body)));
      assertThat(response.statusCode())
          .as(new String(body, StandardCharsets.ISO_8859_1))
          .isEqualTo(400);
      JsonNode _ = problem(response, 400, json(response).get("reason").asText());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "?nonsense=1, FIELD_UNKNOWN, nonsense",
    "?role=1&role=1, FIELD_INVALID, role",
    "?role=x, FIELD_INVALID, role",
    "?role.x=1, FIELD_UNKNOWN, role.x",
    "?transferId=other, FIELD_INVALID, transferId",
  })
  @Tag("CARD-4")
  void aQueryIsReadAsStrictly(String query, String reason, String field) throws Exception {
    JsonNode problem = problem(edge.get(TRANSFERS + "/abc" + query), 400, reason);

    assertThat(problem.at("/errors/0/field").asText()).isEqualTo(field);
  }

  @Test
  void addressesThatAreMalformedAreRefused() throws Exception {
    for (String target :
        List.of("/abc?role", "/abc?=1", "/abc?role=%C3", "/%C3", "/abc?role=%FF")) {
      problem(edge.get(TRANSFERS + target), 400, "FIELD_INVALID");
    }
  }

  @Test
  void httpItselfRefusesWithProblems() throws Exception {
    problem(edge.get("/odap/v1/nothing"), 404, "CAPABILITY_UNSUPPORTED");
    problem(edge.get("/"), 404, "CAPABILITY_UNSUPPORTED");
    problem(edge.send(edge.to(TRANSFERS + "/abc").DELETE()), 405, "CAPABILITY_UNSUPPORTED");
    problem(
        edge.send(edge.to(TRANSFERS + "/abc").header("Accept", "text/html")), 406, "FIELD_INVALID");
    problem(
        edge.send(
            edge.to(TRANSFERS)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}"))),
        415,
        "FIELD_INVALID");
    problem(
        edge.send(
            edge.to(TRANSFERS)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{}"))),
        415,
        "FIELD_INVALID");
    problem(
        edge.post(TRANSFERS, " ".repeat(EdgeFixture.BODY_BYTES_MAX + 1)), 413, "MESSAGE_TOO_LARGE");
  }

  @Test
  @Tag("CARD-4")
  void aServicesRefusalHasItsReasonsStatus() throws Exception {
    JsonNode unknown =
        problem(edge.get(TRANSFERS + "/" + SampleTransfers.UNKNOWN), 404, "TRANSFER_UNKNOWN");
    JsonNode internal =
        problem(edge.get(TRANSFERS + "/" + SampleTransfers.BROKEN), 500, "INTERNAL");
    JsonNode missing = problem(edge.get("/odap/v1/gateway"), 501, "CAPABILITY_UNSUPPORTED");

    assertThat(unknown.get("detail").asText()).isEqualTo("no such transfer");
    assertThat(unknown.get("retry").asText()).isEqualTo("NEVER");
    assertThat(internal.toString()).doesNotContain("12345");
    assertThat(missing.get("type").asText()).isEqualTo("urn:odap:error:CAPABILITY_UNSUPPORTED");
  }

  @Test
  @Tag("CARD-3")
  void callersAreThoseOfGrpc() throws Exception {
    HttpClient stranger = edge.http(EdgeFixture.STRANGER);
    HttpClient nobody = edge.nobody();
    var request = edge.to(TRANSFERS + "/abc").build();

    problem(stranger.send(request, BodyHandlers.ofString()), 401, "CALLER_UNKNOWN");
    problem(edge.get("/odap/v1/resources"), 403, "PERMISSION_DENIED");
    assertThat(edge.get("/odap/v1/application-profiles/TRACKER").statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> nobody.send(request, BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  @Tag("ODAP-6")
  void whereCertificatesAreOptionalATokenIsEnoughAndNothingIsNot(@TempDir Path other)
      throws Exception {
    EdgeFixture open = new EdgeFixture(other, EdgeConfig.ClientCertificate.OPTIONAL);
    try {
      HttpClient nobody = open.nobody();
      var profile = "/odap/v1/application-profiles/TRACKER";
      HttpResponse<String> refused = nobody.send(open.to(profile).build(), BodyHandlers.ofString());
      problem(refused, 401, "CALLER_UNKNOWN");
      assertThat(refused.headers().firstValue("www-authenticate").orElse("")).startsWith("Bearer");
      problem(
          nobody.send(
              open.to(profile).header("Authorization", "Bearer open").build(),
              BodyHandlers.ofString()),
          401,
          "CALLER_UNKNOWN");
      assertThat(
              nobody
                  .send(
                      open.to(profile).header("Authorization", "Bearer sesame").build(),
                      BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
      // A wrong token is nobody's, whatever certificate comes with it.
      problem(
          open.send(open.to(profile).header("Authorization", "Bearer open")),
          401,
          "CALLER_UNKNOWN");
    } finally {
      open.close();
    }
  }

  @Test
  void pagesOfOthersAreRefused() throws Exception {
    problem(
        edge.send(edge.to(TRANSFERS + ":start?requestId=x").header("Sec-Fetch-Site", "cross-site")),
        403,
        "PERMISSION_DENIED");
    problem(
        edge.send(edge.to(TRANSFERS + "/abc").header("Sec-Purpose", "prefetch;prerender")),
        403,
        "PERMISSION_DENIED");
    assertThat(
            edge.send(edge.to(TRANSFERS + "/abc").header("Sec-Fetch-Site", "same-origin"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aCallerMayWaitLess() throws Exception {
    problem(
        edge.send(edge.to(TRANSFERS + "/" + SampleTransfers.SLOW).header("Request-Timeout", "0.2")),
        503,
        "UNAVAILABLE");
    problem(
        edge.send(edge.to(TRANSFERS + "/abc").header("Request-Timeout", "soon")),
        400,
        "FIELD_INVALID");
  }

  @Test
  @Tag("ODAP-12")
  void aWatchIsAStreamOfEventsThatCanBeResumed() throws Exception {
    HttpResponse<String> all = edge.get(TRANSFERS + "/abc/events");
    HttpResponse<String> rest =
        edge.send(edge.to(TRANSFERS + "/abc/events").header("Last-Event-ID", "3"));
    HttpResponse<String> lines =
        edge.send(
            edge.to(TRANSFERS + "/abc/events?from_index=5")
                .header("Accept", "application/x-ndjson"));

    assertThat(all.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(all.body()).startsWith("id: 1\ndata: {\"logEntry\":{\"seqNumber\":1}}\n\nid: 2\n");
    assertThat(all.body()).endsWith("\n\nevent: end\ndata: {}\n\n");
    assertThat(rest.body()).startsWith("id: 4\n").doesNotContain("id: 3");
    assertThat(lines.body()).isEqualTo("{\"logEntry\":{\"seqNumber\":5}}\n");
  }

  @Test
  @Tag("ODAP-12")
  void aStreamsFailureIsAProblemBeforeOrInside() throws Exception {
    problem(
        edge.get(TRANSFERS + "/" + SampleTransfers.UNKNOWN + "/events"), 404, "TRANSFER_UNKNOWN");
    problem(
        edge.send(edge.to(TRANSFERS + "/abc/events").header("Accept", "application/json")),
        406,
        "FIELD_INVALID");
    HttpResponse<String> later =
        edge.get(TRANSFERS + "/" + SampleTransfers.FAILS_LATER + "/events");

    assertThat(later.statusCode()).isEqualTo(200);
    assertThat(later.body()).startsWith("id: 1\n");
    assertThat(later.body().substring(later.body().indexOf("event: error\ndata: ")))
        .contains("\"reason\":\"LOG_UNAVAILABLE\"", "\"status\":503");
  }

  @Test
  void aReaderThatGoesAwayEndsTheCall() throws Exception {
    HttpResponse<Stream<String>> watch =
        edge.http(EdgeFixture.CLIENT)
            .send(
                edge.to(TRANSFERS + "/" + SampleTransfers.ENDLESS + "/events").build(),
                BodyHandlers.ofLines());
    assertThat(watch.body().iterator().next()).isEqualTo("id: 1");
    watch.body().close();

    assertThat(edge.transfers.watcherGone.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void thePortIsInItsFile() throws Exception {
    assertThat(Files.readString(folder.resolve("edge-port"))).isEqualTo(edge.port() + "\n");
  }
}
