package org.odap.gateway.operation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.client.v1.OperationServiceGrpc;
import org.odap.api.client.v1.PauseRequest;
import org.odap.edge.EdgeConfig;
import org.odap.edge.JsonEdge;
import org.odap.gateway.driver.FakeLogService;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcServer;
import org.odap.runtime.rpc.RpcServerConfig;
import org.slf4j.LoggerFactory;

/**
 * Operators' requests made at random out of the schemas: each is done or refused with a problem,
 * and the gateway can be asked afterwards what is ordered.
 */
@Tag("OURS-3")
@Timeout(180)
class OperationFuzzTest {
  private static final int REQUESTS = 600;
  private static final int KEYS = 200;
  private static final String SECRET = "t0ken-of-somebody";
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");

  private static final List<MethodDescriptor> METHODS =
      PauseRequest.getDescriptor().getFile().getServices().getFirst().getMethods();
  private static final List<String> WORDS =
      List.of(
          "",
          "cash",
          "sender",
          "inventory",
          "100",
          "0",
          "-1",
          "007",
          "1e9",
          "9".repeat(77),
          "9".repeat(78),
          "9".repeat(200),
          "x".repeat(1_024),
          "x".repeat(1_025),
          "a b",
          "a\nb",
          "\u0000",
          "\u00e9\ud83d\ude00",
          "../..",
          "%",
          "{}",
          "\"",
          "\\",
          "sql",
          "null");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "60",
          "-1",
          "2147483647",
          "2147483648",
          "4294967295",
          "4294967296",
          "31622400",
          "31622401",
          "9007199254740993",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "4102444800000",
          "1.5",
          "1e3",
          "\"7\"",
          "NaN",
          "true",
          "null");

  private final long seed = Long.getLong("odap.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void anyOrderIsDoneOrRefused(@TempDir Path folder) throws Exception {
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    var root =
        ((LoggerContext) LoggerFactory.getILoggerFactory())
            .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(said);
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    TlsMaterial own = TlsMaterial.load(pki.issue(GATEWAY, "gateway", List.of()));
    TlsMaterial operator =
        TlsMaterial.load(pki.issue(new Identity(Replica.OPERATOR), "operator", List.of()));
    FakeLogService logs = new FakeLogService();
    Replica replica = new Replica("replica-1", logs);
    RpcServer rpc =
        RpcServer.builder(
                RpcServerConfig.loopback(
                    List.of(
                        new CallerRule(
                            Replica.OPERATOR, List.of(OperationServiceGrpc.SERVICE_NAME)))),
                own)
            .service(
                new OperationEndpoint(
                    replica.operations, replica.history, List::of, () -> {}, Clock.systemUTC()))
            .build();
    JsonEdge edge = new JsonEdge(EdgeConfig.loopback(), "fuzz", own, rpc.calls());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(
        new KeyManager[] {operator.keyManager()},
        new TrustManager[] {operator.trustManagerFor(GATEWAY)},
        null);
    rpc.start();
    edge.start();
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      String origin = "https://localhost:" + edge.port();
      int done = 0;
      for (int i = 0; i < REQUESTS; i++) {
        HttpRequest request = request(origin);
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode())
            .as("seed %d, request %d: %s: %s", seed, i, request.uri(), answer.body())
            .satisfiesAnyOf(
                status -> assertThat(status).isEqualTo(200),
                status -> assertThat(status).isBetween(400, 499));
        done += answer.statusCode() == 200 ? 1 : 0;
      }
      System.out.println("orders: " + REQUESTS + ", done " + done + ", seed " + seed);
      assertThat(done).isGreaterThan(REQUESTS / 20).isLessThan(REQUESTS);
      HttpResponse<String> status =
          client.send(
              HttpRequest.newBuilder(URI.create(origin + "/odap/v1/operations")).build(),
              BodyHandlers.ofString());
      assertThat(status.statusCode()).isEqualTo(200);
    } finally {
      edge.stop(Duration.ofSeconds(5));
      rpc.stop(Duration.ofSeconds(5));
      replica.close();
      logs.close();
      root.detachAppender(said);
    }
    assertThat(said.list)
        .isNotEmpty()
        .noneMatch(event -> (event + " " + event.getKeyValuePairs()).contains(SECRET));
  }

  private HttpRequest request(String origin) {
    MethodDescriptor method = METHODS.get(random.nextInt(METHODS.size()));
    String path =
        "/odap/v1/operations"
            + switch (method.getName()) {
              case "GetOperations" -> "";
              case "EnterMaintenance" -> "/maintenance";
              case "SetLimit" -> "/limits";
              case "RemoveLimit" ->
                  "/limits/" + encoded(oneOf(List.of("cash", "a b", "..."))) + "/removal";
              case "PostAgain" -> "/post-again";
              default -> "/" + method.getName().toLowerCase(Locale.ROOT);
            };
    boolean isGet = method.getName().equals("GetOperations") || random.nextBoolean();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(origin + path + (isGet ? query(method.getInputType()) : "")))
            .header("X-Api-Key", SECRET)
            .timeout(Duration.ofSeconds(20));
    if (random.nextInt(10) == 0) {
      // There are no issuers here: it proves nothing, and is nobody's business.
      request.header("Authorization", "Bearer " + SECRET);
    }
    if (!isGet) {
      String body = object(method.getInputType(), 0);
      request
          .header("Content-Type", "application/json")
          .POST(
              BodyPublishers.ofString(
                  random.nextInt(10) == 0
                      ? body.substring(0, random.nextInt(body.length()))
                      : body));
    }
    return request.build();
  }

  private String query(Descriptor type) {
    List<String> parameters = new ArrayList<>();
    parameters(type, "", parameters);
    return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
  }

  private void parameters(Descriptor type, String before, List<String> parameters) {
    for (FieldDescriptor field : type.getFields()) {
      String name = before + field.getJsonName();
      if (field.getName().equals("name") && before.isEmpty()) {
        continue;
      }
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        if (random.nextInt(3) > 0) {
          parameters(field.getMessageType(), name + ".", parameters);
        }
      } else if (isGiven(field)) {
        parameters.add(name + "=" + encoded(value(field).replace("\"", "")));
      }
    }
  }

  private String object(Descriptor type, int depth) {
    List<String> members = new ArrayList<>();
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        if (random.nextInt(4) > 0 && depth < 4) {
          members.add(
              quoted(field.getJsonName()) + ":" + object(field.getMessageType(), depth + 1));
        }
      } else if (isGiven(field)) {
        boolean isText = field.getJavaType() == FieldDescriptor.JavaType.STRING;
        members.add(
            quoted(field.getJsonName()) + ":" + (isText ? quoted(value(field)) : value(field)));
      }
    }
    return "{" + String.join(",", members) + "}";
  }

  /** Without a key nothing else is looked at. */
  private boolean isGiven(FieldDescriptor field) {
    return random.nextInt(field.getName().matches("request_id|reason|name") ? 20 : 3) > 0;
  }

  private String value(FieldDescriptor field) {
    return switch (field.getName()) {
      case "request_id" -> "key-" + random.nextInt(KEYS);
      case "reason", "name" -> random.nextInt(4) > 0 ? "cash" : oneOf(WORDS);
      default ->
          switch (field.getJavaType()) {
            case STRING -> oneOf(WORDS);
            case BOOLEAN -> oneOf(List.of("true", "false", "1"));
            default -> oneOf(NUMBERS);
          };
    };
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars()
        .forEach(one ->
            json.append(
                one < 0x20 || one == '"' || one == '\\'
                    ? String.format("\\u%04x", one)
                    : Character.toString(one)));
    return json.append('"').toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String oneOf(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
