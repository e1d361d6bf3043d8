package org.odap.cli.system;

import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.rpc.RpcTarget;

/** Writes configuration files; what services read back is checked by themselves. */
public final class YamlFile {
  /** Every text in quotes: an address such as 0x5F.. would be read as a number without. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();

  private YamlFile() {}

  /** Writes keys in the order given. */
  public static void write(Path file, Map<String, ?> content) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds keys that a file does not have yet. */
  static void add(Path file, Map<String, ?> content) {
    if (content.isEmpty()) {
      return;
    }
    try {
      Files.writeString(file, text(content), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Map<String, ?> content) {
    try {
      return YAML.writeValueAsString(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The "tls" section every service and client has. */
  public static Map<String, Object> tls(TlsFiles tls) {
    List<Map<String, Object>> trusted =
        tls.trusted().stream()
            .map(one ->
                ordered("organization", one.organization(), "certificate", path(one.certificate())))
            .toList();
    return ordered(
        "certificate", path(tls.certificate()), "key", path(tls.key()), "trusted", trusted);
  }

  /** A service to call. */
  public static Map<String, Object> target(RpcTarget target) {
    return ordered("address", target.address(), "identity", target.identity());
  }

  /** A connection profile (see ClientProfile). */
  public static Map<String, Object> profile(RpcTarget gateway, TlsFiles tls) {
    return ordered("gateway", target(gateway), "tls", tls(tls));
  }

  /** A map that keeps this order: key, value, key, value. */
  public static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private static String path(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }
}
