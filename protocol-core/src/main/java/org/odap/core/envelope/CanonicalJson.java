package org.odap.core.envelope;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The bytes that are hashed and signed: RFC 8785 of a message's protobuf JSON mapping.
 *
 * <p>Names are the schemas' json_name; fields at their default are left out, 64-bit integers are
 * strings, enums are names, bytes are padded base64. Members are sorted by UTF-16 code units.
 * Unknown fields do not show: who verifies must refuse them, or they would ride along unsigned.
 */
public final class CanonicalJson {
  private static final byte[] ANY_TYPE = name("@type");

  /** Computed once for the schemas' types: sorting at each write would cost more than writing. */
  private static final Map<String, List<Member>> MEMBERS =
      OdapTypes.all().collect(toUnmodifiableMap(Descriptor::getFullName, CanonicalJson::sorted));

  private CanonicalJson() {}

  /**
   * The canonical bytes of a message.
   *
   * @throws IllegalArgumentException when it has none: an Any of a type that is not the schemas', a
   *     lone surrogate in a string
   */
  public static byte[] of(Message message) {
    JsonBuffer out = new JsonBuffer();
    write(message, out);
    return out.toByteArray();
  }

  /** The canonical bytes of a message without some of its own fields. */
  public static byte[] without(Message message, Set<FieldDescriptor> omitted) {
    JsonBuffer out = new JsonBuffer();
    out.ascii('{');
    writeMembers(message, out, true, field -> !omitted.contains(field));
    out.ascii('}');
    return out.toByteArray();
  }

  /** The members of a message that are wanted, as they stand between its braces. */
  static byte[] members(Message message, Predicate<FieldDescriptor> wanted) {
    JsonBuffer out = new JsonBuffer();
    writeMembers(message, out, true, wanted);
    return out.toByteArray();
  }

  private static void write(Message message, JsonBuffer out) {
    out.ascii('{');
    Optional<Any> any = OdapTypes.asAny(message);
    if (any.isEmpty()) {
      writeMembers(message, out, true, field -> true);
    } else if (!any.get().equals(Any.getDefaultInstance())) {
      // "@" sorts before all characters a field's name may begin with.
      out.raw(ANY_TYPE);
      out.string(any.get().getTypeUrl());
      writeMembers(content(any.get()), out, false, field -> true);
    }
    out.ascii('}');
  }

  private static Message content(Any any) {
    Optional<Message> content;
    try {
      content = OdapTypes.unpack(any);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("malformed content of type " + any.getTypeUrl(), e);
    }
    return content.orElseThrow(
        () -> new IllegalArgumentException("content of unknown type " + any.getTypeUrl()));
  }

  private static void writeMembers(
      Message message, JsonBuffer out, boolean first, Predicate<FieldDescriptor> wanted) {
    boolean comma = !first;
    for (Member member : members(message.getDescriptorForType())) {
      FieldReader field = member.field();
      if (wanted.test(field.field()) && field.isGiven(message)) {
        if (comma) {
          out.ascii(',');
        }
        comma = true;
        out.raw(member.name());
        writeField(field, field.value(message), out);
      }
    }
  }

  private static void writeField(FieldReader field, Object value, JsonBuffer out) {
    if (!field.isRepeated()) {
      writeValue(field.type(), value, out);
    } else if (field.isMap()) {
      writeMap(field.field(), (List<?>) value, out);
    } else {
      char before = '[';
      for (Object element : (List<?>) value) {
        out.ascii(before);
        writeValue(field.type(), element, out);
        before = ',';
      }
      out.ascii(']');
    }
  }

  private static void writeMap(FieldDescriptor field, List<?> entries, JsonBuffer out) {
    // A String's own order is that of UTF-16 code units.
    TreeMap<String, Object> sorted = new TreeMap<>();
    FieldDescriptor keyField = field.getMessageType().findFieldByName("key");
    FieldDescriptor valueField = field.getMessageType().findFieldByName("value");
    for (Object entry : entries) {
      Message keyAndValue = (Message) entry;
      sorted.put(keyAndValue.getField(keyField).toString(), keyAndValue.getField(valueField));
    }
    char before = '{';
    for (Map.Entry<String, Object> entry : sorted.entrySet()) {
      out.ascii(before);
      out.string(entry.getKey());
      out.ascii(':');
      writeValue(valueField.getType(), entry.getValue(), out);
      before = ',';
    }
    out.ascii('}');
  }

  private static void writeValue(FieldDescriptor.Type type, Object value, JsonBuffer out) {
    switch (type) {
      case STRING -> out.string((String) value);
      case BYTES ->
          out.string(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case BOOL -> out.raw(value.toString());
      case INT32, SINT32, SFIXED32 -> out.raw(value.toString());
      case UINT32, FIXED32 -> out.raw(Integer.toUnsignedString((Integer) value));
      case INT64, SINT64, SFIXED64 -> out.string(value.toString());
      case UINT64, FIXED64 -> out.string(Long.toUnsignedString((Long) value));
      case ENUM -> writeEnum((EnumValueDescriptor) value, out);
      case MESSAGE -> write((Message) value, out);
      case FLOAT, DOUBLE, GROUP ->
          throw new IllegalArgumentException("the schemas have no " + type);
    }
  }

  private static void writeEnum(EnumValueDescriptor value, JsonBuffer out) {
    // A number this version has no name for has index -1; the mapping writes the number.
    if (value.getIndex() < 0) {
      out.raw(Integer.toString(value.getNumber()));
    } else {
      out.string(value.getName());
    }
  }

  private static List<Member> members(Descriptor descriptor) {
    List<Member> known = MEMBERS.get(descriptor.getFullName());
    return known == null ? sorted(descriptor) : known;
  }

  private static List<Member> sorted(Descriptor descriptor) {
    return FieldReader.of(descriptor).stream()
        .sorted(Comparator.comparing(FieldReader::jsonName))
        .map(field -> new Member(field, name(field.jsonName())))
        .toList();
  }

  private static byte[] name(String name) {
    JsonBuffer out = new JsonBuffer();
    out.string(name);
    out.ascii(':');
    return out.toByteArray();
  }

  /** A field and its name as it is written: quoted, with its colon. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared and never handed out.
  private record Member(FieldReader field, byte[] name) {}
}
