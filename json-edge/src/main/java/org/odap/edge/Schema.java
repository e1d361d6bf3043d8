package org.odap.edge;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The suite's schemas as they were compiled, with their comments. */
final class Schema {
  private static final String FILE = "/odap.binpb";

  private final FileDescriptorSet files;
  private final Map<String, Descriptor> messages = new HashMap<>();

  private Schema(FileDescriptorSet files) {
    this.files = files;
    Map<String, FileDescriptor> built = new LinkedHashMap<>();
    // Imports come before those who import them.
    for (FileDescriptorProto file : files.getFileList()) {
      FileDescriptor[] imports =
          file.getDependencyList().stream().map(built::get).toArray(FileDescriptor[]::new);
      try {
        FileDescriptor descriptor = FileDescriptor.buildFrom(file, imports);
        built.put(file.getName(), descriptor);
        descriptor.getMessageTypes().forEach(this::add);
      } catch (DescriptorValidationException e) {
        throw new IllegalStateException(FILE + " is not what the compiler wrote", e);
      }
    }
  }

  private static final class Once {
    static final Schema SCHEMA = load();
  }

  /** The one of this release. */
  static Schema get() {
    return Once.SCHEMA;
  }

  private static Schema load() {
    try (InputStream in = Schema.class.getResourceAsStream(FILE)) {
      return new Schema(FileDescriptorSet.parseFrom(in, ExtensionRegistry.getEmptyRegistry()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(Descriptor message) {
    messages.put(message.getFullName(), message);
    message.getNestedTypes().forEach(this::add);
  }

  /** A message by its full name, such as {@code odap.log.v1.LogEntry}. */
  Optional<Descriptor> message(String fullName) {
    return Optional.ofNullable(messages.get(fullName));
  }

  List<FileDescriptorProto> files() {
    return files.getFileList();
  }
}
