package org.odap.cli.terminal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small table of text: columns as wide as their widest cell, the first row its head. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these column heads. */
  public TextTable(String... heads) {
    rows.add(List.of(heads));
  }

  /** Adds a row; it must have as many cells as there are heads. */
  public TextTable row(Object... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "cells: " + cells.length + " (expected: " + rows.getFirst().size() + ")");
    }
    rows.add(Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  /** The table's lines, heads first, numbers to the right. */
  public List<String> lines() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    boolean[] numeric = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      int at = column;
      widths[column] = rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
      numeric[column] =
          rows.size() > 1
              && rows.stream().skip(1).allMatch(row -> row.get(at).matches("-?[0-9][0-9.,]*|-"));
    }
    return rows.stream().map(row -> line(row, widths, numeric)).toList();
  }

  /** The table as one line of JSON: an object a row, named by the heads. */
  public String json() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (List<String> row : rows.subList(1, rows.size())) {
      ObjectNode object = json.addObject();
      for (int column = 0; column < row.size(); column++) {
        object.put(rows.getFirst().get(column), row.get(column));
      }
    }
    return json.toString();
  }

  private static String line(List<String> row, int[] widths, boolean[] numeric) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String gap = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? "" : "  ").append(numeric[column] ? gap + cell : cell + gap);
    }
    return line.toString().stripTrailing();
  }
}
