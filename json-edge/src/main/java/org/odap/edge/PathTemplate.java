package org.odap.edge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path of an HTTP annotation: {@code /a/{b}/c}, {@code /a/{b=**}}, or with a variable of so many
 * segments. A verb ({@code /a/b:verb}) is part of its last, fixed segment.
 */
final class PathTemplate {
  private static final String ONE = "*";
  private static final String REST = "**";

  private final String text;
  private final List<Segment> segments;

  /** One segment: fixed, or one that any text matches; it belongs to a variable then. */
  private record Segment(String pattern, Optional<String> variable) {
    boolean matches(String given) {
      boolean isOpen = variable.isPresent() && pattern.equals(ONE);
      return isOpen ? !given.isEmpty() : pattern.equals(given);
    }
  }

  private PathTemplate(String text, List<Segment> segments) {
    this.text = text;
    this.segments = List.copyOf(segments);
  }

  /** Reads an annotation's path. */
  static PathTemplate parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("path: " + text + " (expected: one that starts with /)");
    }
    List<Segment> segments = new ArrayList<>();
    int at = 1;
    while (at <= text.length()) {
      int brace = text.indexOf('{', at) == at ? text.indexOf('}', at) : -1;
      int end = brace >= 0 ? brace + 1 : text.indexOf('/', at);
      end = end < 0 ? text.length() : end;
      String part = text.substring(at, end);
      if (brace >= 0) {
        variable(part.substring(1, part.length() - 1), segments);
      } else {
        segments.add(new Segment(part, Optional.empty()));
      }
      at = end + 1;
    }
    PathTemplate template = new PathTemplate(text, segments);
    template.check();
    return template;
  }

  private static void variable(String inside, List<Segment> segments) {
    int equals = inside.indexOf('=');
    Optional<String> name = Optional.of(equals < 0 ? inside : inside.substring(0, equals));
    String pattern = equals < 0 ? ONE : inside.substring(equals + 1);
    for (String part : pattern.split("/", -1)) {
      segments.add(new Segment(part, name));
    }
  }

  private void check() {
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean isLast = i == segments.size() - 1;
      if ((segment.pattern().equals(REST) && !isLast) || segment.pattern().contains("{")) {
        throw new IllegalArgumentException("path: " + text + " (expected: ** at the end only)");
      }
    }
  }

  /** The variables' values, if a path's segments fit. */
  Optional<Map<String, String>> match(List<String> path) {
    boolean hasRest = segments.getLast().pattern().equals(REST);
    if (hasRest ? path.size() < segments.size() : path.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < path.size(); i++) {
      Segment segment = segments.get(Math.min(i, segments.size() - 1));
      boolean isInRest = hasRest && i >= segments.size() - 1;
      String given = path.get(i);
      if (!isInRest && !segment.matches(given)) {
        return Optional.empty();
      }
      segment
          .variable()
          .ifPresent(name -> values.merge(name, given, (before, one) -> before + "/" + one));
    }
    return Optional.of(values);
  }

  /** The variables' names. */
  List<String> variables() {
    return segments.stream().flatMap(segment -> segment.variable().stream()).distinct().toList();
  }

  /** Whether every path that fits another template would fit this one as well, or the reverse. */
  boolean isLessExactThan(PathTemplate other) {
    return variables().size() > other.variables().size();
  }

  /** As OpenAPI writes it. */
  String openApi() {
    return text.replaceAll("\\{([A-Za-z0-9_.]+)=[^}]*}", "{$1}");
  }

  @Override
  public String toString() {
    return text;
  }
}
