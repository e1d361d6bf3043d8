package org.odap.cli.progress;

import java.util.Locale;
import org.odap.api.client.v1.Transfer;
import org.odap.api.log.v1.LogEntry;
import org.odap.cli.terminal.Terminal;
import org.odap.core.evidence.Act;

/**
 * Shows a transfer as it goes: the board redrawn in place on a terminal, one line an entry
 * elsewhere. Entries of both gateways may come from several threads; the view's lock keeps lines
 * whole.
 */
public final class ProgressView {
  private final Terminal terminal;
  private final ProgressBoard board;
  private int linesDrawn;

  /** A view of a transfer just ordered or found. */
  public ProgressView(Terminal terminal, Transfer transfer) {
    this.terminal = terminal;
    this.board = new ProgressBoard(transfer);
    if (terminal.redraws()) {
      draw();
    } else {
      terminal.line(board.heading());
    }
  }

  /** Shows one more entry of the log of "sender" or "recipient". */
  public synchronized void show(String role, Transfer standing, LogEntry entry) {
    board.take(standing, entry);
    board.trouble(role, standing);
    if (terminal.redraws()) {
      draw();
    } else {
      terminal.line(line(role, Act.of(entry)));
    }
  }

  /** Shows what one side tries without success, or that it does no longer. */
  public synchronized void trouble(String role, Transfer standing) {
    board.trouble(role, standing);
    if (terminal.redraws()) {
      draw();
    } else if (standing.hasTrouble()) {
      terminal.line(
          "  %8s    %-9s  %s"
              .formatted("", role, ProgressBoard.troubleText(standing.getTrouble())));
    }
  }

  /** Shows how the transfer ended. */
  public synchronized void end(Transfer last) {
    board.end(last);
    if (terminal.redraws()) {
      draw();
    } else {
      terminal.line("  " + ProgressBoard.outcomeText(last));
    }
  }

  /** The transfer as last heard of. */
  public synchronized Transfer transfer() {
    return board.transfer();
  }

  private void draw() {
    linesDrawn = terminal.redraw(linesDrawn, board.lines(terminal));
  }

  private String line(String role, Act act) {
    return "  %8.3f s  %-9s  %s.%-2d %-4s  %s"
        .formatted(
            board.sinceStart(act) / 1000.0,
            role,
            act.phase(),
            act.step(),
            act.operation().name().replace("LOG_OPERATION_", "").toLowerCase(Locale.ROOT),
            act.text());
  }
}
