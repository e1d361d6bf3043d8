package org.odap.core.transfer;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.log.LogEntries;
import org.odap.core.session.Role;

/**
 * One gateway in memory: its log, the transfer as the log has it, and the ledger behind it. After
 * each input the log is verified and folded again.
 */
final class Side {
  /** What happened when an input reached a side. */
  record Taken(Transfer before, Input input, long now, Step step) {}

  private GatewaySetting setting;
  private final List<LogEntry> log = new ArrayList<>();
  private final List<Taken> history = new ArrayList<>();
  private Transfer transfer;
  private FakeLedger ledger;
  private final Set<String> keys = new HashSet<>();
  private boolean crashed;

  Side(Role role, GatewaySetting setting) {
    this.setting = setting;
    keys.add(setting.signer().publicKey());
    transfer = Transfer.unopened(role, Messages.frame());
    ledger =
        FakeLedger.empty(
            role == Role.SENDER ? Messages.SENDER_DLT : Messages.RECIPIENT_DLT, Messages.SESSION);
  }

  Role role() {
    return transfer.role();
  }

  Transfer transfer() {
    return transfer;
  }

  FakeLedger ledger() {
    return ledger;
  }

  List<LogEntry> log() {
    return List.copyOf(log);
  }

  List<Taken> history() {
    return List.copyOf(history);
  }

  String pubkey() {
    return setting.signer().publicKey();
  }

  GatewaySetting setting() {
    return setting;
  }

  boolean crashed() {
    return crashed;
  }

  /** Loses everything that is not in the log. */
  void crash() {
    crashed = true;
  }

  /** Starts again from the log. */
  void restart() {
    transfer = replay();
    crashed = false;
  }

  /** A backup of the gateway, with a key of its own, starts from the log (recovery-01 4.2). */
  void takeOver(GatewaySetting backup) {
    setting = backup;
    keys.add(backup.signer().publicKey());
    restart();
  }

  /** The end of the log is lost: what no gateway may ever let happen. */
  void loseEntries(int lost) {
    log.subList(log.size() - lost, log.size()).clear();
    restart();
  }

  /** Decides about an input, appends, and holds the log to what it must be. */
  Step take(Input given, long now) {
    Transfer before = transfer;
    Input input = Members.vouched(before.session(), given);
    Step step = TransferMachine.decide(before, input, setting, now);
    history.add(new Taken(before, input, now, step));
    if (step instanceof Step.Accepted accepted) {
      assertThat(accepted.entries()).isNotEmpty();
      log.addAll(accepted.entries());
      transfer = accepted.transfer();
      Observed decided = Observed.of(transfer, setting.timing());
      assertThat(Observed.of(fold(before, accepted.entries()), setting.timing()))
          .isEqualTo(decided);
      assertThat(Observed.of(replay(), setting.timing())).isEqualTo(decided);
      assertThat(LogEntries.verify(log, keys)).isEmpty();
    }
    return step;
  }

  /** Has the ledger do a step that is pending; the answer has not come in yet. */
  Input perform(Effect.PerformStep effect, long now) {
    FakeLedger.Answered answered = ledger.perform(effect.step(), effect.request(), now);
    ledger = answered.ledger();
    return answered.answer();
  }

  /** The request that waits to be sent. */
  Optional<OdapMessage> pendingRequest() {
    return TransferMachine.pending(transfer).stream()
        .filter(Effect.SendRequest.class::isInstance)
        .map(effect -> ((Effect.SendRequest) effect).request())
        .findFirst();
  }

  /** The ledger step that waits to be done. */
  Optional<Effect.PerformStep> pendingStep() {
    return TransferMachine.pending(transfer).stream()
        .filter(Effect.PerformStep.class::isInstance)
        .map(Effect.PerformStep.class::cast)
        .findFirst();
  }

  /** The transfer as the log alone tells it. */
  Transfer replay() {
    return fold(Transfer.unopened(role(), Messages.frame()), log);
  }

  /** The rows that inputs have taken so far. */
  Set<Rule> rulesTaken() {
    return history.stream()
        .flatMap(taken -> RulesTaken.of(taken, setting).stream())
        .collect(toSet());
  }

  static String word(LedgerStep step) {
    return step.name().substring("LEDGER_STEP_".length());
  }

  private static Transfer fold(Transfer from, List<LogEntry> entries) {
    Transfer folded = from;
    for (LogEntry entry : entries) {
      folded = TransferMachine.apply(folded, entry);
    }
    return folded;
  }
}
