package org.odap.cli.demo;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.cli.evidence.Vouched;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.AttestedMachine;
import org.odap.cli.system.RunningMembers;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.terminal.TextTable;
import org.odap.runtime.tpm.Measurement;

/**
 * The InterTrust mode: ledgers whose members vouch for what their gateways claim, behind gateways
 * whose machines prove what they are (IT): a title goes over while all are honest, and another
 * while as many as may be faulty lie on the one ledger and are silent on the other, and the liars
 * are named; none goes to a gateway whose machine has started something else.
 */
final class InterTrustDemo implements Demo {
  private static final String FIRST = "1001";
  private static final String SECOND = "1002";
  private static final String THIRD = "1003";
  private static final int LIAR = 2;
  private static final int SILENT = 3;
  // Who lies is found out when it is among the first to answer.
  private static final int QUESTIONS_MAX = 50;

  /** As a machine in order, but for its kernel. */
  private static final List<Measurement> OUT_OF_ORDER =
      AttestedMachine.IN_ORDER.stream()
          .map(one ->
              one.what().startsWith("kernel")
                  ? new Measurement(one.pcr(), "kernel of own make")
                  : one)
          .toList();

  private final Stage stage;
  private final DemoSide alpha;
  private final DemoSide beta;
  private final RunningMembers alphas;
  private final RunningMembers betas;
  private final AttestedMachine betasMachine;

  InterTrustDemo(Stage stage, RunningSystem system) {
    this.stage = stage;
    this.alpha = stage.alpha();
    this.beta = stage.beta();
    this.alphas = system.members(alpha.about().side());
    this.betas = system.members(beta.about().side());
    this.betasMachine = system.machine(beta.about().side());
  }

  @Override
  public void run() throws InterruptedException {
    endow();
    members();
    allAreHonest();
    someAreFaulty();
    aMachineIsNotInOrder();
  }

  private void endow() {
    alpha.ledger().issueTitle(FIRST, alpha.holder());
    alpha.ledger().issueTitle(SECOND, alpha.holder());
    alpha.ledger().issueTitle(THIRD, alpha.holder());
    alpha.ledger().approve();
    beta.ledger().approve();
  }

  private void members() {
    stage.heading("Who vouches for what a ledger did");
    TextTable table = new TextTable("ledger", "members", "may be faulty", "must sign");
    for (ParticipantGroup group : List.of(alphas.group(), betas.group())) {
      table.row(
          group.getDltSystem(),
          group.getParticipantsCount(),
          group.getFaultyMax(),
          group.getThreshold());
    }
    stage.table(table);
  }

  private void allAreHonest() throws InterruptedException {
    EvidenceBundle bundle = moved("A title goes over, all members are honest", FIRST);
    vouchedFor(bundle);
    stage.point(
        "Both gateways' machines proved what they are; the results are in the evidence",
        attestationResults(bundle) == 2);
  }

  private void someAreFaulty() throws InterruptedException {
    stage.heading("Some members turn");
    alphas.lie(LIAR);
    stage.tell("%s signs with a share it made up".formatted(alphas.name(LIAR)));
    betas.kill(SILENT);
    stage.tell("%s is silent: killed".formatted(betas.name(SILENT)));
    EvidenceBundle bundle = moved("A title goes over, a member of each ledger is faulty", SECOND);
    vouchedFor(bundle);
    String liar = alphas.group().getParticipants(LIAR - 1).getParticipant();
    List<String> named = liars(bundle);
    stage.tell("who collects names as liars: " + named);
    stage.point("The liar is named, and nobody else: " + liar, named.equals(List.of(liar)));
  }

  private void aMachineIsNotInOrder() throws InterruptedException {
    stage.begin("A title is to go to a gateway whose machine has started something else");
    betasMachine.reboot(OUT_OF_ORDER);
    stage.tell("%s's machine: PCR 4 holds another kernel".formatted(beta.about().side().gateway()));
    String refusal = stage.refusal(alpha, beta, AssetNames.TITLE_PROFILE, Stage.title(THIRD));
    stage.tell("refused: " + refusal);
    stage.point(
        "The transfer to a machine that is not in order is refused: ATTESTATION_REFUSED",
        refusal.startsWith("ATTESTATION_REFUSED"));
    stage.onOnly(THIRD, alpha, beta);
  }

  private EvidenceBundle moved(String what, String title) throws InterruptedException {
    EvidenceBundle bundle =
        stage.transfer(what, alpha, beta, AssetNames.TITLE_PROFILE, Stage.title(title));
    stage.onOnly(title, beta, alpha);
    return bundle;
  }

  /** Each gateway's word on the other's machine, in what they proposed and agreed on. */
  private static long attestationResults(EvidenceBundle bundle) {
    return bundle.getLogs(0).getEntriesList().stream()
        .map(entry -> entry.getPayload().getContent())
        .filter(content ->
            hasResult(
                    content,
                    InitializationRequest.class,
                    InitializationRequest::getAttestationResult)
                || hasResult(
                    content,
                    InitializationResponse.class,
                    InitializationResponse::getAttestationResult))
        .count();
  }

  private static <T extends Message> boolean hasResult(
      Any content, Class<T> type, Function<T, String> result) {
    try {
      return content.is(type) && !result.apply(content.unpack(type)).isEmpty();
    } catch (InvalidProtocolBufferException damaged) {
      return false;
    }
  }

  /** What the gateways told of their ledgers is signed by their members. */
  private void vouchedFor(EvidenceBundle bundle) {
    List<Vouched> vouched = Vouched.in(bundle);
    for (Vouched one : vouched) {
      stage.tell(
          "%s of %s is signed by members %s"
              .formatted(
                  step(one),
                  one.statement().getClaim().getDltSystem(),
                  one.signature().getSignersList().stream()
                      .map(signer -> Integer.toString(signer.getIndex()))
                      .collect(Collectors.joining(" and "))));
    }
    ParticipantGroup source = alphas.group();
    ParticipantGroup destination = betas.group();
    stage.point(
        "Members signed all that was told of their ledgers in transfer %s: lock, unlock, extinction, creation"
            .formatted(bundle.getTransferId()),
        vouched.stream()
                .filter(one -> one.isBy(source) || one.isBy(destination))
                .map(one -> one.statement().getClaim().getStep())
                .collect(Collectors.toSet())
                .containsAll(
                    List.of(
                        LedgerStep.LEDGER_STEP_LOCK,
                        LedgerStep.LEDGER_STEP_LOG_INCOMING,
                        LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
                        LedgerStep.LEDGER_STEP_CREATE))
            && vouched.stream().allMatch(one -> one.isBy(source) || one.isBy(destination)));
  }

  private static String step(Vouched one) {
    return one.statement().getClaim().getStep().name().substring("LEDGER_STEP_".length());
  }

  /** Has the lock signed again, until somebody is found to lie. */
  private List<String> liars(EvidenceBundle bundle) {
    Vouched lock =
        Vouched.in(bundle).stream()
            .filter(one -> one.statement().getClaim().getStep() == LedgerStep.LEDGER_STEP_LOCK)
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < QUESTIONS_MAX; i++) {
      CollectSignatureResponse answer =
          alphas.collect(lock.signature().getKeyId(), lock.statement());
      if (answer.getWrongCount() > 0) {
        ParticipantGroup group = alphas.group();
        return answer.getWrongList().stream()
            .map(index -> group.getParticipants(index - 1).getParticipant())
            .toList();
      }
    }
    return List.of();
  }
}
