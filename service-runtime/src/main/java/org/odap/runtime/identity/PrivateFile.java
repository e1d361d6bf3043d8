package org.odap.runtime.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A file with a secret, which only those it is meant for may read. */
public final class PrivateFile {
  /** Group members may read: that is how orchestrators hand secrets to a service's user. */
  private static final Set<PosixFilePermission> TOO_OPEN =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private PrivateFile() {}

  /** What is wrong with a file's permissions; nothing where the file system has none. */
  public static Optional<String> mistake(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return Optional.empty();
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    return permissions.stream().anyMatch(TOO_OPEN::contains)
        ? Optional.of(
            "permissions: %s (expected: closed to others, such as rw-------)"
                .formatted(PosixFilePermissions.toString(permissions)))
        : Optional.empty();
  }
}
