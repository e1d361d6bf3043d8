package org.odap.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a message is made of, its fields read as protobuf's reflection reads them. */
final class FieldReaderTest {
  private static final int MESSAGES_OF_A_TYPE = 20;

  @Test
  void allFieldsOfAllTypesReadAsByReflection() throws InvalidProtocolBufferException {
    List<Descriptor> types =
        OdapTypes.all().filter(type -> OdapTypes.prototype(type).isPresent()).toList();
    assertThat(types).hasSizeGreaterThan(MessageType.values().length);
    for (Descriptor type : types) {
      Message prototype = OdapTypes.prototype(type).orElseThrow();
      for (int seed = 0; seed < MESSAGES_OF_A_TYPE; seed++) {
        Message dynamic = new RandomMessages(seed).of(type);
        Message generated = prototype.getParserForType().parseFrom(dynamic.toByteString());
        assertThat(generated.getClass()).isEqualTo(prototype.getClass());
        FieldReader.of(type).forEach(reader -> readsAsByReflection(reader, dynamic));
        FieldReader.of(type).forEach(reader -> readsAsByReflection(reader, generated));
      }
    }
  }

  private static void readsAsByReflection(FieldReader reader, Message message) {
    boolean given =
        reader.isRepeated()
            ? message.getRepeatedFieldCount(reader.field()) > 0
            : message.hasField(reader.field());
    assertThat(reader.isGiven(message)).as("%s", reader.field()).isEqualTo(given);
    assertThat(reader.value(message))
        .as("%s", reader.field())
        .isEqualTo(message.getField(reader.field()));
  }
}
