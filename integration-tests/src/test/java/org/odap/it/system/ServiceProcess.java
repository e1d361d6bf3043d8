package org.odap.it.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TrustedOrganization;

/**
 * A process that this one started, as the system sees it: the command it runs, the ports it listens
 * on.
 */
public record ServiceProcess(ProcessHandle handle, List<String> command) {
  private static final String LISTEN = "0A";
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final int HEX = 16;

  /** Copies the command. */
  public ServiceProcess {
    command = List.copyOf(command);
  }

  /** All that this process started, and what those did. */
  public static List<ServiceProcess> all() {
    return ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .map(handle -> new ServiceProcess(handle, commandOf(handle)))
        .toList();
  }

  private static List<String> commandOf(ProcessHandle handle) {
    try {
      return List.of(Files.readString(procOf(handle).resolve("cmdline")).split("\0"));
    } catch (IOException gone) {
      return List.of();
    }
  }

  private static Path procOf(ProcessHandle handle) {
    return Path.of("/proc", Long.toString(handle.pid()));
  }

  /** The module of the suite whose service it is; empty for programs of others. */
  public Optional<String> module() {
    int jar = command.indexOf("-jar");
    return jar >= 0 && command.contains("--config")
        ? Optional.of(
            Path.of(command.get(jar + 1)).getFileName().toString().replaceFirst("\\.jar$", ""))
        : Optional.empty();
  }

  /** Its configuration file. */
  public Path config() {
    return Path.of(command.get(command.indexOf("--config") + 1));
  }

  /** Its own certificate and key, and whom it trusts. */
  public TlsFiles tls() {
    try {
      JsonNode tls = new YAMLMapper().readTree(config().toFile()).get("tls");
      List<TrustedOrganization> trusted = new ArrayList<>();
      for (JsonNode one : tls.get("trusted")) {
        trusted.add(
            new TrustedOrganization(
                one.get("organization").asText(), Path.of(one.get("certificate").asText())));
      }
      return new TlsFiles(
          Path.of(tls.get("certificate").asText()), Path.of(tls.get("key").asText()), trusted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every TCP port it listens on, with the address. */
  public List<InetSocketAddress> listening() {
    try {
      Set<String> own = sockets();
      List<InetSocketAddress> found = new ArrayList<>();
      for (String table : List.of("tcp", "tcp6")) {
        try (Stream<String> lines = Files.lines(procOf(handle).resolve("net").resolve(table))) {
          lines
              .map(line -> line.strip().split("\\s+"))
              .filter(row -> row[STATE].equals(LISTEN) && own.contains(row[INODE]))
              .map(row -> addressOf(row[LOCAL_ADDRESS]))
              .forEach(found::add);
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> sockets() throws IOException {
    try (Stream<Path> open = Files.list(procOf(handle).resolve("fd"))) {
      return open.map(ServiceProcess::target)
          .filter(target -> target.startsWith("socket:["))
          .map(target -> target.substring("socket:[".length(), target.length() - 1))
          .collect(Collectors.toSet());
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  /** An address as the table of sockets has it: words of the machine's own byte order. */
  private static InetSocketAddress addressOf(String text) {
    int colon = text.indexOf(':');
    ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(text.substring(0, colon)));
    ByteBuffer address = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      address.putInt(words.getInt());
    }
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(address.array()),
          Integer.parseInt(text.substring(colon + 1), HEX));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  @Override
  public String toString() {
    return module().orElse(command.isEmpty() ? "?" : command.getFirst()) + " " + handle.pid();
  }
}
