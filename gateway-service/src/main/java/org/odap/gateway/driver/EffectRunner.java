package org.odap.gateway.driver;

import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.Retry;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.gateway.ledger.Ledger;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.peer.PeerLink;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs one effect of a transfer until the transfer waits for it no longer: repeats with growing
 * pauses, and says so when the gateway's patience is over. The transfer's rules decide what that
 * means.
 */
final class EffectRunner implements Runnable {
  private static final Duration PAUSE_FIRST = Duration.ofMillis(50);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(EffectRunner.class);

  private final RunningTransfer running;
  private final Effect effect;
  private final Links links;
  private Duration pause = PAUSE_FIRST;

  /** What an effect is performed with. */
  record Links(
      Function<String, PeerLink> peers,
      Ledgers ledgers,
      Clock clock,
      Duration patience,
      DriverMetrics metrics) {}

  EffectRunner(RunningTransfer running, Effect effect, Links links) {
    this.running = running;
    this.effect = effect;
    this.links = links;
  }

  @Override
  public void run() {
    try {
      while (isWanted()) {
        try {
          attempt();
        } catch (OdapException e) {
          trouble(e);
        }
        if (isWanted()) {
          rest();
        }
      }
    } finally {
      calm();
    }
  }

  private boolean isWanted() {
    Transfer transfer = running.transfer();
    return !running.halted() && TransferMachine.pending(transfer).contains(effect);
  }

  private void attempt() {
    switch (effect) {
      case Effect.SendRequest send -> send(send.request());
      case Effect.PerformStep perform -> perform(perform);
    }
  }

  private void send(OdapMessage request) {
    Transfer transfer = running.transfer();
    PeerLink peer = links.peers().apply(transfer.session().peerIdentity());
    OdapMessage answer;
    try {
      answer =
          links
              .metrics()
              .message(
                  request.type(),
                  () -> peer.send(request, transfer.role(), transfer.session().peerPubkey()));
    } catch (OdapException e) {
      Retry retry = OdapErrors.retry(e.reason());
      if (retry == Retry.RETRY_SAME_CALL || retry == Retry.RETRY_ASK_AGAIN) {
        if (e.reason() == ErrorReason.ERROR_REASON_TOO_EARLY) {
          // The peer is there and at work: that is no trouble, however long it takes.
          calm();
          return;
        }
        throw e;
      }
      submit(new Input.PeerRefused(request.type(), Refusals.refusal(e)));
      return;
    }
    // An answer proves itself by its signature; the key is the one agreed, whoever carried it.
    submit(new Input.Received(answer, transfer.session().peerPubkey()));
  }

  private void perform(Effect.PerformStep perform) {
    Ledger ledger = links.ledgers().get(perform.dlt());
    StepOutcome outcome = links.metrics().ledgerStep(perform, () -> awaited(ledger, perform));
    switch (outcome.getState()) {
      case SUBMISSION_STATE_DONE -> submit(vouched(ledger, perform.step(), outcome.getClaim()));
      case SUBMISSION_STATE_FAILED ->
          submit(
              new Input.LedgerRefused(
                  perform.step(), outcome.getReason(), outcome.getDescription()));
      default -> {
        // Nobody waits for it any more.
      }
    }
  }

  /** What became of a step, once the ledger knows it or nobody wants it any more. */
  private StepOutcome awaited(Ledger ledger, Effect.PerformStep perform) {
    StepOutcome outcome = ledger.perform(perform.step(), perform.request());
    while (outcome.getState() != SubmissionState.SUBMISSION_STATE_DONE
        && outcome.getState() != SubmissionState.SUBMISSION_STATE_FAILED) {
      calm();
      rest();
      if (!isWanted()) {
        return outcome;
      }
      outcome = ledger.outcome(running.transfer().id(), perform.step(), outcome.getHandle());
    }
    return outcome;
  }

  /**
   * A first step of a tx that its participants know from another transfer is as good as refused.
   */
  private Input vouched(Ledger ledger, LedgerStep step, LedgerClaim claim) {
    try {
      return ledger.vouched(running.transfer().session(), claim);
    } catch (OdapException e) {
      boolean first =
          step == LedgerStep.LEDGER_STEP_LOCK || step == LedgerStep.LEDGER_STEP_LOG_INCOMING;
      if (!first || e.reason() != ErrorReason.ERROR_REASON_TX_IN_ANOTHER_TRANSFER) {
        throw e;
      }
      return new Input.LedgerRefused(step, e.reason(), e.description());
    }
  }

  private void submit(Input input) {
    var step = running.submit(input);
    if (step instanceof org.odap.core.transfer.Step.Refused refused && isWanted()) {
      throw Refusals.exception(refused.refusal());
    }
  }

  private void calm() {
    running.untroubled(effect);
  }

  private void trouble(OdapException e) {
    long now = links.clock().millis();
    Trouble trouble =
        running
            .trouble(effect)
            .map(before -> before.again(e))
            .orElseGet(() -> Trouble.first(name(), e, now));
    running.troubled(effect, trouble);
    links.metrics().failed(effect, e.reason());
    if (trouble.attempts() == 1) {
      log.atWarn()
          .addKeyValue("transfer", running.transfer().logId())
          .addKeyValue("state", running.transfer().state())
          .addKeyValue("effect", name())
          .addKeyValue("reason", OdapErrors.name(e.reason()))
          .addKeyValue("description", e.description())
          .log("effect failed, trying again");
    }
    if (now - trouble.since() >= links.patience().toMillis()) {
      stalled(e);
    }
  }

  private void stalled(OdapException e) {
    ErrorReason reason =
        effect instanceof Effect.SendRequest
            ? ErrorReason.ERROR_REASON_PEER_UNREACHABLE
            : ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE;
    try {
      submit(
          new Input.Stalled(
              reason,
              name()
                  + " without success for "
                  + links.patience().toSeconds()
                  + " s ("
                  + e.description()
                  + "): make sure that it runs and can be reached, then order it again"));
    } catch (OdapException failed) {
      log.atWarn()
          .addKeyValue("transfer", running.transfer().logId())
          .log("could not log that the transfer stalls");
    }
  }

  private String name() {
    return switch (effect) {
      case Effect.SendRequest send ->
          "sending " + send.request().type() + " to " + running.transfer().session().peerIdentity();
      case Effect.PerformStep perform -> words(perform.step()) + " on " + perform.dlt();
    };
  }

  private static String words(LedgerStep step) {
    return step.name()
        .substring("LEDGER_STEP_".length())
        .replace('_', ' ')
        .toLowerCase(Locale.ROOT);
  }

  /** Pauses, each time longer, but no longer than until the transfer changes. */
  private void rest() {
    int length = running.transfer().head().length();
    boolean _ = running.awaitEntries(length, pause);
    pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
  }
}
