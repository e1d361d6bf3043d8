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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comments beside the fields in the schemas. */
final class SchemaComments {
  /** "REQUIRED." and "REQUIRED, 1 to ..."; "REQUIRED when ..." depends on other fields. */
  private static final Pattern REQUIRED = Pattern.compile("REQUIRED[.,].*");

  private static final Pattern LENGTH = Pattern.compile("at most ([0-9,]+) characters");
  private static final Pattern COUNT = Pattern.compile("at most ([0-9,]+)(?!,?[0-9]| characters)");

  private static final Map<String, String> COMMENTS = read();

  private SchemaComments() {}

  /** Comment before a field, on one line. */
  static String of(FieldDescriptor field) {
    return COMMENTS.getOrDefault(field.getFullName(), "");
  }

  /** Whether the comment says that the field must be given, whatever the others hold. */
  static boolean isRequired(FieldDescriptor field) {
    return REQUIRED.matcher(of(field)).matches();
  }

  /** Most characters of the field's text, or of each of its texts. */
  static Optional<Integer> maxLength(FieldDescriptor field) {
    return bound(LENGTH, field);
  }

  /** Most elements of the field's list or members of its map. */
  static Optional<Integer> maxCount(FieldDescriptor field) {
    return bound(COUNT, field);
  }

  private static Optional<Integer> bound(Pattern pattern, FieldDescriptor field) {
    Matcher matcher = pattern.matcher(of(field));
    return matcher.find()
        ? Optional.of(Integer.valueOf(matcher.group(1).replace(",", "")))
        : Optional.empty();
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
