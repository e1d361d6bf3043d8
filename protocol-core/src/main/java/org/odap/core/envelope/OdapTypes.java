package org.odap.core.envelope;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.Envelope;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.Acceptance;
import org.odap.api.storage.v1.ActionDone;
import org.odap.api.storage.v1.ActionIntent;
import org.odap.api.storage.v1.Approval;
import org.odap.api.storage.v1.ApprovalWanted;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.Failure;
import org.odap.api.storage.v1.OperationOrder;
import org.odap.api.storage.v1.SessionOpened;
import org.odap.api.storage.v1.StepDone;
import org.odap.api.storage.v1.StepIntent;
import org.odap.api.storage.v1.TrackerPosition;
import org.odap.api.storage.v1.TransferOrder;

/** The message types that may be hashed and that may stand in an Any. */
final class OdapTypes {
  private static final String OWN_PACKAGES = "odap.";
  private static final String ANY = Any.getDescriptor().getFullName();

  /** Beside the messages between gateways: what is logged, and what else has a hash. */
  private static final List<Message> RECORDS =
      List.of(
          TransferOrder.getDefaultInstance(),
          TrackerPosition.getDefaultInstance(),
          StepIntent.getDefaultInstance(),
          StepDone.getDefaultInstance(),
          Failure.getDefaultInstance(),
          Acceptance.getDefaultInstance(),
          ApprovalWanted.getDefaultInstance(),
          Approval.getDefaultInstance(),
          OperationOrder.getDefaultInstance(),
          AssetProfile.getDefaultInstance(),
          Envelope.getDefaultInstance(),
          LogEntry.getDefaultInstance(),
          EvidenceBundle.getDefaultInstance(),
          StartTransferRequest.getDefaultInstance(),
          NegotiateCredentialsRequest.getDefaultInstance(),
          PerformActionRequest.getDefaultInstance(),
          PerformActionResponse.getDefaultInstance(),
          SessionOpened.getDefaultInstance(),
          ActionIntent.getDefaultInstance(),
          ActionDone.getDefaultInstance());

  /** What can be parsed into its own class; other types of the schemas are parsed dynamically. */
  private static final Map<String, Message> PROTOTYPES = prototypes();

  private static final Map<String, Descriptor> DESCRIPTORS = descriptors();

  private OdapTypes() {}

  /** Whether the type is of the suite's schemas, not of protobuf's own. */
  static boolean isOwn(Descriptor descriptor) {
    return DESCRIPTORS.containsKey(descriptor.getFullName());
  }

  static Stream<Descriptor> all() {
    return DESCRIPTORS.values().stream();
  }

  /** The default instance of a type's own class, for the types in use. */
  static Optional<Message> prototype(Descriptor descriptor) {
    return Optional.ofNullable(PROTOTYPES.get(descriptor.getFullName()));
  }

  /**
   * The message as an Any, when it is one; inside a dynamic message it need not be of that class.
   */
  static Optional<Any> asAny(Message message) {
    if (message instanceof Any any) {
      return Optional.of(any);
    }
    if (!message.getDescriptorForType().getFullName().equals(ANY)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Any.parseFrom(message.toByteString()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("written a line ago", e);
    }
  }

  /** Full name of the type of what is inside. */
  static String name(Any any) {
    return any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
  }

  /** The message inside, or empty where its type is not one of the schemas'. */
  static Optional<Message> unpack(Any any) throws InvalidProtocolBufferException {
    String name = name(any);
    Message prototype = PROTOTYPES.get(name);
    if (prototype != null) {
      return Optional.of(prototype.getParserForType().parseFrom(any.getValue()));
    }
    Descriptor descriptor = DESCRIPTORS.get(name);
    if (descriptor != null) {
      return Optional.of(DynamicMessage.parseFrom(descriptor, any.getValue()));
    }
    return Optional.empty();
  }

  private static Map<String, Message> prototypes() {
    Map<String, Message> prototypes = new HashMap<>();
    for (MessageType type : MessageType.values()) {
      collect(type.prototype(), prototypes);
    }
    RECORDS.forEach(prototype -> collect(prototype, prototypes));
    return Map.copyOf(prototypes);
  }

  /** The type and all that its fields are of. */
  private static void collect(Message prototype, Map<String, Message> into) {
    Descriptor descriptor = prototype.getDescriptorForType();
    if (into.putIfAbsent(descriptor.getFullName(), prototype) != null) {
      return;
    }
    for (FieldDescriptor field : descriptor.getFields()) {
      if (field.getType() == FieldDescriptor.Type.MESSAGE && !field.isMapField()) {
        collect(
            prototype.newBuilderForType().newBuilderForField(field).getDefaultInstanceForType(),
            into);
      }
    }
  }

  private static Map<String, Descriptor> descriptors() {
    Map<String, Descriptor> descriptors = new HashMap<>();
    PROTOTYPES.values().stream()
        .map(prototype -> prototype.getDescriptorForType().getFile())
        .filter(file -> file.getPackage().startsWith(OWN_PACKAGES))
        .distinct()
        .forEach(file -> collect(file, descriptors));
    return Map.copyOf(descriptors);
  }

  private static void collect(FileDescriptor file, Map<String, Descriptor> into) {
    for (Descriptor descriptor : file.getMessageTypes()) {
      collect(descriptor, into);
    }
  }

  private static void collect(Descriptor descriptor, Map<String, Descriptor> into) {
    into.put(descriptor.getFullName(), descriptor);
    for (Descriptor nested : descriptor.getNestedTypes()) {
      collect(nested, into);
    }
  }
}
