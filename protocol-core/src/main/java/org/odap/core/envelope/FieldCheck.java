package org.odap.core.envelope;

import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.refusal.Refusal;

/** Holds a message, and the messages in it, against {@link FieldRules}. */
final class FieldCheck {
  private static final int SHOWN = 64;

  private FieldCheck() {}

  /** The first field that must be given and is not. */
  static Optional<Refusal> missing(Message message, String path) {
    for (FieldRules.Bound bound : FieldRules.of(message.getDescriptorForType())) {
      FieldReader field = bound.field();
      if (bound.rule().required() && !field.isGiven(message)) {
        return Optional.of(
            new Refusal(
                ErrorReason.ERROR_REASON_FIELD_MISSING,
                path + field.jsonName(),
                "required, but not given"));
      }
      Optional<Refusal> inner = eachNested(message, bound, path, FieldCheck::missing);
      if (inner.isPresent()) {
        return inner;
      }
    }
    return Optional.empty();
  }

  /** The first field whose value is malformed or out of bounds. */
  static Optional<Refusal> malformed(Message message, String path) {
    for (FieldRules.Bound bound : FieldRules.of(message.getDescriptorForType())) {
      FieldReader field = bound.field();
      if (field.isGiven(message)) {
        Optional<Refusal> refusal =
            field.isRepeated()
                ? malformedElement(bound, message, path)
                : malformedValue(bound, field.value(message), path + field.jsonName());
        refusal = refusal.or(() -> eachNested(message, bound, path, FieldCheck::malformed));
        if (refusal.isPresent()) {
          return refusal;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> malformedElement(
      FieldRules.Bound bound, Message message, String path) {
    FieldReader field = bound.field();
    String name = path + field.jsonName();
    List<?> elements = (List<?>) field.value(message);
    int count = elements.size();
    if (count > bound.rule().maxCount()) {
      return invalid(name, count + " elements (expected: at most " + bound.rule().maxCount() + ")");
    }
    for (int i = 0; i < count; i++) {
      Object element = elements.get(i);
      Optional<Refusal> refusal =
          field.isMap()
              ? malformedEntry(bound, (MapEntry<?, ?>) element, name)
              : malformedValue(bound, element, name + "[" + i + "]");
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> malformedEntry(
      FieldRules.Bound bound, MapEntry<?, ?> entry, String name) {
    String key = (String) entry.getKey();
    int maxLength = bound.rule().maxKeyLength();
    if (!Form.isKey(key, maxLength)) {
      return invalid(
          name, "key: " + shown(key) + " (expected: at most " + maxLength + " characters)");
    }
    return malformedValue(bound, entry.getValue(), name + "[" + key + "]");
  }

  private static Optional<Refusal> malformedValue(
      FieldRules.Bound bound, Object value, String name) {
    Form form = bound.rule().form();
    return form.fits().test(value)
        ? Optional.empty()
        : invalid(name, shown(value) + " (expected: " + form.expected() + ")");
  }

  private static Optional<Refusal> eachNested(
      Message message, FieldRules.Bound bound, String path, Check check) {
    FieldReader field = bound.field();
    if (!bound.nested() || !field.isGiven(message)) {
      return Optional.empty();
    }
    if (!field.isRepeated()) {
      return check.of((Message) field.value(message), path + field.jsonName() + ".");
    }
    List<?> elements = (List<?>) field.value(message);
    for (int i = 0; i < elements.size(); i++) {
      Optional<Refusal> refusal =
          check.of((Message) elements.get(i), path + field.jsonName() + "[" + i + "].");
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> invalid(String name, String description) {
    return Optional.of(new Refusal(ErrorReason.ERROR_REASON_FIELD_INVALID, name, description));
  }

  /** The value, as much of it as helps, without what would break a line. */
  private static String shown(Object value) {
    String text = value.toString();
    String start = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  /** One of the two checks, for the messages inside a message. */
  private interface Check {
    Optional<Refusal> of(Message message, String path);
  }
}
