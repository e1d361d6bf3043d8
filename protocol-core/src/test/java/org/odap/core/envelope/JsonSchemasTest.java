package org.odap.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.LegalStatus;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.RecoverUpdate;
import org.odap.core.refusal.Refusal;

/**
 * The JSON Schemas in docs/json-schemas are those of the messages, and examples obey them. {@code
 * -Dodap.rewrite=true} writes them anew.
 */
class JsonSchemasTest {
  private static final Path FOLDER = Path.of(System.getProperty("odap.root"), "docs/json-schemas");
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  @Test
  @Tag("2PC-2")
  @Tag("SD-3")
  void theSchemaOfLogEntriesIsPublished() throws IOException {
    JsonObject made = JsonSchema.of(LogEntry.getDescriptor(), "Log entry of an ODAP gateway");
    assertThat(stored("log-entry.schema.json", made)).isEqualTo(made);
    RecoverUpdate update = Messages.of(MessageType.RECOVER_UPDATE).as(RecoverUpdate.class);
    assertThat(update.getEntriesList())
        .isNotEmpty()
        .allSatisfy(entry -> assertThat(mistakes(made, json(entry))).isEmpty());
  }

  @Test
  @Tag("2PC-2")
  @Tag("SD-3")
  void aLogEntryThatBreaksOneRuleBreaksTheSchema() throws IOException {
    JsonObject schema = JsonParser.parseString(file("log-entry.schema.json")).getAsJsonObject();
    RecoverUpdate update = Messages.of(MessageType.RECOVER_UPDATE).as(RecoverUpdate.class);
    JsonObject entry = json(update.getEntries(0)).getAsJsonObject();
    for (String required : strings(schema.getAsJsonArray("required"))) {
      JsonObject broken = entry.deepCopy();
      broken.remove(required);
      assertThat(mistakes(schema, broken)).as("without %s", required).isNotEmpty();
    }
    for (String hash : List.of("payloadHash", "logEntryHash")) {
      JsonObject broken = entry.deepCopy();
      broken.addProperty(hash, "0".repeat(63) + "G");
      assertThat(mistakes(schema, broken)).as("wrong %s", hash).isNotEmpty();
    }
    JsonObject broken = entry.deepCopy();
    broken.addProperty("phaseId", "p4");
    assertThat(mistakes(schema, broken)).isNotEmpty();
  }

  @Test
  @Tag("SD-3")
  @Tag("ODAP-8")
  void theSchemaOfAssetProfilesIsPublished() throws IOException {
    JsonObject made = profileSchema();
    assertThat(stored("asset-profile.schema.json", made)).isEqualTo(made);
    for (AssetProfile profile : List.of(Messages.assetProfile(), FULL, least())) {
      assertThat(mistakes(made, json(profile))).isEmpty();
      assertThat(ProfileCheck.structure(profile)).isEmpty();
    }
  }

  /** Whoever writes a profile by the schema must not learn from a gateway that it is wrong. */
  @ParameterizedTest
  @MethodSource("broken")
  @Tag("SD-3")
  @Tag("ODAP-8")
  void aProfileThatBreaksOneRuleIsRefusedBySchemaAndReaderAlike(Broken broken) throws IOException {
    AssetProfile profile = broken.change().apply(FULL.toBuilder()).build();
    JsonObject schema = JsonParser.parseString(file("asset-profile.schema.json")).getAsJsonObject();

    assertThat(mistakes(schema, json(profile))).isNotEmpty();
    assertThat(ProfileCheck.structure(profile))
        .get()
        .extracting(Refusal::field)
        .isEqualTo(broken.field());
  }

  @Test
  @Tag("SD-3")
  void everyFieldOfProfilesIsBrokenOnce() {
    assertThat(broken().stream().map(one -> one.field().replaceAll("\\[.*", "")))
        .containsAll(
            AssetProfile.getDescriptor().getFields().stream()
                .map(FieldDescriptor::getJsonName)
                .toList());
  }

  /**
   * A profile with one thing wrong.
   *
   * @param field where the reader finds it
   */
  record Broken(String field, UnaryOperator<AssetProfile.Builder> change) {}

  static List<Broken> broken() {
    String tooLong = "1".repeat(300);
    String url = "https://issuer.example/";
    return List.of(
        new Broken("profile_id", profile -> profile.clearProfileId()),
        new Broken("profile_id", profile -> profile.setProfileId("no URI")),
        new Broken("profile_id", profile -> profile.setProfileId("urn:" + tooLong)),
        new Broken("profile_version", profile -> profile.clearProfileVersion()),
        new Broken("profile_version", profile -> profile.setProfileVersion("1.x")),
        new Broken("profile_version", profile -> profile.setProfileVersion("1".repeat(33))),
        new Broken("kind", profile -> profile.clearKind()),
        new Broken("issuer", profile -> profile.clearIssuer()),
        new Broken("issuer", profile -> profile.setIssuer(tooLong)),
        new Broken("issuer", profile -> profile.setIssuer("two\nlines")),
        new Broken("asset_code", profile -> profile.clearAssetCode()),
        new Broken("asset_code", profile -> profile.setAssetCode("1".repeat(65))),
        new Broken("asset_code_type", profile -> profile.setAssetCodeType("1".repeat(65))),
        new Broken("decimals", profile -> profile.setDecimals(37)),
        new Broken("decimals", profile -> profile.setKind(AssetKind.ASSET_KIND_UNIQUE)),
        new Broken("issuance_date", profile -> profile.setIssuanceDate("2020-13-01")),
        new Broken("expiration_date", profile -> profile.setExpirationDate("tomorrow")),
        new Broken(
            "verification_endpoint", profile -> profile.setVerificationEndpoint("ftp://x.example")),
        new Broken(
            "verification_endpoint",
            profile -> profile.setVerificationEndpoint(url + "1".repeat(2_048))),
        new Broken("prospectus_link", profile -> profile.setProspectusLink("issuer.example")),
        new Broken(
            "key_information_links[1]", profile -> profile.addKeyInformationLinks("no link")),
        new Broken(
            "key_information_links",
            profile -> profile.addAllKeyInformationLinks(Collections.nCopies(16, url))),
        new Broken("keywords", profile -> profile.addAllKeywords(Collections.nCopies(32, "x"))),
        new Broken("keywords[1]", profile -> profile.addKeywords("x".repeat(65))),
        new Broken(
            "transfer_restrictions[1]", profile -> profile.addTransferRestrictions("Germany")),
        new Broken(
            "transfer_restrictions",
            profile -> profile.addAllTransferRestrictions(Collections.nCopies(256, "XX"))),
        new Broken(
            "ledger_requirements[1]", profile -> profile.addLedgerRequirements("x".repeat(65))),
        new Broken(
            "ledger_requirements",
            profile -> profile.addAllLedgerRequirements(Collections.nCopies(32, "x"))),
        new Broken("legal_status", profile -> profile.setLegalStatusValue(4_711)),
        new Broken(
            "attributes[" + "k".repeat(64) + "]",
            profile -> profile.putAttributes("k".repeat(64), "v".repeat(4_097))),
        new Broken("attributes", profile -> profile.putAttributes("k".repeat(65), "v")),
        new Broken(
            "attributes",
            profile -> {
              for (int i = 0; i < 64; i++) {
                profile.putAttributes("k" + i, "v");
              }
              return profile;
            }),
        new Broken("issuer_signature", profile -> profile.setIssuerSignature("abc")));
  }

  /** Every member of a profile, within its bounds. */
  private static final AssetProfile FULL =
      AssetProfile.newBuilder()
          .setProfileId("urn:example:bond-2030")
          .setProfileVersion("1.2.3")
          .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
          .setIssuer("Example Issuer AG")
          .setAssetCode("XS0000000009")
          .setAssetCodeType("ISO 6166")
          .setDecimals(36)
          .setIssuanceDate("2024-02-29")
          .setExpirationDate("2030-12-31")
          .setVerificationEndpoint("https://issuer.example/verify?id=1")
          .setProspectusLink("https://issuer.example/prospectus.pdf")
          .addKeyInformationLinks("http://issuer.example/kid")
          .addKeywords("bond")
          .addTransferRestrictions("KP")
          .addLedgerRequirements("mint")
          .setLegalStatus(LegalStatus.LEGAL_STATUS_REGULATED)
          .putAttributes("coupon", "2.5 %\nyearly")
          .setIssuerSignature("A".repeat(86))
          .build();

  private static AssetProfile least() {
    return AssetProfile.newBuilder()
        .setProfileId("urn:x")
        .setProfileVersion("1")
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setIssuer("I")
        .setAssetCode("C")
        .build();
  }

  private static JsonObject profileSchema() {
    JsonObject schema = JsonSchema.of(AssetProfile.getDescriptor(), "ODAP asset profile");
    // What no single field says: only fungible assets have decimal places.
    schema.add(
        "if",
        JsonParser.parseString(
            """
            {"properties": {"kind": {"const": "ASSET_KIND_UNIQUE"}}}\
            """));
    schema.add(
        "then",
        JsonParser.parseString(
            """
            {"properties": {"decimals": {"const": 0}}}\
            """));
    return schema;
  }

  private static Set<ValidationMessage> mistakes(JsonObject schema, JsonElement value) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(schema.toString())
        .validate(value.toString(), InputFormat.JSON);
  }

  private static List<String> strings(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsString).toList();
  }

  private static JsonElement json(Message message) {
    JsonFormat.TypeRegistry types =
        JsonFormat.TypeRegistry.newBuilder().add(OdapTypes.all().toList()).build();
    try {
      return JsonParser.parseString(JsonFormat.printer().usingTypeRegistry(types).print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonElement stored(String name, JsonElement made) throws IOException {
    if (Boolean.getBoolean("odap.rewrite")) {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve(name), GSON.toJson(made) + "\n");
    }
    return JsonParser.parseString(file(name));
  }

  private static String file(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }
}
