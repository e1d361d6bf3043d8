package org.odap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.edge.EdgeConfig.ClientCertificate;
import org.odap.runtime.rpc.CallLimitsConfig;

/** What one caller may take of an edge: as much as over gRPC, whatever it is slow with. */
@Timeout(120)
@Tag("CARD-3")
class JsonLimitsTest {
  private static final String TRANSFER = "/odap/v1/transfers/abc";

  @TempDir Path folder;
  private EdgeFixture edge;

  @AfterEach
  void stop() throws InterruptedException {
    edge.close();
  }

  @Test
  void callsBeyondTheRateAre429AndSayWhenToComeBack() throws Exception {
    edge =
        new EdgeFixture(folder, ClientCertificate.REQUIRED, new CallLimitsConfig(2, 100, 100, 1));
    assertThat(edge.get(TRANSFER).statusCode()).isEqualTo(200);
    assertThat(edge.get(TRANSFER).statusCode()).isEqualTo(200);

    HttpResponse<String> refused = edge.get(TRANSFER);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = new ObjectMapper().readTree(refused.body());
    assertThat(problem.get("reason").asText()).isEqualTo("TOO_MANY_CALLS");
    assertThat(problem.get("retry").asText()).isEqualTo("SAME_CALL");
  }

  @Test
  void aSlowSenderIsToldThatItsTimeIsOverAndHoldsNobodyUp() throws Exception {
    edge = new EdgeFixture(folder, ClientCertificate.REQUIRED);
    try (Socket slow = edge.connection()) {
      slow.setSoTimeout(60_000);
      slow.getOutputStream()
          .write(
              ("POST /odap/v1/transfers HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(edge.get(TRANSFER).statusCode()).isEqualTo(200);
      assertThat(
              new BufferedReader(
                      new InputStreamReader(slow.getInputStream(), StandardCharsets.US_ASCII))
                  .readLine())
          .startsWith("HTTP/1.1 408 ");
    }
  }
}
