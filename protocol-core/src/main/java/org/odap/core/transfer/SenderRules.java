package org.odap.core.transfer;

import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_FINALIZE_LOCK;
import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_LOCK;
import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_RECORD_LOCATION;
import static org.odap.core.transfer.LogCommand.ACK_COMMENCE;
import static org.odap.core.transfer.LogCommand.ACK_COMMIT_FINAL;
import static org.odap.core.transfer.LogCommand.ACK_COMMIT_PREPARE;
import static org.odap.core.transfer.LogCommand.ACK_LOCK_EVIDENCE;
import static org.odap.core.transfer.LogCommand.ACK_PRE_COMMIT;
import static org.odap.core.transfer.LogCommand.ACK_TRANSFER_COMPLETE;
import static org.odap.core.transfer.LogCommand.ACK_VALIDATE;
import static org.odap.core.transfer.LogCommand.DONE_APPROVAL;
import static org.odap.core.transfer.LogCommand.DONE_LOCATION_RECORD;
import static org.odap.core.transfer.LogCommand.DONE_LOCK;
import static org.odap.core.transfer.LogCommand.DONE_LOCK_FINAL;
import static org.odap.core.transfer.LogCommand.EXEC_LOCATION_RECORD;
import static org.odap.core.transfer.LogCommand.EXEC_LOCK;
import static org.odap.core.transfer.LogCommand.EXEC_LOCK_FINAL;
import static org.odap.core.transfer.LogCommand.FAIL_INITIATION;
import static org.odap.core.transfer.LogCommand.FAIL_LOCATION_RECORD;
import static org.odap.core.transfer.LogCommand.FAIL_VALIDATE;
import static org.odap.core.transfer.LogCommand.INIT_APPROVAL;
import static org.odap.core.transfer.LogCommand.INIT_COMMENCE;
import static org.odap.core.transfer.LogCommand.INIT_COMMIT_FINAL;
import static org.odap.core.transfer.LogCommand.INIT_COMMIT_PREPARE;
import static org.odap.core.transfer.LogCommand.INIT_LOCK_EVIDENCE;
import static org.odap.core.transfer.LogCommand.INIT_PRE_COMMIT;
import static org.odap.core.transfer.LogCommand.INIT_TRANSFER;
import static org.odap.core.transfer.LogCommand.INIT_TRANSFER_COMPLETE;
import static org.odap.core.transfer.LogCommand.INIT_VALIDATE;
import static org.odap.core.transfer.SenderState.AWAITING_APPROVAL;
import static org.odap.core.transfer.SenderState.COMMENCING;
import static org.odap.core.transfer.SenderState.COMMITTING;
import static org.odap.core.transfer.SenderState.COMPLETED;
import static org.odap.core.transfer.SenderState.COMPLETING;
import static org.odap.core.transfer.SenderState.EVIDENCING;
import static org.odap.core.transfer.SenderState.FINALIZING;
import static org.odap.core.transfer.SenderState.LOCKING;
import static org.odap.core.transfer.SenderState.PRECOMMITTING;
import static org.odap.core.transfer.SenderState.PREPARING;
import static org.odap.core.transfer.SenderState.PROPOSED;
import static org.odap.core.transfer.SenderState.RECORDING;
import static org.odap.core.transfer.SenderState.REFUSED;
import static org.odap.core.transfer.SenderState.UNOPENED;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.storage.v1.ApprovalWanted;
import org.odap.core.attestation.Attestation.Standing;
import org.odap.core.commitment.CommitmentFlow;
import org.odap.core.envelope.MessageType;
import org.odap.core.initiation.Initiation;
import org.odap.core.initiation.InitiationPolicy.Asking;
import org.odap.core.lockevidence.LockEvidenceFlow;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.session.Timing;
import org.odap.core.transfer.Rollbacks.Why;

/** The sender gateway's rules, in the order of a transfer. */
final class SenderRules {
  /** States in which the lock on L1 has been begun and is undone when the transfer is given up. */
  private static final Set<SenderState> LOCK_BEGUN =
      EnumSet.of(LOCKING, EVIDENCING, PREPARING, PRECOMMITTING);

  static final List<Rule> RULES = rules();

  private SenderRules() {}

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    initiation(rules);
    lockEvidence(rules);
    commitment(rules);
    givingUp(rules);
    return List.copyOf(rules);
  }

  private static void initiation(List<Rule> rules) {
    rules.add(
        Rule.in(UNOPENED, Trigger.ORDERED, "ODAP 6.1, 6.2")
            .when("persons are to approve", s -> asking(s).isPresent())
            .moves(
                AWAITING_APPROVAL,
                w -> {
                  Input.Order order = (Input.Order) w.situation().input();
                  Asking asking = asking(w.situation()).orElseThrow();
                  w.note(INIT_TRANSFER, order.order());
                  w.note(
                      INIT_APPROVAL,
                      ApprovalWanted.newBuilder()
                          .setApprovers(asking.approvers())
                          .setUntil(asking.until())
                          .setTerms(order.terms())
                          .build());
                },
                INIT_TRANSFER,
                INIT_APPROVAL));
    approval(rules);
    rules.add(
        Rule.in(UNOPENED, Trigger.ORDERED, "ODAP 6.1")
            .moves(
                PROPOSED,
                w -> {
                  Input.Order order = (Input.Order) w.situation().input();
                  w.note(INIT_TRANSFER, order.order());
                  w.say(INIT_VALIDATE, Initiation.request(w.session(), order.terms(), w.signer()));
                },
                INIT_TRANSFER,
                INIT_VALIDATE));
    whenInTime(
        rules,
        Rule.in(PROPOSED, Trigger.receives(MessageType.INITIALIZATION_RESPONSE), "ODAP 6.2, 7.1"),
        COMMENCING,
        ACK_VALIDATE,
        INIT_COMMENCE,
        w ->
            w.say(
                INIT_COMMENCE,
                LockEvidenceFlow.commence(
                    w.session(), w.clientTransferNumber(), newResult(w), w.signer())));
    rules.add(
        Rule.in(PROPOSED, Trigger.receives(MessageType.INITIALIZATION_DENIED), "ODAP 6.2")
            .when("the alternative suits", s -> nextRound(s).isPresent())
            .moves(
                PROPOSED,
                w -> {
                  InitializationRequest terms = nextRound(w.situation()).orElseThrow();
                  w.take(FAIL_VALIDATE);
                  w.say(INIT_VALIDATE, Initiation.request(w.session(), terms, w.signer()));
                },
                FAIL_VALIDATE,
                INIT_VALIDATE));
    rules.add(
        Rule.in(PROPOSED, Trigger.receives(MessageType.INITIALIZATION_DENIED), "ODAP 6.2")
            .moves(
                REFUSED,
                w -> {
                  InitializationDenied denied =
                      w.situation().message().as(InitializationDenied.class);
                  w.take(FAIL_VALIDATE);
                  w.fail(
                      FAIL_INITIATION, Initiation.reason(denied), Initiation.words(denied), "peer");
                },
                FAIL_VALIDATE,
                FAIL_INITIATION));
  }

  /** Nobody but this gateway knows of the order yet: whatever ends it here tells no peer. */
  private static void approval(List<Rule> rules) {
    rules.add(
        Rule.in(AWAITING_APPROVAL, Trigger.APPROVED, "ODAP 6.2")
            .when("by who ordered it", SenderRules::ownOrder)
            .refuses(ErrorReason.ERROR_REASON_OWN_ORDER));
    for (Trigger on : List.of(Trigger.APPROVED, Trigger.TIME_PASSES)) {
      rules.add(
          Rule.in(AWAITING_APPROVAL, on, "ODAP 6.2")
              .when("its time is over", s -> s.now() >= s.transfer().approvals().until())
              .moves(
                  REFUSED,
                  w ->
                      w.fail(
                          FAIL_INITIATION,
                          ErrorReason.ERROR_REASON_EXPIRED,
                          "not approved in time: order it again",
                          "clock"),
                  FAIL_INITIATION));
    }
    rules.add(
        Rule.in(AWAITING_APPROVAL, Trigger.APPROVED, "ODAP 6.2")
            .when("more are to approve", s -> !s.transfer().approvals().lacksOne())
            .moves(AWAITING_APPROVAL, Writing::approve, DONE_APPROVAL));
    // The session is opened by the key it is proposed under: another replica's has another one.
    rules.add(
        Rule.in(AWAITING_APPROVAL, Trigger.APPROVED, "ODAP 6.1, recovery-01 4.2")
            .when("another replica took the order", SenderRules::anotherKey)
            .moves(
                REFUSED,
                w ->
                    w.fail(
                        FAIL_INITIATION,
                        ErrorReason.ERROR_REASON_KEY_WRONG,
                        "the replica that took the order is gone: order it again",
                        "self"),
                FAIL_INITIATION));
    rules.add(
        Rule.in(AWAITING_APPROVAL, Trigger.APPROVED, "ARCH 6")
            .when("the recipient's machine is not attested", Situation::isUnattested)
            .moves(
                REFUSED,
                w -> {
                  Why why = unattested(w);
                  w.fail(FAIL_INITIATION, why.reason(), why.description(), why.origin());
                },
                FAIL_INITIATION));
    rules.add(
        Rule.in(AWAITING_APPROVAL, Trigger.APPROVED, "ODAP 6.1, 6.2")
            .moves(
                PROPOSED,
                w -> {
                  InitializationRequest terms = approvedTerms(w.situation());
                  w.approve();
                  w.say(INIT_VALIDATE, Initiation.request(w.session(), terms, w.signer()));
                },
                DONE_APPROVAL,
                INIT_VALIDATE));
    for (Trigger on : List.of(Trigger.DECLINED, Trigger.CANCELED)) {
      rules.add(
          Rule.in(AWAITING_APPROVAL, on, "ODAP 6.2")
              .moves(
                  REFUSED,
                  w -> {
                    Why why = Why.of(w.situation().input());
                    w.fail(FAIL_INITIATION, why.reason(), why.description(), why.origin());
                  },
                  FAIL_INITIATION));
    }
  }

  private static Optional<Asking> asking(Situation s) {
    Input.Order order = (Input.Order) s.input();
    return s.gateway().policy().judgeOrder(order.terms(), s.session().peerIdentity(), s.now());
  }

  private static boolean ownOrder(Situation s) {
    String client = ((Input.Approved) s.input()).client();
    return s.transfer().order().filter(order -> order.getClient().equals(client)).isPresent();
  }

  private static boolean anotherKey(Situation s) {
    return !s.session().openingOwnPubkey().equals(s.session().ownPubkey());
  }

  /** The asset stays locked for as long as its owner ordered, counted from the approval. */
  private static InitializationRequest approvedTerms(Situation s) {
    InitializationRequest terms = s.transfer().approvals().terms().orElseThrow();
    long waited = s.now() - s.transfer().startedAt();
    return terms.toBuilder()
        .setExpiryTime(terms.getExpiryTime() + waited)
        .setAttestationResult(s.attestationResult())
        .build();
  }

  private static Why unattested(Writing w) {
    Standing.Failed failed = (Standing.Failed) w.situation().attested();
    return new Why(failed.reason(), failed.description(), "self");
  }

  /** A result newer than the proposal's: that one may be of long ago. */
  private static String newResult(Writing w) {
    return w.situation().newAttestationResult(w.session().proposal().getAttestationResult());
  }

  private static void lockEvidence(List<Rule> rules) {
    whenInTime(
        rules,
        Rule.in(
            COMMENCING,
            Trigger.receives(MessageType.TRANSFER_COMMENCE_ACK),
            "ODAP 7.2, ARCH 7 (2.3)"),
        LOCKING,
        ACK_COMMENCE,
        EXEC_LOCK,
        w -> w.begin(EXEC_LOCK, LEDGER_STEP_LOCK));
    rules.add(
        Rule.in(LOCKING, Trigger.did(LEDGER_STEP_LOCK), "ODAP 7.3")
            .moves(
                EVIDENCING,
                w -> {
                  w.done(DONE_LOCK);
                  w.say(
                      INIT_LOCK_EVIDENCE,
                      LockEvidenceFlow.evidence(
                          w.session(),
                          w.clientTransferNumber(),
                          ((Input.LedgerDid) w.situation().input()).dealt(),
                          w.signer()));
                },
                DONE_LOCK,
                INIT_LOCK_EVIDENCE));
  }

  private static void commitment(List<Rule> rules) {
    whenInTime(
        rules,
        Rule.in(EVIDENCING, Trigger.receives(MessageType.LOCK_EVIDENCE_ACK), "ODAP 7.4, 8.1"),
        PREPARING,
        ACK_LOCK_EVIDENCE,
        INIT_COMMIT_PREPARE,
        w ->
            w.say(
                INIT_COMMIT_PREPARE,
                CommitmentFlow.prepare(w.session(), w.clientTransferNumber(), w.signer())));
    whenInTime(
        rules,
        Rule.in(
                PREPARING,
                Trigger.receives(MessageType.COMMIT_PREPARE_ACK),
                "ODAP 8.2, ARCH 8 (3.3)")
            .when("two-phase commit", s -> !s.session().isThreePhase()),
        FINALIZING,
        ACK_COMMIT_PREPARE,
        EXEC_LOCK_FINAL,
        w -> w.begin(EXEC_LOCK_FINAL, LEDGER_STEP_FINALIZE_LOCK));
    whenInTime(
        rules,
        Rule.in(
                PREPARING,
                Trigger.receives(MessageType.COMMIT_PREPARE_ACK),
                "ODAP 8.2, recovery-01 4.1")
            .when("three-phase commit", s -> s.session().isThreePhase()),
        PRECOMMITTING,
        ACK_COMMIT_PREPARE,
        INIT_PRE_COMMIT,
        w ->
            w.say(
                INIT_PRE_COMMIT,
                CommitmentFlow.preCommit(w.session(), w.clientTransferNumber(), w.signer())));
    whenInTime(
        rules,
        Rule.in(
            PRECOMMITTING,
            Trigger.receives(MessageType.PRE_COMMIT_ACK),
            "recovery-01 4.1, ARCH 8 (3.3)"),
        FINALIZING,
        ACK_PRE_COMMIT,
        EXEC_LOCK_FINAL,
        w -> w.begin(EXEC_LOCK_FINAL, LEDGER_STEP_FINALIZE_LOCK));
    rules.add(
        Rule.in(FINALIZING, Trigger.did(LEDGER_STEP_FINALIZE_LOCK), "ODAP 8.3")
            .moves(
                COMMITTING,
                w -> {
                  w.done(DONE_LOCK_FINAL);
                  w.say(
                      INIT_COMMIT_FINAL,
                      CommitmentFlow.commitFinal(
                          w.session(), w.clientTransferNumber(), w.signer()));
                },
                DONE_LOCK_FINAL,
                INIT_COMMIT_FINAL));
    rules.add(
        Rule.in(
                COMMITTING,
                Trigger.receives(MessageType.COMMIT_FINAL_ACK),
                "ODAP 8.4, ARCH 8 (3.7)")
            .moves(
                RECORDING,
                w -> {
                  w.take(ACK_COMMIT_FINAL);
                  w.begin(EXEC_LOCATION_RECORD, LEDGER_STEP_RECORD_LOCATION);
                },
                ACK_COMMIT_FINAL,
                EXEC_LOCATION_RECORD));
    rules.add(
        Rule.in(RECORDING, Trigger.did(LEDGER_STEP_RECORD_LOCATION), "ODAP 8.5")
            .moves(
                COMPLETING,
                w -> {
                  w.done(DONE_LOCATION_RECORD);
                  complete(w);
                },
                DONE_LOCATION_RECORD,
                INIT_TRANSFER_COMPLETE));
    rules.add(
        Rule.in(
                RECORDING,
                Trigger.ledgerRefuses(LEDGER_STEP_RECORD_LOCATION),
                "ARCH 8 (3.7 is optional)")
            .moves(
                COMPLETING,
                w -> {
                  Input.LedgerRefused refused = (Input.LedgerRefused) w.situation().input();
                  w.fail(FAIL_LOCATION_RECORD, refused.reason(), refused.description(), "ledger");
                  complete(w);
                },
                FAIL_LOCATION_RECORD,
                INIT_TRANSFER_COMPLETE));
    rules.add(
        Rule.in(COMPLETING, Trigger.receives(MessageType.TRANSFER_COMPLETE_ACK), "ODAP 8.5")
            .moves(COMPLETED, w -> w.take(ACK_TRANSFER_COMPLETE), ACK_TRANSFER_COMPLETE));
  }

  private static void complete(Writing w) {
    w.say(
        INIT_TRANSFER_COMPLETE,
        CommitmentFlow.complete(w.session(), w.clientTransferNumber(), w.signer()));
  }

  /**
   * Three rows: with the answer the transfer goes on while the recipient's machine is attested
   * (ARCH 6) and there is time to end it, else it is given up (ODAP 7.3).
   */
  private static void whenInTime(
      List<Rule> rules,
      Rule.Row row,
      State to,
      LogCommand take,
      LogCommand then,
      Consumer<Writing> write) {
    SenderState from = (SenderState) row.from();
    rules.add(
        new Rollbacks(Role.SENDER, rules)
            .givesUp(
                row.and("the recipient's machine is not attested", Situation::isUnattested),
                LOCK_BEGUN.contains(from),
                SenderRules::unattested,
                take));
    rules.add(
        row.and("it can end before the lock expires", tooLateIn(from).negate())
            .moves(
                to,
                w -> {
                  w.take(take);
                  write.accept(w);
                },
                take,
                then));
    rules.add(
        new Rollbacks(Role.SENDER, rules)
            .givesUp(
                row.and("it can't", tooLateIn(from)),
                LOCK_BEGUN.contains(from),
                SenderRules::tooLate,
                take));
  }

  private static void givingUp(List<Rule> rules) {
    Rollbacks rollbacks = new Rollbacks(Role.SENDER, rules);
    Consumer<Writing> refused =
        w -> {
          Why why = Why.of(w.situation().input());
          w.fail(FAIL_INITIATION, why.reason(), why.description(), why.origin());
        };
    rules.add(
        Rule.in(PROPOSED, Trigger.isRefused(MessageType.INITIALIZATION_REQUEST), "ODAP 6.2")
            .moves(REFUSED, refused, FAIL_INITIATION));
    // The recipient may have agreed: what it agreed to expires by itself, nothing is on its ledger.
    rules.add(
        Rule.in(PROPOSED, Trigger.STALLED, "ODAP 6.1").moves(REFUSED, refused, FAIL_INITIATION));
    for (SenderState from :
        List.of(PROPOSED, COMMENCING, LOCKING, EVIDENCING, PREPARING, PRECOMMITTING)) {
      boolean begun = LOCK_BEGUN.contains(from);
      for (Trigger on : stops(from)) {
        rollbacks.givesUpOn(from, begun, on);
      }
      Rule.Row time = Rule.in(from, Trigger.TIME_PASSES, "ODAP 7.3");
      rules.add(
          rollbacks.givesUp(
              time.when("it can't end before the lock expires", tooLateIn(from)),
              begun,
              SenderRules::tooLate));
      rollbacks.peerGivesUp(from, begun);
      rollbacks.resolvesInDispute(from);
    }
    rules.add(
        rollbacks.givesUp(
            Rule.in(
                    FINALIZING,
                    Trigger.ledgerRefuses(LEDGER_STEP_FINALIZE_LOCK),
                    "ODAP 7.3, ARCH 8 (3.3)")
                .when("the lock is gone by the ledger's own word", SenderRules::lockGone),
            true,
            w -> Why.of(w.situation().input())));
    ErrorReason past = ErrorReason.ERROR_REASON_PAST_COMMIT_POINT;
    for (SenderState from : List.of(FINALIZING, COMMITTING, RECORDING, COMPLETING)) {
      rollbacks.refuses(from, past, past);
      rollbacks.resolves(from);
    }
    rollbacks.ends();
  }

  private static List<Trigger> stops(SenderState from) {
    return switch (from) {
      case PROPOSED -> List.of(Trigger.CANCELED);
      case COMMENCING ->
          List.of(
              Trigger.isRefused(MessageType.TRANSFER_COMMENCE), Trigger.STALLED, Trigger.CANCELED);
      case LOCKING ->
          List.of(Trigger.ledgerRefuses(LEDGER_STEP_LOCK), Trigger.STALLED, Trigger.CANCELED);
      case EVIDENCING ->
          List.of(Trigger.isRefused(MessageType.LOCK_EVIDENCE), Trigger.STALLED, Trigger.CANCELED);
      case PREPARING ->
          List.of(Trigger.isRefused(MessageType.COMMIT_PREPARE), Trigger.STALLED, Trigger.CANCELED);
      default ->
          List.of(Trigger.isRefused(MessageType.PRE_COMMIT), Trigger.STALLED, Trigger.CANCELED);
    };
  }

  private static boolean lockGone(Situation s) {
    ErrorReason reason = ((Input.LedgerRefused) s.input()).reason();
    return reason == ErrorReason.ERROR_REASON_LOCK_EXPIRED
        || reason == ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER;
  }

  /** Time that must be left before the lock's expiry for the transfer to go on from a state. */
  static long marginMillis(SenderState state, Session session, Timing timing) {
    long preCommit =
        session.isThreePhase() && state != PRECOMMITTING ? timing.preCommitMillis() : 0;
    return preCommit
        + switch (state) {
          case PROPOSED, COMMENCING -> timing.lockMarginMillis();
          case LOCKING, EVIDENCING -> timing.commitMarginMillis();
          default -> timing.finalizeMarginMillis();
        };
  }

  private static Predicate<Situation> tooLateIn(SenderState from) {
    return s -> s.millisLeft() < marginMillis(from, s.session(), s.timing());
  }

  private static Why tooLate(Writing w) {
    return new Why(
        ErrorReason.ERROR_REASON_EXPIRY_TOO_NEAR,
        "the lock expires in "
            + w.situation().millisLeft()
            + " ms, too soon to end the transfer safely: order it again with a longer lock",
        "clock");
  }

  private static Optional<InitializationRequest> nextRound(Situation s) {
    if (s.session().rounds() >= Initiation.ROUNDS_MAX) {
      return Optional.empty();
    }
    InitializationDenied denied = s.message().as(InitializationDenied.class);
    return s.gateway().policy().nextRound(s.session().proposal(), denied, s.now());
  }
}
