package org.odap.core.transfer;

import static org.odap.core.transfer.LogCommand.FAIL_RECOVER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.session.Role;
import org.odap.core.transfer.Side.Taken;

/** What an operator's resolution does to transfers in all the states that the scenarios come to. */
final class Resolutions {
  private static final Input RESOLVED = new Input.Resolved("operator", "the ledger is lost");

  private Resolutions() {}

  /** The rows that resolutions take, of transfers as they are and of the same in dispute. */
  static Set<Rule> everywhere() {
    Set<Rule> rows = new HashSet<>();
    for (TwoGateways story : stories()) {
      for (Role role : Role.values()) {
        Side side = story.side(role);
        for (Taken taken : side.history()) {
          if (!taken.before().entries().isEmpty() && !taken.before().state().ended()) {
            rows(side, taken.before(), taken.now()).ifPresent(rows::add);
            rows(side, inDispute(side, taken), taken.now()).ifPresent(rows::add);
          }
        }
      }
    }
    return rows;
  }

  /** The row that a resolution takes now. */
  static Optional<Rule> rows(Side side, long now) {
    return rows(side, side.transfer(), now);
  }

  private static Optional<Rule> rows(Side side, Transfer transfer, long now) {
    Step step = TransferMachine.decide(transfer, RESOLVED, side.setting(), now);
    return RulesTaken.of(new Taken(transfer, RESOLVED, now, step), side.setting());
  }

  private static Transfer inDispute(Side side, Taken taken) {
    Writing w =
        new Writing(new Situation(taken.before(), taken.input(), side.setting(), taken.now()));
    w.fail(FAIL_RECOVER, ErrorReason.ERROR_REASON_LOG_DISPUTED, "the logs disagree", "self");
    return w.seal().transfer();
  }

  private static List<TwoGateways> stories() {
    Path folder = Golden.root().resolve("protocol-core/src/test/resources/scenarios");
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".txt")).map(Resolutions::told).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static TwoGateways told(Path file) {
    try {
      return Scenario.tell(Files.readAllLines(file)).world();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
