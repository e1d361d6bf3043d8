package org.odap.core.transfer;

import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_CREATE;
import static org.odap.api.common.v1.LedgerStep.LEDGER_STEP_LOG_INCOMING;
import static org.odap.core.transfer.LogCommand.ACK_COMMENCE;
import static org.odap.core.transfer.LogCommand.ACK_COMMIT_FINAL;
import static org.odap.core.transfer.LogCommand.ACK_COMMIT_PREPARE;
import static org.odap.core.transfer.LogCommand.ACK_LOCK_EVIDENCE;
import static org.odap.core.transfer.LogCommand.ACK_PRE_COMMIT;
import static org.odap.core.transfer.LogCommand.ACK_TRANSFER_COMPLETE;
import static org.odap.core.transfer.LogCommand.ACK_VALIDATE;
import static org.odap.core.transfer.LogCommand.DONE_APPROVAL;
import static org.odap.core.transfer.LogCommand.DONE_CREATE;
import static org.odap.core.transfer.LogCommand.DONE_LOG_INCOMING;
import static org.odap.core.transfer.LogCommand.DONE_ROLLBACK;
import static org.odap.core.transfer.LogCommand.DONE_VALIDATE;
import static org.odap.core.transfer.LogCommand.EXEC_COMMENCE;
import static org.odap.core.transfer.LogCommand.EXEC_COMMIT_FINAL;
import static org.odap.core.transfer.LogCommand.EXEC_COMMIT_PREPARE;
import static org.odap.core.transfer.LogCommand.EXEC_CREATE;
import static org.odap.core.transfer.LogCommand.EXEC_LOCK_EVIDENCE;
import static org.odap.core.transfer.LogCommand.EXEC_LOG_INCOMING;
import static org.odap.core.transfer.LogCommand.EXEC_PRE_COMMIT;
import static org.odap.core.transfer.LogCommand.EXEC_TRANSFER_COMPLETE;
import static org.odap.core.transfer.LogCommand.EXEC_VALIDATE;
import static org.odap.core.transfer.LogCommand.FAIL_INITIATION;
import static org.odap.core.transfer.LogCommand.FAIL_TRANSFER;
import static org.odap.core.transfer.LogCommand.FAIL_VALIDATE;
import static org.odap.core.transfer.LogCommand.INIT_APPROVAL;
import static org.odap.core.transfer.LogCommand.INIT_RECOVER;
import static org.odap.core.transfer.RecipientState.AGREED;
import static org.odap.core.transfer.RecipientState.ANNOUNCED;
import static org.odap.core.transfer.RecipientState.ANNOUNCING;
import static org.odap.core.transfer.RecipientState.AWAITING_APPROVAL;
import static org.odap.core.transfer.RecipientState.COMMENCED;
import static org.odap.core.transfer.RecipientState.COMPLETED;
import static org.odap.core.transfer.RecipientState.CREATED;
import static org.odap.core.transfer.RecipientState.CREATING;
import static org.odap.core.transfer.RecipientState.DENIED;
import static org.odap.core.transfer.RecipientState.EVIDENCED;
import static org.odap.core.transfer.RecipientState.PRECOMMITTED;
import static org.odap.core.transfer.RecipientState.PREPARED;
import static org.odap.core.transfer.RecipientState.REFUSED;
import static org.odap.core.transfer.RecipientState.ROLLED_BACK;
import static org.odap.core.transfer.RecipientState.UNOPENED;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.storage.v1.Acceptance;
import org.odap.api.storage.v1.ApprovalWanted;
import org.odap.core.attestation.Attestation.Standing;
import org.odap.core.commitment.CommitmentFlow;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.initiation.Initiation;
import org.odap.core.initiation.InitiationPolicy.Agree;
import org.odap.core.initiation.InitiationPolicy.AskApprover;
import org.odap.core.initiation.InitiationPolicy.Deny;
import org.odap.core.initiation.InitiationPolicy.Verdict;
import org.odap.core.lockevidence.LockEvidenceFlow;
import org.odap.core.session.Role;
import org.odap.core.transfer.Rollbacks.Why;

/** The recipient gateway's rules, in the order of a transfer. */
final class RecipientRules {
  static final List<Rule> RULES = rules();

  private RecipientRules() {}

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    Trigger proposed = Trigger.receives(MessageType.INITIALIZATION_REQUEST);
    forAnother(
        rules,
        Rule.in(UNOPENED, proposed, "ODAP 6.2, recovery-01 4.2")
            .when("it names another replica", Situation::isForAnother));
    for (RecipientState from : List.of(UNOPENED, DENIED)) {
      proposal(rules, Rule.in(from, proposed, "ODAP 6.2"));
    }
    approval(rules);
    lockEvidence(rules);
    commitment(rules);
    givingUp(rules);
    return List.copyOf(rules);
  }

  private static void proposal(List<Rule> rules, Rule.Row row) {
    taken(rules, row, EXEC_VALIDATE);
    rules.add(
        denied(
            row.and("the rules deny and have an alternative", s -> alternative(judged(s))),
            EXEC_VALIDATE,
            FAIL_VALIDATE));
    rules.add(
        row.and("the rules deny", s -> judged(s) instanceof Deny)
            .moves(
                REFUSED,
                w -> {
                  Deny deny = (Deny) judged(w.situation());
                  takeProposal(w);
                  denyForGood(w, deny);
                },
                EXEC_VALIDATE,
                FAIL_VALIDATE,
                FAIL_INITIATION));
  }

  /** The replica it names went before it took it: the peer hears first who takes it instead. */
  private static void forAnother(List<Rule> rules, Rule.Row row) {
    taken(rules, row, EXEC_VALIDATE, INIT_RECOVER);
    // A closed log says nothing any more: it stays open for as long as the proposal holds.
    rules.add(
        denied(
            row.and("the rules deny", s -> judged(s) instanceof Deny),
            EXEC_VALIDATE,
            INIT_RECOVER,
            FAIL_VALIDATE));
  }

  private static void taken(List<Rule> rules, Rule.Row row, LogCommand... first) {
    rules.add(
        row.and("the rules agree", s -> judged(s) instanceof Agree)
            .moves(
                AGREED,
                w -> {
                  Agree agreed = (Agree) judged(w.situation());
                  takeProposal(w);
                  agree(w, agreed, "");
                },
                and(first, DONE_VALIDATE, ACK_VALIDATE)));
    rules.add(
        row.and("a person is to approve", s -> judged(s) instanceof AskApprover)
            .moves(
                AWAITING_APPROVAL,
                w -> {
                  AskApprover asks = (AskApprover) judged(w.situation());
                  takeProposal(w);
                  w.note(
                      INIT_APPROVAL,
                      ApprovalWanted.newBuilder()
                          .setApprovers(asks.approvers())
                          .setUntil(w.session().expiryTime())
                          .build());
                },
                and(first, INIT_APPROVAL)));
  }

  private static Rule denied(Rule.Row row, LogCommand... logs) {
    return row.moves(
        DENIED,
        w -> {
          Deny deny = (Deny) judged(w.situation());
          takeProposal(w);
          OdapMessage _ = deny(w, deny);
        },
        logs);
  }

  private static LogCommand[] and(LogCommand[] first, LogCommand... then) {
    return Stream.of(first, then).flatMap(Stream::of).toArray(LogCommand[]::new);
  }

  private static void takeProposal(Writing w) {
    w.take(EXEC_VALIDATE);
    if (w.situation().isForAnother()) {
      w.introduce(true);
    }
  }

  private static void approval(List<Rule> rules) {
    for (Trigger on : List.of(Trigger.APPROVED, Trigger.TIME_PASSES)) {
      rules.add(
          Rule.in(AWAITING_APPROVAL, on, "ODAP 6.2")
              .when("the proposal has expired", RecipientRules::expired)
              .moves(
                  REFUSED,
                  w -> denyForGood(w, rejection("expiry_time", "expired before anyone approved")),
                  FAIL_VALIDATE,
                  FAIL_INITIATION));
    }
    rules.add(
        Rule.in(AWAITING_APPROVAL, Trigger.APPROVED, "ODAP 6.2")
            .when(
                "the rules still let it, and more are to approve",
                s -> terms(s).isPresent() && !s.transfer().approvals().lacksOne())
            .moves(AWAITING_APPROVAL, Writing::approve, DONE_APPROVAL));
    rules.add(
        Rule.in(AWAITING_APPROVAL, Trigger.APPROVED, "ODAP 6.2")
            .when("the rules still let it", s -> terms(s).isPresent())
            .moves(
                AGREED,
                w -> {
                  Input.Approved approved = (Input.Approved) w.situation().input();
                  Agree terms = terms(w.situation()).orElseThrow();
                  w.approve();
                  agree(w, terms, approved.client());
                },
                DONE_APPROVAL,
                DONE_VALIDATE,
                ACK_VALIDATE));
    rules.add(
        Rule.in(AWAITING_APPROVAL, Trigger.APPROVED, "ODAP 6.2")
            .when("the rules deny by now", s -> terms(s).isEmpty())
            .moves(
                REFUSED,
                w -> denyForGood(w, (Deny) waiting(w.situation())),
                FAIL_VALIDATE,
                FAIL_INITIATION));
    for (Trigger on : List.of(Trigger.DECLINED, Trigger.CANCELED)) {
      rules.add(
          Rule.in(AWAITING_APPROVAL, on, "ODAP 6.2")
              .moves(
                  REFUSED,
                  w ->
                      denyForGood(
                          w,
                          rejection(
                              Initiation.APPROVAL, Why.of(w.situation().input()).description())),
                  FAIL_VALIDATE,
                  FAIL_INITIATION));
    }
    rules.add(
        Rule.in(DENIED, Trigger.TIME_PASSES, "ODAP 6.2")
            .when("the proposal has expired", RecipientRules::expired)
            .moves(
                REFUSED,
                w ->
                    w.fail(
                        FAIL_INITIATION,
                        ErrorReason.ERROR_REASON_EXPIRED,
                        "no other proposal came",
                        "clock"),
                FAIL_INITIATION));
  }

  private static void lockEvidence(List<Rule> rules) {
    Rule.Row commence =
        Rule.in(
            AGREED, Trigger.receives(MessageType.TRANSFER_COMMENCE), "ODAP 7.1, 7.2, ARCH 7 (2.4)");
    onlyAttested(rules, commence);
    rules.add(
        commence
            .when("the InterTrust mode", s -> s.session().isInterTrust())
            .moves(COMMENCED, RecipientRules::commenced, EXEC_COMMENCE, ACK_COMMENCE));
    rules.add(
        commence.moves(
            ANNOUNCING,
            w -> {
              commenced(w);
              w.begin(EXEC_LOG_INCOMING, LEDGER_STEP_LOG_INCOMING);
            },
            EXEC_COMMENCE,
            ACK_COMMENCE,
            EXEC_LOG_INCOMING));
    // Participants sign unlock in answer to the lock alone: nothing is on L2 before.
    Rule.Row lock =
        Rule.in(COMMENCED, Trigger.receives(MessageType.LOCK_EVIDENCE), "IT Verification");
    onlyAttested(rules, lock);
    rules.add(
        lock.moves(
            ANNOUNCING,
            w -> {
              w.take(EXEC_LOCK_EVIDENCE);
              w.begin(EXEC_LOG_INCOMING, LEDGER_STEP_LOG_INCOMING);
            },
            EXEC_LOCK_EVIDENCE,
            EXEC_LOG_INCOMING));
    Rule.Row announced = Rule.in(ANNOUNCING, Trigger.did(LEDGER_STEP_LOG_INCOMING), "ARCH 7 (2.4)");
    rules.add(
        announced
            .when("the InterTrust mode", s -> s.session().isInterTrust())
            .moves(
                EVIDENCED,
                w -> {
                  w.done(DONE_LOG_INCOMING);
                  OdapMessage request = w.session().message(MessageType.LOCK_EVIDENCE);
                  w.say(
                      ACK_LOCK_EVIDENCE,
                      LockEvidenceFlow.evidenceAck(w.session(), request, w.signer()));
                },
                DONE_LOG_INCOMING,
                ACK_LOCK_EVIDENCE));
    rules.add(announced.moves(ANNOUNCED, w -> w.done(DONE_LOG_INCOMING), DONE_LOG_INCOMING));
    // The evidence is taken once the reference it will be created with exists on L2.
    rules.add(
        Rule.in(ANNOUNCING, Trigger.receives(MessageType.LOCK_EVIDENCE), "ARCH 7 (2.4, 2.5)")
            .waits());
    Rule.Row evidence =
        Rule.in(ANNOUNCED, Trigger.receives(MessageType.LOCK_EVIDENCE), "ODAP 7.3, 7.4");
    onlyAttested(rules, evidence);
    rules.add(
        evidence.moves(
            EVIDENCED,
            w -> {
              w.take(EXEC_LOCK_EVIDENCE);
              w.say(
                  ACK_LOCK_EVIDENCE,
                  LockEvidenceFlow.evidenceAck(w.session(), request(w), w.signer()));
            },
            EXEC_LOCK_EVIDENCE,
            ACK_LOCK_EVIDENCE));
  }

  private static void commenced(Writing w) {
    w.take(EXEC_COMMENCE);
    w.say(
        ACK_COMMENCE,
        LockEvidenceFlow.commenceAck(w.session(), request(w), newResult(w), w.signer()));
  }

  private static void commitment(List<Rule> rules) {
    Rule.Row prepare =
        Rule.in(EVIDENCED, Trigger.receives(MessageType.COMMIT_PREPARE), "ODAP 8.1, 8.2");
    onlyAttested(rules, prepare);
    rules.add(
        prepare.moves(
            PREPARED,
            w -> {
              w.take(EXEC_COMMIT_PREPARE);
              w.say(
                  ACK_COMMIT_PREPARE,
                  CommitmentFlow.prepareAck(w.session(), request(w), w.signer()));
            },
            EXEC_COMMIT_PREPARE,
            ACK_COMMIT_PREPARE));
    rules.add(
        Rule.in(PREPARED, Trigger.receives(MessageType.PRE_COMMIT), "recovery-01 4.1")
            .when("three-phase commit", s -> s.session().isThreePhase())
            .moves(
                PRECOMMITTED,
                w -> {
                  w.take(EXEC_PRE_COMMIT);
                  w.say(
                      ACK_PRE_COMMIT,
                      CommitmentFlow.preCommitAck(w.session(), request(w), w.signer()));
                },
                EXEC_PRE_COMMIT,
                ACK_PRE_COMMIT));
    extinguished(
        rules,
        Rule.in(PREPARED, Trigger.receives(MessageType.COMMIT_FINAL), "ODAP 8.3, ARCH 8 (3.5)")
            .when("two-phase commit", s -> !s.session().isThreePhase()));
    extinguished(
        rules,
        Rule.in(
            PRECOMMITTED, Trigger.receives(MessageType.COMMIT_FINAL), "ODAP 8.3, ARCH 8 (3.5)"));
    rules.add(
        Rule.in(CREATING, Trigger.did(LEDGER_STEP_CREATE), "ODAP 8.4")
            .moves(
                CREATED,
                w -> {
                  w.done(DONE_CREATE);
                  OdapMessage request = w.session().message(MessageType.COMMIT_FINAL);
                  w.say(
                      ACK_COMMIT_FINAL,
                      CommitmentFlow.commitFinalAck(w.session(), request, w.signer()));
                },
                DONE_CREATE,
                ACK_COMMIT_FINAL));
    rules.add(
        Rule.in(CREATED, Trigger.receives(MessageType.TRANSFER_COMPLETE), "ODAP 8.5")
            .moves(
                COMPLETED,
                w -> {
                  w.take(EXEC_TRANSFER_COMPLETE);
                  w.say(
                      ACK_TRANSFER_COMPLETE,
                      CommitmentFlow.completeAck(w.session(), request(w), w.signer()));
                },
                EXEC_TRANSFER_COMPLETE,
                ACK_TRANSFER_COMPLETE));
  }

  private static void extinguished(List<Rule> rules, Rule.Row row) {
    rules.add(
        row.moves(
            CREATING,
            w -> {
              w.take(EXEC_COMMIT_FINAL);
              w.begin(EXEC_CREATE, LEDGER_STEP_CREATE);
            },
            EXEC_COMMIT_FINAL,
            EXEC_CREATE));
  }

  private static void givingUp(List<Rule> rules) {
    Rollbacks rollbacks = new Rollbacks(Role.RECIPIENT, rules);
    for (RecipientState from : List.of(DENIED, AWAITING_APPROVAL, AGREED)) {
      rollbacks.peerGivesUp(from, false);
      rollbacks.resolvesInDispute(from);
    }
    rollbacks.givesUpOn(AGREED, false, Trigger.CANCELED);
    // Nothing is on L2, and the sender can do nothing with an agreement that has expired: nobody
    // needs telling.
    rules.add(
        Rule.in(AGREED, Trigger.TIME_PASSES, "ODAP 7.3")
            .when("the lock would have expired", RecipientRules::expired)
            .moves(
                ROLLED_BACK,
                w -> {
                  Rollbacks.fail(w, Why.of(w.situation().input()));
                  Rollbacks.end(w);
                },
                FAIL_TRANSFER,
                DONE_ROLLBACK));
    rollbacks.givesUpOn(ANNOUNCING, true, Trigger.ledgerRefuses(LEDGER_STEP_LOG_INCOMING));
    rollbacks.givesUpOn(ANNOUNCING, true, Trigger.STALLED);
    for (RecipientState from : List.of(COMMENCED, ANNOUNCING, ANNOUNCED, EVIDENCED)) {
      boolean begun = from != COMMENCED;
      rollbacks.givesUpOn(from, begun, Trigger.CANCELED);
      rules.add(
          rollbacks.givesUp(
              Rule.in(from, Trigger.TIME_PASSES, "ODAP 7.3")
                  .when("the lock has expired", RecipientRules::expired),
              begun,
              w -> Why.of(w.situation().input())));
      rollbacks.peerGivesUp(from, begun);
      rollbacks.resolvesInDispute(from);
    }
    // Bound: only the sender, who knows whether the asset was extinguished, can release it.
    for (RecipientState from : List.of(PREPARED, PRECOMMITTED)) {
      rules.add(
          Rule.in(from, Trigger.CANCELED, "ODAP 8.2")
              .refuses(ErrorReason.ERROR_REASON_BOUND_BY_PREPARE));
      rollbacks.peerGivesUp(from, true);
    }
    // A sender that has no ack to a pre-commit has extinguished nothing, and now never will.
    rules.add(
        rollbacks.givesUp(
            Rule.in(PREPARED, Trigger.TIME_PASSES, "recovery-01 4.1")
                .when(
                    "three-phase commit, the lock has expired",
                    s -> s.session().isThreePhase() && expired(s)),
            true,
            w -> Why.of(w.situation().input())));
    ErrorReason past = ErrorReason.ERROR_REASON_PAST_COMMIT_POINT;
    rollbacks.refuses(CREATING, past, past);
    rollbacks.refuses(CREATED, past, past);
    List.of(PREPARED, PRECOMMITTED, CREATING, CREATED).forEach(rollbacks::resolves);
    rollbacks.ends();
  }

  private static void agree(Writing w, Agree agreed, String approver) {
    Situation s = w.situation();
    OdapMessage request = w.session().message(MessageType.INITIALIZATION_REQUEST);
    long receivedAt = s.input() instanceof Input.Received ? s.now() : s.transfer().updatedAt();
    w.note(
        DONE_VALIDATE,
        Acceptance.newBuilder()
            .setAsset(agreed.asset())
            .setDestination(agreed.destination())
            .setApprover(approver)
            .build());
    w.say(
        ACK_VALIDATE,
        Initiation.response(
            request, agreed, s.attestationResult(), receivedAt, s.now(), w.signer()));
  }

  /**
   * Until this side is bound, nothing goes on with a machine that is not attested: by now its
   * result may have ended, or either side have been away.
   */
  private static void onlyAttested(List<Rule> rules, Rule.Row row) {
    for (ErrorReason reason :
        List.of(
            ErrorReason.ERROR_REASON_ATTESTATION_REQUIRED,
            ErrorReason.ERROR_REASON_ATTESTATION_REFUSED)) {
      boolean nothing = reason == ErrorReason.ERROR_REASON_ATTESTATION_REQUIRED;
      rules.add(
          row.when(
                  "the sender's machine is " + (nothing ? "not attested" : "refused"),
                  s -> s.attested() instanceof Standing.Failed failed && failed.reason() == reason)
              .refuses(reason, RecipientRules::unattested));
    }
  }

  private static String unattested(Situation situation) {
    return situation.attested() instanceof Standing.Failed failed ? failed.description() : "";
  }

  /** A result newer than the agreement's, where there is one. */
  private static String newResult(Writing w) {
    return w.situation().newAttestationResult(w.session().agreement().getAttestationResult());
  }

  private static OdapMessage deny(Writing w, Deny deny) {
    Situation s = w.situation();
    OdapMessage request = w.session().message(MessageType.INITIALIZATION_REQUEST);
    long receivedAt = s.input() instanceof Input.Received ? s.now() : s.transfer().updatedAt();
    OdapMessage denied =
        Initiation.denied(
            request, deny.rejections(), deny.alternative(), receivedAt, s.now(), w.signer());
    w.say(FAIL_VALIDATE, denied);
    return denied;
  }

  /** The reason is read from the message, as the sender reads it: both records say the same. */
  private static void denyForGood(Writing w, Deny deny) {
    InitializationDenied denied =
        deny(w, new Deny(deny.rejections(), Optional.empty())).as(InitializationDenied.class);
    w.fail(FAIL_INITIATION, Initiation.reason(denied), Initiation.words(denied), "self");
  }

  private static Deny rejection(String field, String description) {
    return new Deny(
        List.of(Rejection.newBuilder().setField(field).setDescription(description).build()),
        Optional.empty());
  }

  private static boolean expired(Situation s) {
    return s.millisLeft() <= 0;
  }

  private static Verdict judged(Situation s) {
    return s.verdict(s.message().as(InitializationRequest.class));
  }

  private static boolean alternative(Verdict verdict) {
    return verdict instanceof Deny deny && deny.alternative().isPresent();
  }

  /** The verdict on the proposal that waits for a person. */
  private static Verdict waiting(Situation s) {
    return s.verdict(s.session().proposal());
  }

  private static Optional<Agree> terms(Situation s) {
    return switch (waiting(s)) {
      case Agree agreed -> Optional.of(agreed);
      case AskApprover asks -> Optional.of(asks.terms());
      case Deny deny -> Optional.empty();
    };
  }

  private static OdapMessage request(Writing w) {
    return w.situation().message();
  }
}
