package org.odap.edge;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Sets a message's fields from a query or a path: {@code a.b=1}; a repeated field by repetition; of
 * a repeated message the n-th by {@code a.0.b=1}, in their order; of a map by {@code a.key=1}; a
 * whole message by its JSON.
 *
 * <p>Mutable: the fields set so far. Used for one message.
 */
final class QueryReader {
  private final Message.Builder into;
  private final Set<String> seen = new HashSet<>();

  QueryReader(Message.Builder into) {
    this.into = into;
  }

  /** Sets what one parameter names. */
  void set(String name, String word) {
    if (name.isEmpty()) {
      throw Mistakes.malformed("a parameter without name");
    }
    set(into, name, "", word);
  }

  private void set(Message.Builder message, String rest, String before, String word) {
    int dot = rest.indexOf('.');
    String name = dot < 0 ? rest : rest.substring(0, dot);
    Optional<String> inside = dot < 0 ? Optional.empty() : Optional.of(rest.substring(dot + 1));
    FieldDescriptor field =
        FieldNames.find(message.getDescriptorForType(), name)
            .orElseThrow(() -> Mistakes.unknown(before + rest));
    String path = before + field.getJsonName();
    checkOneof(message, field, path);
    if (field.isMapField()) {
      entry(message, field, path, inside, word);
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      if (field.isRepeated()) {
        element(message, field, path, inside, word);
      } else {
        singular(message, field, path, inside, word);
      }
    } else if (inside.isPresent()) {
      throw Mistakes.unknown(before + rest);
    } else if (field.isRepeated()) {
      message.addRepeatedField(field, ScalarText.ofWord(field, word, path));
    } else {
      once(path);
      message.setField(field, ScalarText.ofWord(field, word, path));
    }
  }

  private static void checkOneof(Message.Builder message, FieldDescriptor field, String path) {
    OneofDescriptor oneof = field.getRealContainingOneof();
    if (oneof != null
        && message.hasOneof(oneof)
        && !field.equals(message.getOneofFieldDescriptor(oneof))) {
      throw Mistakes.invalid(
          path, "beside another of " + oneof.getName() + " (expected: one of them)");
    }
  }

  private void singular(
      Message.Builder message,
      FieldDescriptor field,
      String path,
      Optional<String> inside,
      String word) {
    if (inside.isPresent()) {
      if (seen.contains(path)) {
        throw Mistakes.doubled(path);
      }
      set(message.getFieldBuilder(field), inside.get(), path + ".", word);
      return;
    }
    if (message.hasField(field)) {
      throw Mistakes.doubled(path);
    }
    once(path);
    Message.Builder whole = message.newBuilderForField(field);
    JsonReader.read(word, whole, path);
    message.setField(field, whole.build());
  }

  private void element(
      Message.Builder message,
      FieldDescriptor field,
      String path,
      Optional<String> inside,
      String word) {
    if (inside.isEmpty()) {
      Message.Builder whole = message.newBuilderForField(field);
      JsonReader.read(word, whole, path + "[" + message.getRepeatedFieldCount(field) + "]");
      message.addRepeatedField(field, whole.build());
      return;
    }
    int dot = inside.get().indexOf('.');
    String number = dot < 0 ? inside.get() : inside.get().substring(0, dot);
    int count = message.getRepeatedFieldCount(field);
    if (dot < 0 || !number.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(number) > count) {
      throw Mistakes.invalid(
          path,
          "element not told (expected: " + field.getJsonName() + ".0.name, then .1, in order)");
    }
    int index = Integer.parseInt(number);
    String element = path + "[" + index + "]";
    if (index == count) {
      message.addRepeatedField(field, message.newBuilderForField(field).build());
    }
    set(
        message.getRepeatedFieldBuilder(field, index),
        inside.get().substring(dot + 1),
        element + ".",
        word);
  }

  private void entry(
      Message.Builder message,
      FieldDescriptor field,
      String path,
      Optional<String> inside,
      String word) {
    FieldDescriptor key = field.getMessageType().findFieldByName("key");
    FieldDescriptor value = field.getMessageType().findFieldByName("value");
    String name =
        inside.orElseThrow(() ->
            Mistakes.invalid(
                path, "key not told (expected: " + field.getJsonName() + ".key=value)"));
    if (value.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      throw Mistakes.invalid(path, "too deep for a query (expected: POST with a JSON body)");
    }
    once(path + "." + name);
    Message.Builder entry = message.newBuilderForField(field);
    entry.setField(key, ScalarText.ofWord(key, name, path));
    entry.setField(value, ScalarText.ofWord(value, word, path + "." + name));
    message.addRepeatedField(field, entry.build());
  }

  private void once(String path) {
    if (!seen.add(path)) {
      throw Mistakes.doubled(path);
    }
  }
}
