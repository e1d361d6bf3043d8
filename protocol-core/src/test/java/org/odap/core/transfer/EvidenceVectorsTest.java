package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.core.envelope.PlainJson;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.core.evidence.JsonPatch;
import org.odap.core.evidence.Trust;
import org.odap.core.session.Role;

/**
 * The evidence in docs/test-vectors: true bundles, and lies as changes to them, each with what is
 * found. Whoever writes another verifier holds it against the same files. {@code
 * -Dodap.rewrite=true} writes them anew.
 */
@Tag("ARCH-6")
@Tag("CARD-2")
class EvidenceVectorsTest {
  private static final Path FOLDER = Golden.root().resolve("docs/test-vectors/evidence");
  private static final boolean REWRITE = Boolean.getBoolean("odap.rewrite");
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  @BeforeAll
  static void theFilesAreWhatTheCodeMakes() throws IOException {
    JsonObject ends = new JsonObject();
    for (var bundle : EvidenceBases.all().entrySet()) {
      JsonObject made = PlainJson.of(bundle.getValue());
      assertThat(stored(bundle.getKey(), made)).isEqualTo(made);
      ends.addProperty(bundle.getKey(), verify(bundle.getValue()).outcome().end().name());
    }
    assertThat(stored("ends", ends)).isEqualTo(ends);
    JsonObject trust = new JsonObject();
    for (Role role : Role.values()) {
      trust.addProperty(organization(role), EvidenceBases.entityPem(role));
    }
    assertThat(stored("trust", trust)).isEqualTo(trust);
    JsonArray lies = new JsonArray();
    for (EvidenceLies.Lie lie : EvidenceLies.all()) {
      lies.add(vector(lie));
    }
    assertThat(stored("broken", lies)).isEqualTo(lies);
  }

  static Stream<String> names() throws IOException {
    return EvidenceBases.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void trueEvidenceHolds(String name) throws IOException {
    EvidenceReport report = verify(parse(read(name)));

    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end().name())
        .isEqualTo(read("ends").getAsJsonObject().get(name).getAsString());
  }

  static Stream<EvidenceLies.Lie> lies() throws IOException {
    return EvidenceLies.all().stream();
  }

  @ParameterizedTest
  @MethodSource("lies")
  void eachLieIsFound(EvidenceLies.Lie lie) throws IOException {
    JsonObject vector = find(lie.name());
    JsonElement broken = JsonPatch.apply(read(lie.of()), vector.getAsJsonArray("patch"));
    EvidenceBundle bundle;
    try {
      bundle = parse(broken);
    } catch (InvalidProtocolBufferException unknown) {
      assertThat(lie.found()).isEqualTo(EvidenceLies.NOT_READ);
      return;
    }
    JsonObject finding = vector.getAsJsonObject("finding");
    assertThat(verify(bundle).findings())
        .anySatisfy(found -> {
          assertThat(found.log()).isEqualTo(finding.get("log").getAsString());
          assertThat(found.what()).contains(lie.found());
        });
  }

  @Test
  void thereAreEnoughLies() throws IOException {
    assertThat(read("broken").getAsJsonArray()).hasSizeGreaterThan(40);
  }

  private static JsonObject find(String name) throws IOException {
    for (JsonElement vector : read("broken").getAsJsonArray()) {
      if (vector.getAsJsonObject().get("name").getAsString().equals(name)) {
        return vector.getAsJsonObject();
      }
    }
    throw new AssertionError("no vector " + name);
  }

  private static JsonObject vector(EvidenceLies.Lie lie) throws IOException {
    JsonObject vector = new JsonObject();
    vector.addProperty("name", lie.name());
    vector.addProperty("of", lie.of());
    JsonObject finding = new JsonObject();
    finding.addProperty("rule", lie.rule());
    finding.addProperty("log", lie.log());
    vector.add("finding", finding);
    vector.add("patch", JsonPatch.between(lie.before(), lie.after()));
    return vector;
  }

  private static EvidenceReport verify(EvidenceBundle bundle) {
    return EvidenceVerifier.verify(
        bundle,
        Trust.byOrganization(
            Map.of(
                organization(Role.SENDER), List.of(EvidenceBases.SENDERS.certificate()),
                organization(Role.RECIPIENT), List.of(EvidenceBases.RECIPIENTS.certificate()))));
  }

  private static String organization(Role role) {
    return java.net.URI.create(EvidenceBases.gateway(role)).getAuthority();
  }

  private static EvidenceBundle parse(JsonElement json) throws InvalidProtocolBufferException {
    EvidenceBundle.Builder bundle = EvidenceBundle.newBuilder();
    PlainJson.merge(json, bundle);
    return bundle.build();
  }

  private static JsonElement stored(String name, JsonElement made) throws IOException {
    if (REWRITE) {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve(name + ".json"), GSON.toJson(made) + "\n");
    }
    return read(name);
  }

  private static JsonElement read(String name) throws IOException {
    return JsonParser.parseString(Files.readString(FOLDER.resolve(name + ".json")));
  }
}
