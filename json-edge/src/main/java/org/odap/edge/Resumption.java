package org.odap.edge;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.Optional;
import org.odap.api.common.v1.ResumptionProto;
import org.odap.api.common.v1.StreamResumption;

/** How a reader of a stream that comes back goes on where it was, as the schema says. */
final class Resumption {
  private final StreamResumption rule;

  private Resumption(StreamResumption rule) {
    this.rule = rule;
  }

  static Optional<Resumption> of(MethodDescriptor method) {
    return method.getOptions().hasExtension(ResumptionProto.resumption)
        ? Optional.of(new Resumption(method.getOptions().getExtension(ResumptionProto.resumption)))
        : Optional.empty();
  }

  /** The id of an answer; empty for one that has no place in the order. */
  Optional<String> id(Message answer) {
    Message at = answer;
    String[] path = rule.getAnswerField().split("\\.");
    for (String name : Arrays.copyOf(path, path.length - 1)) {
      FieldDescriptor field = field(at.getDescriptorForType(), name);
      if (!at.hasField(field)) {
        return Optional.empty();
      }
      at = (Message) at.getField(field);
    }
    FieldDescriptor last = field(at.getDescriptorForType(), path[path.length - 1]);
    Object value = at.getField(last);
    return value.equals(last.getDefaultValue())
        ? Optional.empty()
        : Optional.of(value instanceof Integer i ? Integer.toUnsignedString(i) : value.toString());
  }

  /** Asks for what comes after the answer with this id. */
  void resume(Message.Builder request, String lastId) {
    FieldDescriptor field = field(request.getDescriptorForType(), rule.getRequestField());
    if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
      request.setField(field, ScalarText.string(lastId, field.getJsonName()));
      return;
    }
    if (!lastId.matches("[0-9]{1,9}")) {
      throw Mistakes.malformed("Last-Event-ID: not an id of this stream");
    }
    request.setField(field, Integer.parseInt(lastId) + 1);
  }

  private static FieldDescriptor field(Descriptor message, String name) {
    return Optional.ofNullable(message.findFieldByName(name))
        .orElseThrow(() -> new IllegalStateException(message.getFullName() + " has no " + name));
  }
}
