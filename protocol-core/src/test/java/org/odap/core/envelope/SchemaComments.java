package org.odap.core.envelope;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The comments beside the fields in the schemas. */
final class SchemaComments {
  private static final Map<String, String> COMMENTS = read();

  private SchemaComments() {}

  /** Comment before a field, on one line. */
  static String of(FieldDescriptor field) {
    return COMMENTS.getOrDefault(field.getFullName(), "");
  }

  private static Map<String, String> read() {
    try (InputStream in = SchemaComments.class.getResourceAsStream("/odap.binpb")) {
      Map<String, String> comments = new HashMap<>();
      for (FileDescriptorProto file : FileDescriptorSet.parseFrom(in).getFileList()) {
        for (SourceCodeInfo.Location location : file.getSourceCodeInfo().getLocationList()) {
          collect(file, location, comments);
        }
      }
      return comments;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(
      FileDescriptorProto file, SourceCodeInfo.Location location, Map<String, String> comments) {
    List<Integer> path = location.getPathList();
    boolean isField =
        path.size() == 4
            && path.get(0) == FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER
            && path.get(2) == DescriptorProto.FIELD_FIELD_NUMBER;
    if (isField) {
      DescriptorProto message = file.getMessageType(path.get(1));
      comments.put(
          String.join(
              ".", file.getPackage(), message.getName(), message.getField(path.get(3)).getName()),
          location.getLeadingComments().replaceAll("\\s+", " ").strip());
    }
  }
}
