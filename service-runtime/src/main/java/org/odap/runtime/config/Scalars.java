package org.odap.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The single values a configuration can hold: how they are written, checked and described. */
final class Scalars {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private Scalars() {}

  /** The value, or empty when the node is not one of this type. */
  static Optional<Object> parse(JsonNode node, Class<?> given, boolean isDefault, Path folder) {
    Class<?> type = unboxed(given);
    String text = node.asText();
    if (type == int.class || type == long.class) {
      return node.isIntegralNumber() || isDefault ? wholeNumber(text, type) : Optional.empty();
    }
    if (type == double.class) {
      return node.isNumber() || isDefault ? decimal(text) : Optional.empty();
    }
    if (type == boolean.class) {
      return node.isBoolean() || isDefault ? Optional.of(text.equals("true")) : Optional.empty();
    }
    if (!node.isTextual()) {
      return Optional.empty();
    }
    if (type == String.class) {
      return Optional.of(text);
    }
    if (type == Duration.class) {
      return duration(text).map(Object.class::cast);
    }
    if (type == Path.class) {
      return path(text, folder);
    }
    if (type == URI.class) {
      return uri(text);
    }
    if (type.isEnum()) {
      return constant(text, type);
    }
    throw new IllegalStateException("no configuration value can be a " + type.getName());
  }

  static boolean isWithin(Object value, Optional<Bounds> bounds) {
    if (bounds.isEmpty()) {
      return true;
    }
    String min = bounds.get().min();
    String max = bounds.get().max();
    return switch (value) {
      case Double number ->
          (min.isEmpty() || number >= Double.parseDouble(min))
              && (max.isEmpty() || number <= Double.parseDouble(max));
      case Number number -> isBetween(number.longValue(), min, max);
      case String text -> isBetween(text.length(), min, max);
      case Duration duration ->
          (min.isEmpty() || duration.compareTo(duration(min).orElseThrow()) >= 0)
              && (max.isEmpty() || duration.compareTo(duration(max).orElseThrow()) <= 0);
      default -> throw new IllegalStateException("bounds on a " + value.getClass().getName());
    };
  }

  /** What an operator should write instead. */
  static String expected(Class<?> given, Optional<Bounds> bounds) {
    Class<?> type = unboxed(given);
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> written((Enum<?>) constant))
              .collect(Collectors.joining(", "));
    }
    String kind =
        switch (type.getSimpleName()) {
          case "int", "long" -> "a whole number";
          case "double" -> "a number";
          case "boolean" -> "true or false";
          case "Duration" -> "a duration such as 500ms, 30s, 5m";
          case "Path" -> "a path";
          case "URI" -> "a URI";
          default -> "a text (in quotes if it looks like a number)";
        };
    String length = type == String.class && bounds.isPresent() ? ", length" : "";
    return kind + length + range(bounds);
  }

  static String range(Optional<Bounds> bounds) {
    return bounds
        .map(b ->
            (b.min().isEmpty() ? "" : " from " + b.min())
                + (b.max().isEmpty() ? "" : " to " + b.max()))
        .orElse("");
  }

  static Optional<Duration> duration(String text) {
    Matcher match = DURATION.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(match.group(1));
    return Optional.of(
        switch (match.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  /** Lists, maps and optionals hold Integer where a component alone is an int. */
  private static Class<?> unboxed(Class<?> type) {
    return MethodType.methodType(type).unwrap().returnType();
  }

  private static boolean isBetween(long number, String min, String max) {
    return (min.isEmpty() || number >= Long.parseLong(min))
        && (max.isEmpty() || number <= Long.parseLong(max));
  }

  private static Optional<Object> wholeNumber(String text, Class<?> type) {
    try {
      return Optional.of(type == int.class ? (Object) Integer.valueOf(text) : Long.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Object> decimal(String text) {
    try {
      return Optional.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Object> path(String text, Path folder) {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(folder.resolve(text).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<Object> uri(String text) {
    try {
      URI uri = URI.create(text);
      return uri.isAbsolute() ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Object> constant(String text, Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> written((Enum<?>) constant).equals(text))
        .findFirst()
        .map(Object.class::cast);
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
