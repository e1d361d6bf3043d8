package org.odap.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.log.v1.LogPayload;

@Tag("ODAP-1")
class CanonicalJsonTest {
  private static final int MESSAGES_A_TYPE = 40;

  /** RFC 8785 3.2.3: members are sorted by UTF-16 code units, not by code points. */
  @Test
  void membersAreSortedAsInTheRfcsExample() {
    ApplicationProfile profile =
        ApplicationProfile.newBuilder()
            .putParameters("\u20ac", "Euro Sign")
            .putParameters("\r", "Carriage Return")
            .putParameters("\ufb33", "Hebrew Letter Dalet With Dagesh")
            .putParameters("1", "One")
            .putParameters("\ud83d\ude00", "Emoji: Grinning Face")
            .putParameters("\u0080", "Control")
            .putParameters("\u00f6", "Latin Small Letter O With Diaeresis")
            .build();
    assertThat(json(profile))
        .isEqualTo(
            "{\"parameters\":{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}}");
  }

  /** RFC 8785 3.2.2.2, with the string of its 3.2.2. */
  @Test
  void textIsEscapedAsInTheRfcsExample() {
    String text = "\u20ac$\u000f\nA'B\"\\\\\"/";
    assertThat(json(Asset.newBuilder().setAssetClass(text).build()))
        .isEqualTo("{\"asset_class\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    assertThat(json(Asset.newBuilder().setAssetClass("\b\t\f\u0000\u001f\u007f\u2028").build()))
        .isEqualTo("{\"asset_class\":\"\\b\\t\\f\\u0000\\u001f\u007f\u2028\"}");
  }

  @Test
  void numbersAndDefaultsAreThoseOfTheProtobufMapping() {
    assertThat(json(Finality.getDefaultInstance())).isEqualTo("{}");
    assertThat(
            json(
                LedgerClaim.newBuilder()
                    .setLockExpiry(Long.MIN_VALUE)
                    .setBlockNumber(-1)
                    .setFinality(Finality.newBuilder().setNodesAsked(-1).setFinal(true))
                    .build()))
        .isEqualTo(
            "{\"block_number\":\"18446744073709551615\",\"finality\":{\"final\":true,"
                + "\"nodes_asked\":4294967295},\"lock_expiry\":\"-9223372036854775808\"}");
    assertThat(json(Asset.newBuilder().setKindValue(77).build())).isEqualTo("{\"kind\":77}");
    assertThat(json(Asset.newBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE).build()))
        .isEqualTo("{\"kind\":\"ASSET_KIND_UNIQUE\"}");
  }

  @Test
  void contentOfAnyStandsBesideItsType() {
    Asset asset = Asset.newBuilder().setAmount("1").build();
    assertThat(json(LogPayload.newBuilder().setContent(Any.pack(asset)).build()))
        .isEqualTo(
            "{\"content\":{\"@type\":\"type.googleapis.com/odap.common.v1.Asset\",\"amount\":\"1\"}}");
    assertThat(json(LogPayload.newBuilder().setContent(Any.getDefaultInstance()).build()))
        .isEqualTo("{\"content\":{}}");
  }

  @Test
  void whatHasNoCanonicalFormIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.of(Asset.newBuilder().setAmount("\ud83d").build()))
        .withMessageContaining("lone surrogate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.of(Asset.newBuilder().setAmount("a\ude00b").build()))
        .withMessageContaining("lone surrogate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.of(Any.pack(Timestamp.getDefaultInstance())))
        .withMessageContaining("unknown type");
    Any malformed =
        Any.newBuilder()
            .setTypeUrl("type.googleapis.com/odap.common.v1.Asset")
            .setValue(ByteString.copyFromUtf8("no protobuf"))
            .build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.of(malformed))
        .withMessageContaining("malformed");
  }

  /** The same bytes come out of protobuf's own JSON, parsed, sorted and written by other code. */
  @ParameterizedTest
  @MethodSource("types")
  void randomMessagesAgreeWithAnIndependentCanonicalization(Descriptor type)
      throws InvalidProtocolBufferException {
    JsonFormat.Printer printer =
        JsonFormat.printer().usingTypeRegistry(typeRegistry()).omittingInsignificantWhitespace();
    for (int seed = 0; seed < MESSAGES_A_TYPE; seed++) {
      Message message = new RandomMessages(seed).of(type);
      String expected = canonical(JsonParser.parseString(printer.print(message)));
      assertThat(json(message)).as("seed %s", seed).isEqualTo(expected);
      assertThat(json(ofItsClass(message))).as("seed %s", seed).isEqualTo(expected);
    }
  }

  /** The message as those that are sent are: not dynamic. */
  private static Message ofItsClass(Message dynamic) throws InvalidProtocolBufferException {
    Optional<Message> prototype = OdapTypes.prototype(dynamic.getDescriptorForType());
    return prototype.isPresent()
        ? prototype.get().getParserForType().parseFrom(dynamic.toByteString())
        : dynamic;
  }

  static Stream<Descriptor> types() {
    return Stream.concat(
            Stream.of(NegotiateCredentialsRequest.getDescriptor(), Envelope.getDescriptor()),
            OdapTypes.all().filter(type -> !type.getOptions().getMapEntry()))
        .distinct()
        .sorted((a, b) -> a.getFullName().compareTo(b.getFullName()));
  }

  private static JsonFormat.TypeRegistry typeRegistry() {
    return JsonFormat.TypeRegistry.newBuilder().add(OdapTypes.all().toList()).build();
  }

  private static String json(Message message) {
    return new String(CanonicalJson.of(message), UTF_8);
  }

  private static String canonical(JsonElement element) {
    if (element instanceof JsonObject object) {
      TreeMap<String, String> members = new TreeMap<>();
      object.entrySet().forEach(e -> members.put(e.getKey(), canonical(e.getValue())));
      List<String> written =
          members.entrySet().stream().map(e -> quoted(e.getKey()) + ":" + e.getValue()).toList();
      return "{" + String.join(",", written) + "}";
    }
    if (element instanceof JsonArray array) {
      return "[" + String.join(",", array.asList().stream().map(e -> canonical(e)).toList()) + "]";
    }
    return element.getAsJsonPrimitive().isString()
        ? quoted(element.getAsString())
        : element.getAsString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          int shortForm = "\b\t\n\f\r\"\\".indexOf(c);
          if (shortForm >= 0) {
            quoted.append('\\').append("btnfr\"\\".charAt(shortForm));
          } else if (c < 0x20) {
            quoted.append(String.format("\\u%04x", c));
          } else {
            quoted.appendCodePoint(c);
          }
        });
    return quoted.append('"').toString();
  }
}
