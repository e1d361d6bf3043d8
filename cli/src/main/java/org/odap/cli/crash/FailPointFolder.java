package org.odap.cli.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folder by which a gateway is told where to hold transfers, and tells which it holds. */
final class FailPointFolder {
  private static final String HELD = ".held";

  private final Path folder;

  FailPointFolder(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void arm(CrashPoint point) {
    try {
      Files.createFile(folder.resolve(point.text()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many points no transfer has come to yet. */
  int armed() {
    return (int) names().stream().filter(name -> !name.endsWith(HELD)).count();
  }

  /** The transfers held, by the text of their point. */
  Map<String, String> held() {
    Map<String, String> held = new LinkedHashMap<>();
    for (String name : names()) {
      if (name.endsWith(HELD)) {
        String pointAndTransfer = name.substring(0, name.length() - HELD.length());
        int dot = pointAndTransfer.lastIndexOf('.');
        held.put(pointAndTransfer.substring(0, dot), pointAndTransfer.substring(dot + 1));
      }
    }
    return held;
  }

  /** How many transfers are held at a point. */
  int held(CrashPoint point) {
    return (int) names().stream().filter(name -> name.startsWith(point.text() + ".")).count();
  }

  /** Takes away the points nobody has come to. */
  void disarm() {
    delete(names().stream().filter(name -> !name.endsWith(HELD)).toList());
  }

  /** Lets all go on, and holds nobody any more. */
  void clear() {
    delete(names());
  }

  /** Lets those go on that are held at a point. */
  void clear(CrashPoint point) {
    delete(names().stream().filter(name -> name.startsWith(point.text() + ".")).toList());
  }

  private void delete(List<String> names) {
    try {
      for (String name : names) {
        boolean _ = Files.deleteIfExists(folder.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
