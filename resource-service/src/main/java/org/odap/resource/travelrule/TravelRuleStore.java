package org.odap.resource.travelrule;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapException;

/**
 * Travel-rule data by transfer: one file for each transfer and gateway that put it. A file is
 * written beside, synced and moved into place, so it is whole or not there; to forget a transfer an
 * operator deletes its folder.
 *
 * <p>Mutable: the files; puts are one at a time, guarded by this.
 */
public final class TravelRuleStore implements Part {
  private static final String FOLDER = "travel-rule";
  private static final String ACCESS_LOG = "access.log";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Clock clock = Clock.systemUTC();
  private volatile Optional<AccessLog> accesses = Optional.empty();

  /** The store in a folder. */
  public TravelRuleStore(Path directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return "travel-rule store";
  }

  @Override
  public void start() throws IOException {
    Files.createDirectories(directory.resolve(FOLDER));
    accesses = Optional.of(new AccessLog(directory.resolve(ACCESS_LOG), clock));
  }

  @Override
  public void stop(Duration limit) throws IOException {
    if (accesses.isPresent()) {
      accesses.get().close();
    }
  }

  /**
   * Stores a caller's data of a transfer; they are on disk when it returns. A repeat changes
   * nothing.
   *
   * @throws OdapException STEP_CONFLICT when the caller has put other data of the transfer
   */
  public synchronized void put(
      Identity caller, String transferId, String payload, List<String> readers) {
    TravelRuleRecord wanted =
        new TravelRuleRecord(transferId, caller.uri(), readers, payload, clock.millis());
    try {
      Path file = file(transferId, caller);
      if (Files.exists(file)) {
        boolean same = read(file).isSameAs(wanted);
        note(caller, "put", transferId, same ? "repeated" : "refused");
        if (!same) {
          throw new OdapException(
              ErrorReason.ERROR_REASON_STEP_CONFLICT,
              "transfer_id: other data of this transfer are stored");
        }
        return;
      }
      write(file, JSON.writeValueAsBytes(wanted));
      note(caller, "put", transferId, "stored");
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * The data of a transfer that a caller may read: its own, else another's that names it.
   *
   * @throws OdapException TRANSFER_UNKNOWN, PERMISSION_DENIED
   */
  public String get(Identity caller, String transferId) {
    try {
      List<TravelRuleRecord> all = all(transferId);
      Optional<TravelRuleRecord> readable =
          all.stream()
              .filter(one -> one.putBy().equals(caller.uri()))
              .findFirst()
              .or(() ->
                  all.stream().filter(one -> one.readers().contains(caller.uri())).findFirst());
      note(
          caller,
          "get",
          transferId,
          readable.isPresent() ? "read" : all.isEmpty() ? "unknown" : "refused");
      if (all.isEmpty()) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN,
            "transfer_id: no travel-rule data of this transfer");
      }
      return readable
          .orElseThrow(() ->
              new OdapException(
                  ErrorReason.ERROR_REASON_PERMISSION_DENIED,
                  caller + " may not read the travel-rule data of this transfer"))
          .payload();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private void note(Identity caller, String action, String transferId, String outcome)
      throws IOException {
    accesses
        .orElseThrow(() -> new IllegalStateException("used before its start"))
        .note(caller, action, transferId, outcome);
  }

  private List<TravelRuleRecord> all(String transferId) throws IOException {
    Path folder = directory.resolve(FOLDER).resolve(transferId);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<TravelRuleRecord> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".json")).sorted().toList()) {
        all.add(read(file));
      }
    }
    return all;
  }

  private Path file(String transferId, Identity caller) {
    return directory.resolve(FOLDER).resolve(transferId).resolve(digest(caller.uri()) + ".json");
  }

  private static TravelRuleRecord read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), TravelRuleRecord.class);
  }

  private void write(Path file, byte[] content) throws IOException {
    Path folder = file.getParent();
    Files.createDirectories(folder);
    Path beside = folder.resolve(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    // The names, too, must be on disk: that of the file and that of its folder.
    sync(folder);
    sync(directory.resolve(FOLDER));
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** A name any file system takes. */
  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static OdapException broken(IOException e) {
    return new OdapException(
        ErrorReason.ERROR_REASON_UNAVAILABLE, "the travel-rule store can't be used", e);
  }
}
