package org.odap.gateway.directory;

import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.api.resource.v1.ListVaspsResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the directory told last, in a file: a gateway that starts while the directory is down still
 * finds the peers of its transfers under way. Whoever can write this file can add peers, as in the
 * configuration.
 */
final class ListedMemory {
  private static final Logger log = LoggerFactory.getLogger(ListedMemory.class);

  private final Optional<Path> file;

  ListedMemory(Optional<Path> file) {
    this.file = file;
  }

  /** What was written last; nothing when it can't be read. */
  List<GetVaspResponse> read() {
    if (file.filter(Files::exists).isEmpty()) {
      return List.of();
    }
    try {
      ListVaspsResponse.Builder told = ListVaspsResponse.newBuilder();
      JsonFormat.parser().merge(Files.readString(file.get()), told);
      return told.getVaspsList();
    } catch (IOException e) {
      log.atError()
          .addKeyValue("file", file.get())
          .addKeyValue("cause", e.getMessage())
          .log("what the directory told last can't be read");
      return List.of();
    }
  }

  /** Writes it beside and moves it over: a reader never sees half of it. */
  void write(List<GetVaspResponse> vasps) {
    if (file.isEmpty()) {
      return;
    }
    Path beside = file.get().resolveSibling(file.get().getFileName() + ".new");
    try {
      Files.writeString(
          beside,
          JsonFormat.printer()
              .print(
                  ListVaspsResponse.newBuilder()
                      .addAllVasps(
                          vasps.stream()
                              .sorted(Comparator.comparing(GetVaspResponse::getOrganization))
                              .toList())
                      .build()));
      try (FileChannel written = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(
          beside, file.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      log.atError()
          .addKeyValue("file", file.get())
          .addKeyValue("cause", e.getMessage())
          .log("what the directory told can't be kept");
    }
  }
}
