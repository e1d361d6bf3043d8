package org.odap.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import org.odap.cli.terminal.Ink;
import org.odap.cli.terminal.Terminal;
import picocli.CommandLine.Option;

/** How a command prints: for a person, or as JSON for a program. */
public final class OutputOptions {
  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  private final Terminal terminal = Terminal.system();

  /** Whether JSON was asked for. */
  public boolean json() {
    return json;
  }

  /** Where to print. */
  public Terminal terminal() {
    return terminal;
  }

  /** Tells a person what is going on; a program is not told. */
  public void step(String what) {
    if (!json) {
      terminal.line(terminal.paint(Ink.FAINT, what));
    }
  }

  /** Prints a message as one line of JSON. */
  public void print(MessageOrBuilder message) {
    terminal.line(json(message));
  }

  /** A message as one line of JSON. */
  public static String json(MessageOrBuilder message) {
    try {
      return JsonFormat.printer()
          .usingTypeRegistry(StoredTypes.REGISTRY)
          .omittingInsignificantWhitespace()
          .print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new CliException("the answer can't be printed as JSON: " + e.getMessage(), e);
    }
  }
}
