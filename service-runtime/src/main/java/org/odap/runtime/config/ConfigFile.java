package org.odap.runtime.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads a YAML file into a record. Keys are the components' names in kebab-case; relative paths
 * count from the file's folder.
 */
public final class ConfigFile {
  /** Far above any sensible file; guards against a wrong path such as a disk image. */
  private static final long FILE_BYTES_MAX = 1 << 20;

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ConfigFile() {}

  /**
   * The file as a record.
   *
   * @throws ConfigException with all mistakes, when there is one
   */
  public static <T extends Record> T read(Path file, Class<T> type) {
    List<String> mistakes = new ArrayList<>();
    Optional<T> config =
        parse(file, mistakes)
            .flatMap(tree -> {
              Path folder = file.toAbsolutePath().getParent();
              return new ConfigReader(folder, mistakes).record("", tree, type);
            });
    if (config.isEmpty() || !mistakes.isEmpty()) {
      throw new ConfigException(file, mistakes);
    }
    return config.get();
  }

  /**
   * The file as a record, with the places of its keys; mistakes say in which line they are.
   *
   * @param check further mistakes of a record whose values are right one by one, "key: ..." each
   * @throws ConfigException with all mistakes, when there is one
   */
  public static <T extends Record> Located<T> locate(
      Path file, Class<T> type, Function<T, List<String>> check) {
    Map<String, Integer> lines = new HashMap<>();
    try {
      lines.putAll(KeyLines.of(Files.readString(file)));
      Located<T> located = new Located<>(read(file, type), lines);
      List<String> mistakes = check.apply(located.value());
      if (!mistakes.isEmpty()) {
        throw new ConfigException(file, mistakes);
      }
      return located;
    } catch (ConfigException e) {
      throw new ConfigException(
          file, e.mistakes().stream().map(mistake -> KeyLines.located(mistake, lines)).toList());
    } catch (IOException e) {
      // Reading it again tells what is wrong with it.
      return new Located<>(read(file, type), lines);
    }
  }

  /**
   * A configuration and where its keys stand.
   *
   * @param lines line of each key, from 1
   */
  public record Located<T extends Record>(T value, Map<String, Integer> lines) {
    public Located {
      lines = Map.copyOf(lines);
    }

    /** Line of a key such as {@code rules[0].on}; 0 when the file does not have it. */
    public int line(String key) {
      return lines.getOrDefault(key, 0);
    }
  }

  /** All keys a file of this type can hold, one line each, for the operator who writes one. */
  public static String describe(Class<? extends Record> type) {
    return ConfigDescription.of(type);
  }

  private static Optional<JsonNode> parse(Path file, List<String> mistakes) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        mistakes.add("file: larger than " + FILE_BYTES_MAX + " bytes");
        return Optional.empty();
      }
      JsonNode tree = YAML.readTree(Files.readString(file));
      // An empty file is an empty object: its keys are then told one by one.
      return Optional.of(
          tree.isMissingNode() || tree.isNull() ? JsonNodeFactory.instance.objectNode() : tree);
    } catch (JsonProcessingException e) {
      mistakes.add(
          "line " + e.getLocation().getLineNr() + ": not readable as YAML: " + firstLine(e));
    } catch (NoSuchFileException e) {
      mistakes.add("file: does not exist");
    } catch (IOException e) {
      mistakes.add("file: can't be read: " + e);
    }
    return Optional.empty();
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }
}
