package org.odap.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_MISSING;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_MESSAGE_TYPE_WRONG;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.core.refusal.Refusal;

/** The table of fields says what the comments in the schemas say, and is obeyed. */
class FieldRulesTest {
  /** Required, yet empty or false can be the right value. */
  private static final Set<String> MAY_BE_DEFAULT =
      Set.of(
          "odap.peer.v1.RecoverSuccess.success",
          "odap.peer.v1.InitializationResponse.lock_claim_format");

  /** Longer than any bound, and not so long that the message as a whole is too large. */
  private static final int TOO_LONG = 300_000;

  private static final int TOO_MANY = 1_025;

  @ParameterizedTest
  @MethodSource("requiredPlaces")
  @Tag("ODAP-1")
  @Tag("ODAP-19")
  void aRequiredFieldIsRefusedWhenMissing(Place place) {
    OdapMessage message = place.with(builder -> builder.clearField(place.field()));
    assertThat(MessageCheck.structure(message))
        .get()
        .extracting(Refusal::reason, Refusal::field)
        .containsExactly(ERROR_REASON_FIELD_MISSING, place.path());
  }

  @ParameterizedTest
  @MethodSource("optionalPlaces")
  void aFieldThatIsNotRequiredIsNotMissed(Place place) {
    OdapMessage message = place.with(builder -> builder.clearField(place.field()));
    assertThat(FieldCheck.missing(message.protobuf(), "")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("placesWithLength")
  @Tag("ODAP-1")
  void textIsTakenUpToTheBoundInTheSchemaOnly(Place place) {
    int bound = SchemaComments.maxLength(place.field()).orElseThrow();
    assertThat(refusalOf(place, text(place, bound))).isEmpty();
    assertThat(refusalOf(place, text(place, bound + 1)))
        .get()
        .extracting(Refusal::reason)
        .isEqualTo(ERROR_REASON_FIELD_INVALID);
  }

  @ParameterizedTest
  @MethodSource("placesWithCount")
  @Tag("ODAP-1")
  void listsAndMapsAreTakenUpToTheBoundInTheSchemaOnly(Place place) {
    int bound = SchemaComments.maxCount(place.field()).orElseThrow();
    assertThat(refusalOf(place, elements(place, bound))).isEmpty();
    assertThat(refusalOf(place, elements(place, bound + 1)))
        .get()
        .extracting(Refusal::reason, Refusal::field)
        .containsExactly(ERROR_REASON_FIELD_INVALID, place.path());
  }

  @ParameterizedTest
  @MethodSource("texts")
  void noTextIsWithoutABound(Place place) {
    assertThat(MessageCheck.structure(place.with(text(place, TOO_LONG))))
        .get()
        .extracting(Refusal::reason)
        .isIn(ERROR_REASON_FIELD_INVALID, ERROR_REASON_MESSAGE_TYPE_WRONG);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void theSchemaSaysWhatEachTextLooksLike(Place place) {
    assertThat(SchemaComments.of(place.field()))
        .containsPattern("at most [0-9]|SHA-256|SPKI DER|UUID|uint256|RFC 3339|ES256|ISO 3166|\"");
  }

  @ParameterizedTest
  @MethodSource("lists")
  void theSchemaSaysHowLongEachListMayBe(Place place) {
    assertThat(SchemaComments.maxCount(place.field())).isPresent();
  }

  @ParameterizedTest
  @MethodSource("lists")
  void noListIsWithoutABound(Place place) {
    assertThat(MessageCheck.structure(place.with(elements(place, TOO_MANY))))
        .get()
        .extracting(Refusal::reason, Refusal::field)
        .containsExactly(ERROR_REASON_FIELD_INVALID, place.path());
  }

  @ParameterizedTest
  @MethodSource("enums")
  void aValueWithoutANameIsRefused(Place place) {
    var unnamed = place.field().getEnumType().findValueByNumberCreatingIfUnknown(4_711);
    OdapMessage message = place.with(builder -> builder.setField(place.field(), unnamed));
    assertThat(MessageCheck.structure(message)).isPresent();
    assertThat(FieldCheck.malformed(message.protobuf(), ""))
        .get()
        .extracting(Refusal::reason, Refusal::field)
        .containsExactly(ERROR_REASON_FIELD_INVALID, place.path());
  }

  @Test
  void theExamplesShowEveryField() {
    Set<String> notShown =
        Set.of(
            // Excluded by the kind of asset, by the escrow type, by being the first round.
            "odap.common.v1.Asset.amount",
            "odap.common.v1.AssetProfile.decimals",
            "odap.peer.v1.InitializationRequest.hashlock",
            "odap.peer.v1.InitializationRequest.hash_prev_message",
            "odap.peer.v1.InitializationRequest.multiple_claims_allowed",
            // Signed by an issuer, for which the examples have no key.
            "odap.common.v1.AssetProfile.issuer_signature",
            // Zero, empty or false in all that is written today.
            "odap.common.v1.Version.minor",
            "odap.common.v1.Envelope.credential_block",
            "odap.common.v1.Envelope.payload",
            "odap.log.v1.LogEntry.ignorable");
    assertThat(
            Place.all()
                .map(place -> place.field().getFullName())
                .distinct()
                .filter(name -> !notShown.contains(name)))
        .allSatisfy(name ->
            assertThat(Place.all())
                .anyMatch(place -> place.field().getFullName().equals(name) && place.isGiven()));
  }

  static Stream<Place> requiredPlaces() {
    return Place.all().filter(place -> isRequired(place.field()) && place.isGiven());
  }

  static Stream<Place> optionalPlaces() {
    return Place.all().filter(place -> !isRequired(place.field()) && place.isGiven());
  }

  static Stream<Place> placesWithLength() {
    return texts().filter(place -> SchemaComments.maxLength(place.field()).isPresent());
  }

  static Stream<Place> placesWithCount() {
    return lists().filter(place -> SchemaComments.maxCount(place.field()).isPresent());
  }

  static Stream<Place> texts() {
    return Place.all()
        .filter(place -> place.isGiven() && place.field().getJavaType() == JavaType.STRING);
  }

  static Stream<Place> lists() {
    return Place.all().filter(place -> place.isGiven() && place.field().isRepeated());
  }

  static Stream<Place> enums() {
    return Place.all()
        .filter(place -> place.field().getJavaType() == JavaType.ENUM && place.isGiven());
  }

  private static boolean isRequired(FieldDescriptor field) {
    return !MAY_BE_DEFAULT.contains(field.getFullName())
        && (SchemaComments.isRequired(field)
            // Required in a claim and in a proposal, which is where assets stand between gateways.
            || field.getFullName().equals("odap.common.v1.Asset.asset_class")
            || field.getFullName().equals("odap.common.v1.PayloadProfile.asset_profile_id"));
  }

  /** What the table says of a changed place; other checks have tests of their own. */
  private static Optional<Refusal> refusalOf(Place place, Consumer<Message.Builder> change) {
    return FieldCheck.malformed(place.with(change).protobuf(), "");
  }

  /** The example's value, lengthened; digits fit the forms that have a bound. */
  private static Consumer<Message.Builder> text(Place place, int length) {
    FieldDescriptor field = place.field();
    if (field.isRepeated()) {
      String value = (String) place.holder().getRepeatedField(field, 0);
      return builder -> builder.setRepeatedField(field, 0, lengthened(value, length));
    }
    String value = (String) place.holder().getField(field);
    return builder -> builder.setField(field, lengthened(value, length));
  }

  private static String lengthened(String value, int length) {
    return value + "1".repeat(length - value.length());
  }

  private static Consumer<Message.Builder> elements(Place place, int count) {
    FieldDescriptor field = place.field();
    Object first = place.holder().getRepeatedField(field, 0);
    return builder -> {
      builder.clearField(field);
      for (int i = 0; i < count; i++) {
        builder.addRepeatedField(field, field.isMapField() ? entry((Message) first, i) : first);
      }
    };
  }

  private static Message entry(Message first, int i) {
    FieldDescriptor key = first.getDescriptorForType().findFieldByName("key");
    return first.toBuilder().setField(key, "X-" + i).build();
  }
}
