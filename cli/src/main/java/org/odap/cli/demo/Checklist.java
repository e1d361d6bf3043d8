package org.odap.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.odap.cli.terminal.Ink;
import org.odap.cli.terminal.Terminal;

/** What a demonstration must show, each point a sentence that holds or does not. */
final class Checklist {
  private record Point(String sentence, boolean holds) {}

  private final List<Point> points = new ArrayList<>();

  void add(String sentence, boolean holds) {
    points.add(new Point(sentence, holds));
  }

  boolean holds() {
    return !points.isEmpty() && points.stream().allMatch(Point::holds);
  }

  ArrayNode json() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    points.forEach(
        point -> json.addObject().put("sentence", point.sentence()).put("holds", point.holds()));
    return json;
  }

  void print(Terminal terminal) {
    for (Point point : points) {
      String mark =
          point.holds() ? terminal.paint(Ink.GOOD, "  ok  ") : terminal.paint(Ink.BAD, "  NOT ");
      terminal.line(mark + point.sentence());
    }
    long failed = points.stream().filter(point -> !point.holds()).count();
    terminal.line(
        failed == 0
            ? terminal.paint(Ink.GOOD, "Everything held.")
            : terminal.paint(Ink.BAD, failed + " of " + points.size() + " did not hold."));
  }
}
