package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.it.system.Directory;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.runtime.rpc.RpcTarget;

/**
 * The published contracts against running services: every address in them answers, and every answer
 * fits its schema, whatever it is asked.
 */
@ExtendWith(SharedSystem.class)
class ContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PUBLISHED = Path.of(System.getProperty("odap.root"), "docs/openapi");

  /**
   * Where something else is refused first: entries before the epoch they come under, and by their
   * schema's name; an asset only once its profile is known; an envelope before what it carries.
   */
  private static final Set<String> OTHERS_FIRST =
      Set.of(
          "post /odap/v1/transfers without asset",
          "post /odap/v1/actions without requestId",
          "post /odap/v1/actions without action",
          "post /odap/v1/negotiation without credentialSchemes",
          "post /odap/v1/logs/{log_id}/entries without epoch",
          "post /odap/v1/logs/{log_id}/update without epoch",
          "post /saveLogEntry without epoch",
          "post /updateLog without epoch",
          "post /updateLog without log_entries");

  private static final int SPOILED_EACH = 40;
  private static final int INTERNAL = 500;

  private final Random random = new Random(Long.getLong("odap.seed", System.nanoTime()));
  private int answered;
  private int good;

  @Test
  @Tag("CARD-4")
  @Tag("ODAP-18")
  void aGatewayKeepsItsContract(StorySystem system) throws Exception {
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();
    journey.assertUnitsArrived();
    RpcTarget edge = system.alpha().gatewayEdge(0);
    HttpClient client = system.alpha().http("odapclient", "treasury", edge);

    walk(client, edge, "gateway.json", Map.of("transfer_id", journey.id()));

    HttpResponse<String> watch =
        client.send(
            HttpRequest.newBuilder(address(edge, "/odap/v1/transfers/" + journey.id() + "/events"))
                .build(),
            BodyHandlers.ofString());
    assertThat(watch.body()).startsWith("id: 1\ndata: {").endsWith("event: end\ndata: {}\n\n");
    assertThat(good).isGreaterThanOrEqualTo(8);
  }

  @Test
  @Tag("CARD-4")
  @Tag("2PC-4")
  void aLogServiceKeepsItsContract(StorySystem system) throws Exception {
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();
    journey.assertUnitsArrived();
    RpcTarget edge = system.alpha().logEdge();

    walk(
        system.alpha().http("odapgw", "gateway-1", edge),
        edge,
        "log.json",
        Map.of("log_id", journey.id() + "/sender", "index", "1", "id", "1", "epoch", "999999"));

    assertThat(good).isGreaterThanOrEqualTo(14);
  }

  @Test
  @Tag("CARD-4")
  @Tag("ODAP-21")
  void aResourceServiceKeepsItsContract(StorySystem system) throws Exception {
    RpcTarget edge = system.alpha().resourceEdge();

    walk(
        system.alpha().http("odapclient", "treasury", edge),
        edge,
        "resource.json",
        Map.of(
            "vasp_id",
            "beta.example",
            "beneficiary_id",
            Directory.BENEFICIARY,
            "transfer_id",
            UUID.randomUUID().toString(),
            "payload",
            "eyJhbGciOiJFQ0RILUVTIn0..aXY.Y2lwaGVy.dGFn"));

    assertThat(good).isGreaterThanOrEqualTo(8);
  }

  private void walk(HttpClient client, RpcTarget edge, String file, Map<String, String> values)
      throws IOException, InterruptedException {
    HttpResponse<String> served =
        client.send(
            HttpRequest.newBuilder(address(edge, "/openapi.json")).build(),
            BodyHandlers.ofString());
    assertThat(served.body()).isEqualTo(Files.readString(PUBLISHED.resolve(file)));
    JsonNode contract = JSON.readTree(served.body());
    List<String> mistakes = new ArrayList<>();
    for (var path : contract.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        Operation one =
            new Operation(contract, path.getKey(), operation.getKey(), operation.getValue());
        mistakes.addAll(ask(client, edge, one, values, false));
        for (int i = 0; i < SPOILED_EACH; i++) {
          mistakes.addAll(ask(client, edge, one, values, true));
        }
      }
    }
    System.out.println(file + ": " + answered + " answers, " + good + " of them good");
    assertThat(mistakes).isEmpty();
    assertThat(notMissed(client, edge, contract, values)).isEmpty();
  }

  /**
   * Leaves out each required field once; gives those that were not missed. What gateways ask of
   * each other is refused to clients before; the rules on it have a test of their own.
   */
  private static List<String> notMissed(
      HttpClient client, RpcTarget edge, JsonNode contract, Map<String, String> values)
      throws IOException, InterruptedException {
    Incomplete incomplete = new Incomplete(contract, values);
    List<String> notMissed = new ArrayList<>();
    int asked = 0;
    for (var path : contract.get("paths").properties()) {
      JsonNode post = path.getValue().path("post");
      if (post.isMissingNode() || post.at("/tags/0").asText().equals("PeerService")) {
        continue;
      }
      Operation operation = new Operation(contract, path.getKey(), "post", post);
      JsonNode schema = post.at("/requestBody/content/application~1json/schema");
      for (Incomplete.Body body : incomplete.bodies(schema)) {
        HttpResponse<String> response =
            client.send(
                HttpRequest.newBuilder(address(edge, target(operation, values)))
                    .header("Content-Type", "application/json")
                    .header("Request-Timeout", "5")
                    .POST(BodyPublishers.ofString(body.json().toString()))
                    .build(),
                BodyHandlers.ofString());
        asked++;
        String which = operation + " without " + body.without();
        if (!OTHERS_FIRST.contains(which) && !isMissed(response, body.without())) {
          notMissed.add(which + ": " + response.statusCode() + " " + response.body());
        }
      }
    }
    System.out.println(asked + " requests, each without one required field");
    assertThat(asked).isPositive();
    return notMissed;
  }

  /** Told by its path, or, of a message, by that of a field in it. */
  private static boolean isMissed(HttpResponse<String> response, String field) throws IOException {
    JsonNode problem = JSON.readTree(response.body());
    return response.statusCode() == 400
        && (problem.path("errors").findValuesAsText("field").contains(field)
            || problem.path("detail").asText().startsWith(field + "."));
  }

  /** One method by one verb. */
  private record Operation(JsonNode contract, String path, String verb, JsonNode rule) {
    boolean isGet() {
      return verb.equals("get");
    }

    boolean isStream() {
      return rule.at("/responses/200/content").has("application/x-ndjson");
    }

    JsonNode answer() {
      return isStream()
          ? rule.at("/responses/200/content/application~1x-ndjson/schema")
          : rule.at("/responses/200/content/application~1json/schema");
    }

    JsonNode refusal() {
      return rule.at("/responses/default/content/application~1problem+json/schema");
    }

    @Override
    public String toString() {
      return verb + " " + path;
    }
  }

  private List<String> ask(
      HttpClient client,
      RpcTarget edge,
      Operation operation,
      Map<String, String> values,
      boolean spoiled)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                address(edge, target(operation, values) + query(operation, values, spoiled)))
            .header("Accept", operation.isStream() ? "application/x-ndjson" : "application/json")
            // A watch of leases has no end of its own.
            .header("Request-Timeout", "0.3")
            .timeout(Duration.ofSeconds(30));
    if (!operation.isGet()) {
      request
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(body(operation, values, spoiled)));
    }
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    answered++;
    return mistakes(operation, response);
  }

  private List<String> mistakes(Operation operation, HttpResponse<String> response)
      throws IOException {
    List<String> mistakes = new ArrayList<>();
    int status = response.statusCode();
    if (status == INTERNAL) {
      mistakes.add(operation + " broke: " + response.body());
    }
    if (status != 200) {
      mistakes.addAll(unfit(operation, operation.refusal(), response.body()));
      return mistakes;
    }
    good++;
    for (String part :
        operation.isStream() ? response.body().lines().toList() : List.of(response.body())) {
      // A stream's last line may be its end by the time we allow.
      if (!part.isEmpty() && !part.startsWith("{\"error\":")) {
        mistakes.addAll(unfit(operation, operation.answer(), part));
      }
    }
    return mistakes;
  }

  private static List<String> unfit(Operation operation, JsonNode rule, String json)
      throws IOException {
    ObjectNode schema = rule.deepCopy();
    schema.set("components", operation.contract().get("components"));
    JsonSchema checks =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    return checks.validate(JSON.readTree(json)).stream()
        .map(mistake -> operation + ": " + mistake.getMessage() + " in " + json)
        .toList();
  }

  private static URI address(RpcTarget edge, String target) {
    return URI.create("https://" + edge.address() + target);
  }

  private static String target(Operation operation, Map<String, String> values) {
    String target = operation.path();
    for (JsonNode parameter : operation.rule().get("parameters")) {
      if (parameter.get("in").asText().equals("path")) {
        String name = parameter.get("name").asText();
        target = target.replace("{" + name + "}", values.getOrDefault(name, "none"));
      }
    }
    return target;
  }

  private String query(Operation operation, Map<String, String> values, boolean spoiled) {
    StringBuilder query = new StringBuilder("?");
    if (operation.isGet()) {
      for (JsonNode parameter : operation.rule().get("parameters")) {
        String name = parameter.get("name").asText();
        boolean isInQuery = parameter.get("in").asText().equals("query");
        if (isInQuery && values.containsKey(name)) {
          query.append(name).append('=').append(values.get(name)).append('&');
        } else if (isInQuery && spoiled && random.nextBoolean()) {
          query.append(name).append('=').append(encoded(junk())).append('&');
        }
      }
      if (spoiled && random.nextInt(4) == 0) {
        query.append(encoded(junk())).append('=').append(encoded(junk())).append('&');
      }
    }
    return query.substring(0, query.length() - 1);
  }

  private String body(Operation operation, Map<String, String> values, boolean spoiled) {
    JsonNode schema = operation.rule().at("/requestBody/content/application~1json/schema");
    JsonNode properties =
        (schema.has("$ref")
                ? operation.contract().at(schema.get("$ref").asText().substring(1))
                : schema)
            .get("properties");
    ObjectNode body = JSON.createObjectNode();
    properties
        .properties()
        .forEach(property -> {
          String name = property.getKey();
          if (values.containsKey(name) && !operation.path().contains("{" + name + "}")) {
            body.put(name, values.get(name));
          } else if (spoiled && random.nextBoolean()) {
            body.set(name, junkNode(3));
          }
        });
    String text = body.toString();
    boolean isCut = spoiled && random.nextInt(5) == 0;
    return isCut ? text.substring(random.nextInt(text.length())) : text;
  }

  private JsonNode junkNode(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> JSON.getNodeFactory().numberNode(random.nextLong());
      case 1 -> JSON.getNodeFactory().booleanNode(true);
      case 2 -> JSON.getNodeFactory().nullNode();
      case 3 -> JSON.getNodeFactory().numberNode(random.nextInt(5));
      case 4 -> JSON.getNodeFactory().textNode(junk());
      case 5 -> JSON.createObjectNode().set(junk(), junkNode(depth - 1));
      default -> JSON.createArrayNode().add(junkNode(depth - 1));
    };
  }

  private String junk() {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "1";
      case 2 -> "{}";
      case 3 -> "{\"a\":[" + random.nextInt() + "]}";
      case 4 -> Long.toString(random.nextLong());
      default -> {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
          text.append((char) random.nextInt(0x300));
        }
        yield text.toString();
      }
    };
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
