package org.odap.core.envelope;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.peer.v1.InitializationRequest;

/** Messages of any type with random content, the same for the same seed. */
final class RandomMessages {
  private static final int MAX_DEPTH = 5;

  /** Where escapes, UTF-8's lengths and the order of UTF-16 change. */
  private static final int[] CHARACTERS = {
    0, 8, 9, 10, 12, 13, 0x1f, ' ', '"', '/', '0', '@', 'A', '\\', 'a', 0x7f, 0x80, 0x7ff, 0x800,
    0x2028, 0xd7ff, 0xe000, 0xfb33, 0xffff, 0x10000, 0x1f600, 0x10ffff
  };

  private final Random random;

  RandomMessages(long seed) {
    this.random = new Random(seed);
  }

  Message of(Descriptor type) {
    return message(type, 0);
  }

  private Message message(Descriptor type, int depth) {
    if (type.getFullName().equals(Any.getDescriptor().getFullName())) {
      return any(depth);
    }
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      if (random.nextInt(3) > 0) {
        fill(builder, field, depth);
      }
    }
    return builder.build();
  }

  private Message any(int depth) {
    List<Descriptor> contents =
        List.of(LedgerClaim.getDescriptor(), InitializationRequest.getDescriptor());
    return switch (random.nextInt(4)) {
      case 0 -> Any.getDefaultInstance();
      default -> Any.pack(message(contents.get(random.nextInt(contents.size())), depth + 1));
    };
  }

  private void fill(DynamicMessage.Builder builder, FieldDescriptor field, int depth) {
    boolean tooDeep = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth == MAX_DEPTH;
    if (tooDeep) {
      return;
    }
    if (!field.isRepeated()) {
      builder.setField(field, value(field, depth));
      return;
    }
    Set<Object> keys = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Object element = value(field, depth);
      // A map given twice the same key is not one message but several spellings of one.
      if (!field.isMapField() || keys.add(key((Message) element))) {
        builder.addRepeatedField(field, element);
      }
    }
  }

  private static Object key(Message entry) {
    return entry.getField(entry.getDescriptorForType().findFieldByName("key"));
  }

  private Object value(FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextBoolean() ? random.nextInt() : random.nextInt(3);
      case LONG -> random.nextBoolean() ? random.nextLong() : random.nextInt(3);
      case STRING -> text();
      case BYTE_STRING -> bytes();
      case ENUM -> enumValue(field);
      case MESSAGE -> message(field.getMessageType(), depth + 1);
      case FLOAT, DOUBLE -> throw new IllegalArgumentException("the schemas have none");
    };
  }

  private EnumValueDescriptor enumValue(FieldDescriptor field) {
    List<EnumValueDescriptor> values = field.getEnumType().getValues();
    return random.nextInt(5) == 0
        ? field.getEnumType().findValueByNumberCreatingIfUnknown(100_000 + random.nextInt(10))
        : values.get(random.nextInt(values.size()));
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  private ByteString bytes() {
    byte[] bytes = new byte[random.nextInt(8)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
