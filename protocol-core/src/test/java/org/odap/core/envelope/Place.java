package org.odap.core.envelope;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One place in an example message where a field stands or could stand, at any depth.
 *
 * @param path JSON path
 * @param holder the message whose field it is
 * @param rebuild the whole message with another holder at this place
 */
record Place(
    MessageType type,
    FieldDescriptor field,
    String path,
    Message holder,
    UnaryOperator<Message> rebuild) {

  /** All places in all examples. */
  static Stream<Place> all() {
    return Arrays.stream(MessageType.values())
        .flatMap(type -> {
          List<Place> places = new ArrayList<>();
          collect(type, Messages.of(type).protobuf(), "", UnaryOperator.identity(), places);
          return places.stream();
        });
  }

  /** The example, changed here and not signed anew. */
  OdapMessage with(Consumer<Message.Builder> change) {
    Message.Builder builder = holder.toBuilder();
    change.accept(builder);
    return OdapMessage.of(rebuild.apply(builder.build()));
  }

  boolean isGiven() {
    return field.isRepeated() ? holder.getRepeatedFieldCount(field) > 0 : holder.hasField(field);
  }

  @Override
  public String toString() {
    return type + " " + path;
  }

  private static void collect(
      MessageType type,
      Message holder,
      String path,
      UnaryOperator<Message> rebuild,
      List<Place> places) {
    for (FieldDescriptor field : holder.getDescriptorForType().getFields()) {
      String name = path + field.getJsonName();
      places.add(new Place(type, field, name, holder, rebuild));
      boolean nested =
          field.getJavaType() == JavaType.MESSAGE
              && !field.isMapField()
              && OdapTypes.isOwn(field.getMessageType());
      if (!nested) {
        continue;
      }
      if (!field.isRepeated() && holder.hasField(field)) {
        UnaryOperator<Message> inner =
            changed -> rebuild.apply(holder.toBuilder().setField(field, changed).build());
        collect(type, (Message) holder.getField(field), name + ".", inner, places);
      }
      for (int i = 0; field.isRepeated() && i < holder.getRepeatedFieldCount(field); i++) {
        int index = i;
        UnaryOperator<Message> inner =
            changed ->
                rebuild.apply(holder.toBuilder().setRepeatedField(field, index, changed).build());
        Message element = (Message) holder.getRepeatedField(field, i);
        collect(type, element, name + "[" + i + "].", inner, places);
      }
    }
  }
}
