package org.odap.cli.terminal;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Standard output as it is: a terminal is redrawn in place and colored, anything else gets plain
 * lines. The environment variable NO_COLOR takes the colors away (no-color.org).
 */
public final class Terminal {
  private static final int WIDTH_UNKNOWN = 80;
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintStream out;
  private final boolean redraws;
  private final boolean colored;
  private final int width;

  /**
   * A terminal of known qualities.
   *
   * @param redraws whether the cursor can go back up
   * @param colored whether colors are wanted
   * @param width characters a line
   */
  public Terminal(PrintStream out, boolean redraws, boolean colored, int width) {
    this.out = out;
    this.redraws = redraws;
    this.colored = colored;
    this.width = width;
  }

  /** The process's own standard output. */
  public static Terminal system() {
    Map<String, String> environment = System.getenv();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean redraws =
        !dumb && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    boolean colored = redraws && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(out, redraws, colored, redraws ? columns() : Integer.MAX_VALUE);
  }

  /** Nothing but lines, as for a file. */
  public static Terminal plain(PrintStream out) {
    return new Terminal(out, false, false, Integer.MAX_VALUE);
  }

  public boolean redraws() {
    return redraws;
  }

  public int width() {
    return width;
  }

  /** The text in a color, where colors are wanted. */
  public String paint(Ink ink, String text) {
    return colored ? ink.paint(text) : text;
  }

  /** Prints one line. */
  public void line(String text) {
    out.println(text);
  }

  /** Prints lines over the last ones drawn; says how many lines there are now. */
  public int redraw(int linesBefore, List<String> lines) {
    StringBuilder screen = new StringBuilder();
    if (linesBefore > 0) {
      screen.append("\u001b[%dA".formatted(linesBefore)).append(CLEAR_BELOW);
    }
    lines.forEach(line -> screen.append(line).append('\n'));
    out.print(screen);
    out.flush();
    return lines.size();
  }

  /** Asks the terminal through stty, which every Unix has; 80 where there is no answer. */
  private static int columns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectErrorStream(true)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      String[] rowsAndColumns = answer.trim().split(" ", -1);
      int columns = Integer.parseInt(rowsAndColumns[rowsAndColumns.length - 1]);
      return columns > 0 ? columns : WIDTH_UNKNOWN;
    } catch (IOException | NumberFormatException unknown) {
      return WIDTH_UNKNOWN;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return WIDTH_UNKNOWN;
    }
  }
}
