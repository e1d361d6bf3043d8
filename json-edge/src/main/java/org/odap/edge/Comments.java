package org.odap.edge;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the schemas' comments say, by full name. */
final class Comments {
  private final Map<String, String> byName = new HashMap<>();

  Comments(List<FileDescriptorProto> files) {
    files.forEach(this::read);
  }

  /** The comment above something in a schema, on one line. */
  String of(String fullName) {
    return byName.getOrDefault(fullName, "");
  }

  private void read(FileDescriptorProto file) {
    for (Location place : file.getSourceCodeInfo().getLocationList()) {
      List<Integer> path = place.getPathList();
      if (place.hasLeadingComments() && path.size() >= 2) {
        String name = file.getPackage() + name(file, path);
        byName.put(name, place.getLeadingComments().strip().replaceAll("\\s+", " "));
      }
    }
  }

  /** A location is a path of field numbers and indexes through the descriptor. */
  private static String name(FileDescriptorProto file, List<Integer> path) {
    int index = path.get(1);
    List<Integer> rest = path.subList(2, path.size());
    return switch (path.getFirst()) {
      case FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER ->
          message(file.getMessageType(index), rest);
      case FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER -> enumeration(file.getEnumType(index), rest);
      case FileDescriptorProto.SERVICE_FIELD_NUMBER -> service(file.getService(index), rest);
      default -> "";
    };
  }

  private static String message(DescriptorProto message, List<Integer> path) {
    String name = "." + message.getName();
    if (path.size() < 2) {
      return name;
    }
    int index = path.get(1);
    List<Integer> rest = path.subList(2, path.size());
    return name
        + switch (path.getFirst()) {
          case DescriptorProto.FIELD_FIELD_NUMBER -> "." + message.getField(index).getName();
          case DescriptorProto.NESTED_TYPE_FIELD_NUMBER ->
              message(message.getNestedType(index), rest);
          case DescriptorProto.ENUM_TYPE_FIELD_NUMBER ->
              enumeration(message.getEnumType(index), rest);
          default -> ".";
        };
  }

  private static String enumeration(EnumDescriptorProto type, List<Integer> path) {
    return "."
        + type.getName()
        + (path.size() < 2 ? "" : "." + type.getValue(path.get(1)).getName());
  }

  private static String service(ServiceDescriptorProto service, List<Integer> path) {
    return "."
        + service.getName()
        + (path.size() < 2 ? "" : "." + service.getMethod(path.get(1)).getName());
  }
}
