package org.odap.log.replication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * The checkpoints of a node, each a folder named after the last entry of the Raft log in it. Ratis
 * hands their files to nodes that are too far behind.
 */
final class Checkpoints implements StateMachineStorage {
  private static final Pattern NAME = Pattern.compile("checkpoint\\.(\\d+)_(\\d+)");
  private static final String UNFINISHED = ".unfinished";

  private volatile Path folder = Path.of("");

  /** A checkpoint and where it lies. */
  record Checkpoint(TermIndex position, Path path) {}

  @Override
  public void init(RaftStorage storage) throws IOException {
    folder = storage.getStorageDir().getStateMachineDir().toPath();
    Files.createDirectories(folder);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*" + UNFINISHED)) {
      for (Path unfinished : left) {
        delete(unfinished);
      }
    }
  }

  /** Where a checkpoint at this position goes: first to the one, then moved to the other. */
  Path unfinished(TermIndex position) {
    return folder.resolve(name(position) + UNFINISHED);
  }

  Path finished(TermIndex position) {
    return folder.resolve(name(position));
  }

  private static String name(TermIndex position) {
    return "checkpoint." + position.getTerm() + "_" + position.getIndex();
  }

  /** The newest checkpoint. */
  Optional<Checkpoint> latest() {
    return all().stream().findFirst();
  }

  /** All, the newest first. */
  private List<Checkpoint> all() {
    List<Checkpoint> found = new ArrayList<>();
    if (Files.notExists(folder)) {
      return found;
    }
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          found.add(
              new Checkpoint(
                  TermIndex.valueOf(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))),
                  path));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(Comparator.comparing(Checkpoint::position).reversed());
    return found;
  }

  @Override
  public SnapshotInfo getLatestSnapshot() {
    return latest().map(Checkpoints::info).orElse(null);
  }

  private static SnapshotInfo info(Checkpoint checkpoint) {
    List<FileInfo> files = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(checkpoint.path())) {
      for (Path path : paths) {
        if (!path.getFileName().toString().endsWith(MD5FileUtil.MD5_SUFFIX)) {
          files.add(new FileInfo(path, null));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FileListSnapshotInfo(
        files, checkpoint.position().getTerm(), checkpoint.position().getIndex());
  }

  @Override
  public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
    for (Checkpoint old : all().stream().skip(policy.getNumSnapshotsRetained()).toList()) {
      delete(old.path());
    }
  }

  @Override
  public void format() {
    // Nothing to prepare.
  }

  private static void delete(Path checkpoint) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(checkpoint)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(checkpoint);
  }
}
