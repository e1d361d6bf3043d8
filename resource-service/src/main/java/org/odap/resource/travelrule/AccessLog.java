package org.odap.resource.travelrule;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.odap.runtime.identity.Identity;

/**
 * Who put and read which transfer's data, a JSON object a line; on disk before the caller has an
 * answer. Holds nothing of the data.
 *
 * <p>Mutable: the file, guarded by this.
 */
final class AccessLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileChannel file;
  private final Clock clock;

  AccessLog(Path path, Clock clock) throws IOException {
    this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    this.clock = clock;
  }

  /** Notes one access. */
  synchronized void note(Identity caller, String action, String transferId, String outcome)
      throws IOException {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("at", Instant.ofEpochMilli(clock.millis()).toString());
    line.put("caller", caller.uri());
    line.put("action", action);
    line.put("transfer", transferId);
    line.put("outcome", outcome);
    ByteBuffer bytes =
        ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      int _ = file.write(bytes);
    }
    file.force(false);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
