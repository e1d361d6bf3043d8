package org.odap.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitPrepareAck;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.peer.v1.TransferComplete;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.api.storage.v1.StepDone;
import org.odap.api.storage.v1.StepIntent;
import org.odap.core.evidence.EvidenceReport.End;

/** A true bundle passes; each thing a forger or a dishonest gateway could do is found and named. */
@Tag("ARCH-6")
@Tag("SD-2")
class EvidenceVerifierTest {
  private static final String HASH = "0".repeat(64);

  /**
   * One lie.
   *
   * @param name what was done
   * @param lie makes the bundle out of a true recording
   * @param log whose log or certificate the finding must name
   * @param finding part of what it must say
   */
  record Lie(String name, Function<Recording, EvidenceBundle> lie, String log, String finding) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void aTrueBundleHoldsAndTellsWhoDidWhat() {
    Recording recording = Recording.completed();

    EvidenceReport report =
        EvidenceVerifier.verify(
            recording.bundle(),
            List.of(recording.sender.entityCertificate(), recording.recipient.entityCertificate()));

    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end()).isEqualTo(End.COMPLETED);
    assertThat(report.outcome().text())
        .isEqualTo(
            "the sender odapgw://alpha.example/gateway-1 extinguished no. 7 of TITLE-ethereum-1 on"
                + " ethereum-1 (tx tx-3, block 13) and the recipient odapgw://beta.example/gateway-1"
                + " created it on sql-1 (tx tx-4, block 14)");
  }

  @Test
  void theStoryPutsWhatTheOtherDidBeforeItsMessageArrives() {
    List<String> story =
        EvidenceVerifier.verify(Recording.completed().bundle(), List.of()).story().stream()
            .map(line -> line.role() + " " + line.act().text())
            .toList();

    assertThat(story)
        .containsSubsequence(
            "sender extinguished no. 7 of TITLE-ethereum-1 on ethereum-1: tx tx-3, block 13",
            "sender CommitFinal GS->GR",
            "recipient CommitFinal GS->GR",
            "recipient created no. 7 of TITLE-sql-1 on sql-1: tx tx-4, block 14",
            "recipient CommitFinalAck GS->GR",
            "sender CommitFinalAck GS->GR");
  }

  @Test
  void oneGatewaysLogAloneHolds() {
    EvidenceBundle both = Recording.completed().bundle();

    for (GatewayLog log : both.getLogsList()) {
      EvidenceBundle one = both.toBuilder().clearLogs().addLogs(log).build();
      EvidenceReport report = EvidenceVerifier.verify(one, List.of());
      assertThat(report.findings()).as(log.getRole()).isEmpty();
      assertThat(report.outcome().end()).as(log.getRole()).isEqualTo(End.COMPLETED);
    }
  }

  @Test
  void twoExportsBecomeOneBundle() {
    EvidenceBundle both = Recording.completed().bundle();
    EvidenceBundle sender = both.toBuilder().removeLogs(1).build();
    EvidenceBundle recipient = both.toBuilder().removeLogs(0).build();

    assertThat(EvidenceBundles.merge(recipient, sender)).isEqualTo(both);
    assertThatThrownBy(
            () -> EvidenceBundles.merge(sender, recipient.toBuilder().setTransferId("x").build()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDeniedTransferIsToldAsRefused() {
    EvidenceReport report = EvidenceVerifier.verify(Recording.start().deny().bundle(), List.of());

    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end()).isEqualTo(End.REFUSED);
    assertThat(report.outcome().text()).contains("INITIATION_DENIED", "no ledger was touched");
  }

  @Test
  void aRolledBackTransferNamesWhoGaveUpAndWhatIsStillOwed() {
    Recording given = Recording.start().initiate().lock().rollBack();

    EvidenceReport owed = EvidenceVerifier.verify(given.bundle(), List.of());
    assertThat(owed.findings()).isEmpty();
    assertThat(owed.outcome().end()).isEqualTo(End.UNFINISHED);
    assertThat(owed.outcome().text()).contains("alpha.example", "CANCELED", "gave the asset back");

    EvidenceReport done = EvidenceVerifier.verify(given.undo().bundle(), List.of());
    assertThat(done.findings()).isEmpty();
    assertThat(done.outcome().end()).isEqualTo(End.ROLLED_BACK);
  }

  @Test
  void afterTheCommitPointTheRecipientOwesTheAsset() {
    EvidenceReport report =
        EvidenceVerifier.verify(
            Recording.start().initiate().lock().prepare().extinguish().bundle(), List.of());

    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end()).isEqualTo(End.UNFINISHED);
    assertThat(report.outcome().text()).contains("beta.example/gateway-1 is bound to create it");
  }

  @ParameterizedTest
  @MethodSource("lies")
  void eachLieIsFoundAndNamed(Lie lie) {
    EvidenceReport report =
        EvidenceVerifier.verify(lie.lie().apply(Recording.completed()), List.of());

    assertThat(report.holds()).isFalse();
    assertThat(report.findings())
        .anySatisfy(finding -> {
          assertThat(finding.log()).isEqualTo(lie.log());
          assertThat(finding.what()).contains(lie.finding());
        });
  }

  static Stream<Lie> lies() {
    return Stream.of(bundleLies(), certificateLies(), logLies(), messageLies(), ledgerLies())
        .flatMap(lies -> lies);
  }

  private static Stream<Lie> bundleLies() {
    return Stream.of(
        new Lie(
            "another format",
            recording -> recording.bundle().toBuilder().setFormatVersion(2).build(),
            "",
            "format_version: 2 (expected: 1)"),
        new Lie(
            "no transfer named",
            recording -> recording.bundle().toBuilder().clearTransferId().build(),
            "",
            "names no transfer"),
        new Lie(
            "logs of two senders",
            recording ->
                recording.bundle().toBuilder().setLogs(1, recording.bundle().getLogs(0)).build(),
            "",
            "logs: [sender, sender]"),
        new Lie("an empty log", cutLog(1, 0), "recipient", "no entries"),
        new Lie(
            "logs of another transfer",
            recording ->
                recording.bundle(
                    "0b6a3c1e-0000-4b1e-9a51-000000000000", recording.sender, recording.recipient),
            "sender",
            "session: 0b6a3c1e-0000-4b1e-9a51-000000000000"));
  }

  private static Stream<Lie> certificateLies() {
    Party stranger = Party.of("odapgw://alpha.example/gateway-1");
    return Stream.of(
        new Lie(
            "a certificate somebody else signed",
            withCertificates(
                recording -> List.of(recording.sender.pems().get(0), stranger.pems().get(1))),
            "sender",
            "is not signed by"),
        new Lie(
            "a stranger's certificate",
            withCertificates(recording -> stranger.pems()),
            "sender",
            "the signature does not verify"),
        new Lie(
            "no certificate", withCertificates(recording -> List.of()), "sender", "no certificate"),
        new Lie(
            "not a certificate",
            withCertificates(recording -> List.of("-----BEGIN CERTIFICATE-----\nAA==\n")),
            "sender",
            "can't be read"),
        new Lie(
            "a certificate of another gateway",
            recording ->
                recording.bundle().toBuilder()
                    .setLogs(
                        0,
                        recording.bundle().getLogs(0).toBuilder()
                            .setGateway("odapgw://alpha.example/other"))
                    .build(),
            "sender",
            "does not name odapgw://alpha.example/other"),
        new Lie(
            "the peer known by another key",
            recording ->
                recording.bundle().toBuilder()
                    .setLogs(
                        1,
                        recording.bundle().getLogs(1).toBuilder()
                            .clearPeerCertificates()
                            .addAllPeerCertificates(stranger.pems()))
                    .build(),
            "recipient",
            "by another key"));
  }

  @Test
  void aCertificateMustHaveBeenValidWhenTheLogWasWritten() {
    Party expired =
        Party.validBetween(
            "odapgw://alpha.example/gateway-1",
            Party.VALID_FROM,
            Instant.parse("2026-02-01T00:00:00Z"));
    Recording recording =
        Recording.between(expired, Party.of("odapgw://beta.example/gateway-1"))
            .initiate()
            .lock()
            .prepare()
            .commit()
            .complete();

    assertThat(EvidenceVerifier.verify(recording.bundle(), List.of()).findings())
        .extracting(Finding::what)
        .anySatisfy(what -> assertThat(what).contains("was not valid when the log was written"));
  }

  @Test
  void anEntityNobodyTrustsVouchesForNothing() {
    Recording recording = Recording.completed();

    assertThat(
            EvidenceVerifier.verify(
                    recording.bundle(), List.of(recording.sender.entityCertificate()))
                .findings())
        .hasSize(2)
        .allSatisfy(finding ->
            assertThat(finding.what())
                .startsWith("odapgw://beta.example/gateway-1: ")
                .contains("is not one you trust"))
        .extracting(Finding::log)
        .containsExactly("sender", "recipient");
  }

  /** Else it could make up the other side of a transfer. */
  @Test
  void noEntityVouchesForTwoOrganizations() {
    Party alpha = Party.of("odapgw://alpha.example/gateway-1");
    Recording madeUp =
        Recording.between(alpha, Party.certifiedBy(alpha, "odapgw://beta.example/gateway-1"))
            .initiate()
            .lock()
            .prepare()
            .commit()
            .complete();

    assertThat(
            EvidenceVerifier.verify(madeUp.bundle(), List.of(alpha.entityCertificate())).findings())
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.what())
                .contains("odapgw://beta.example/gateway-1 of another organization"));
  }

  private static Stream<Lie> logLies() {
    return Stream.of(
        new Lie("an entry left out", withoutEntry(0, 5), "sender", "entry 6: 7 (expected: 6)"),
        new Lie("the first entry left out", withoutEntry(1, 0), "recipient", "entry 1"),
        new Lie(
            "two entries swapped",
            recording -> {
              GatewayLog.Builder log = recording.bundle().getLogs(0).toBuilder();
              List<LogEntry> entries = new ArrayList<>(log.getEntriesList());
              Collections.swap(entries, 2, 3);
              return recording.bundle().toBuilder()
                  .setLogs(0, log.clearEntries().addAllEntries(entries))
                  .build();
            },
            "sender",
            "entry 3"),
        new Lie(
            "a changed payload",
            withEntry(entry -> entry.getPayloadBuilder().setStep(99)),
            "sender",
            "entry 4: not the hash of the payload"),
        new Lie(
            "a changed entry",
            withEntry(entry -> entry.setRecipientGatewayDltSystem("sql-9")),
            "sender",
            "entry 4: not the hash of the entry"),
        new Lie(
            "a log signed by somebody else",
            recording ->
                recording.bundle(
                    Recording.TRANSFER,
                    recording.sender,
                    Party.of("odapgw://beta.example/gateway-1")),
            "recipient",
            "the signature does not verify"));
  }

  private static Stream<Lie> messageLies() {
    return Stream.of(
        new Lie(
            "a message changed after it was signed",
            recording ->
                recording
                    .change(
                        recording.recipientLog,
                        TransferCommence.class,
                        message -> message.toBuilder().setAssetUnit("8").build())
                    .bundle(),
            "recipient",
            "TRANSFER_COMMENCE: "),
        new Lie(
            "a message the recipient made up in the sender's name",
            recording ->
                recording
                    .change(
                        recording.recipientLog,
                        CommitFinal.class,
                        message -> message,
                        recording.recipient)
                    .bundle(),
            "recipient",
            "COMMIT_FINAL: the signature does not verify"),
        new Lie(
            "a message of the sender's own missing in its log",
            recording -> {
              recording.senderLog.removeIf(Recording.holding(TransferComplete.class));
              return recording.bundle();
            },
            "sender",
            "it lacks its own TRANSFER_COMPLETE"),
        new Lie(
            "a binding promise the recipient hides",
            recording -> {
              recording.recipientLog.removeIf(Recording.holding(CommitPrepareAck.class));
              return recording.bundle();
            },
            "recipient",
            "it lacks its own COMMIT_PREPARE_ACK"),
        new Lie(
            "two messages under one number",
            recording ->
                recording
                    .change(
                        recording.senderLog,
                        LockEvidence.class,
                        message -> message.toBuilder().setClientTransferNumber("2").build(),
                        recording.sender)
                    .bundle(),
            "recipient",
            "the sender signed two different messages under number 3"),
        new Lie(
            "a link to no message",
            recording ->
                recording
                    .change(
                        recording.senderLog,
                        CommitFinal.class,
                        message -> message.toBuilder().setHashCommitprepareAck(HASH).build(),
                        recording.sender)
                    .bundle(),
            "sender",
            "COMMIT_FINAL: it does not carry the hash of the COMMIT_PREPARE_ACK"),
        new Lie(
            "a completion of another session",
            recording ->
                recording
                    .change(
                        recording.senderLog,
                        TransferComplete.class,
                        message -> message.toBuilder().setHashTransferCommence(HASH).build(),
                        recording.sender)
                    .bundle(),
            "sender",
            "TRANSFER_COMPLETE: it does not carry the hash of the TransferCommence"),
        new Lie(
            "an answer under another number",
            recording ->
                recording
                    .change(
                        recording.recipientLog,
                        CommitPrepareAck.class,
                        message -> {
                          var answer = message.toBuilder();
                          answer.getEnvelopeBuilder().setSequenceNumber(9);
                          return answer.build();
                        },
                        recording.recipient)
                    .bundle(),
            "recipient",
            "sequence number: 9 (expected: 4, its request's)"),
        new Lie(
            "a message that can't be read",
            withEntry(entry ->
                entry
                    .getPayloadBuilder()
                    .getContentBuilder()
                    .setValue(ByteString.copyFromUtf8("not protobuf"))),
            "sender",
            "TransferCommenceAck can't be read"),
        new Lie(
            "a message of another session",
            recording ->
                recording
                    .change(
                        recording.senderLog,
                        InitializationRequest.class,
                        message -> {
                          var request = message.toBuilder();
                          request
                              .getEnvelopeBuilder()
                              .setSessionId("0b6a3c1e-0000-4b1e-9a51-000000000000");
                          return request.build();
                        },
                        recording.sender)
                    .bundle(),
            "sender",
            "INITIALIZATION_REQUEST: it belongs to session 0b6a3c1e-0000"));
  }

  private static Stream<Lie> ledgerLies() {
    return Stream.of(
        withClaim(
            "another ledger",
            LedgerStep.LEDGER_STEP_LOCK,
            claim -> claim.setDltSystem("x"),
            "step 2.3: ledger: x (expected: ethereum-1)"),
        withClaim(
            "another transfer",
            LedgerStep.LEDGER_STEP_LOCK,
            claim -> claim.setTransferId("x"),
            "step 2.3: it is of transfer x"),
        withClaim(
            "no transaction",
            LedgerStep.LEDGER_STEP_LOCK,
            claim -> claim.clearTransactionId(),
            "step 2.3: it names no transaction"),
        withClaim(
            "not final",
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            claim -> claim.clearFinality(),
            "step 3.3: it is not final"),
        withClaim(
            "another asset",
            LedgerStep.LEDGER_STEP_LOCK,
            claim -> claim.setAsset(claim.getAsset().toBuilder().setAssetId("8")),
            "step 2.3: asset: no. 8 of TITLE-ethereum-1 (agreed: no. 7"),
        withClaim(
            "a lock that refers to nothing",
            LedgerStep.LEDGER_STEP_LOCK,
            claim -> claim.setReference(HASH),
            "step 2.3: reference: " + HASH),
        withClaim(
            "a finalization that refers to no lock",
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            claim -> claim.setReference(HASH),
            "step 3.3: reference: " + HASH),
        withClaim(
            "a location that refers to no finalization",
            LedgerStep.LEDGER_STEP_RECORD_LOCATION,
            claim -> claim.setReference(HASH),
            "step 3.7: reference: " + HASH),
        withClaim(
            "a creation that refers to no announcement",
            LedgerStep.LEDGER_STEP_CREATE,
            claim -> claim.setReference(HASH),
            "step 3.5: reference: " + HASH),
        withClaim(
            "told other than done",
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            claim -> claim.setBlockNumber(99),
            "COMMIT_FINAL: it claims something else than entry"),
        new Lie(
            "told but not done",
            recording -> {
              recording.recipientLog.removeIf(payload ->
                  Act.of(LogEntry.newBuilder().setPayload(payload.payload()).build()).deed()
                          instanceof Deed.StepFinished finished
                      && finished.claim().getStep() == LedgerStep.LEDGER_STEP_CREATE);
              return recording.bundle();
            },
            "recipient",
            "COMMIT_FINAL_ACK: the log shows no such step before it"),
        new Lie(
            "done without being planned",
            recording -> {
              recording.senderLog.removeIf(Recording.holding(StepIntent.class));
              return recording.bundle();
            },
            "sender",
            "step 2.3: its intent was not logged before"),
        new Lie(
            "a step of the other side",
            recording -> {
              recording.step(recording.senderLog, "p3", recording.created());
              return recording.bundle();
            },
            "sender",
            "step 3.5: it is no step of the sender"),
        new Lie(
            "extinguished and given back",
            recording -> {
              recording.step(
                  recording.senderLog,
                  "p3",
                  Recording.claim(LedgerStep.LEDGER_STEP_UNLOCK, Recording.L1, ""));
              return recording.bundle();
            },
            "sender",
            "it both extinguished the asset and gave it back"),
        new Lie(
            "created and withdrawn",
            recording -> {
              recording.step(
                  recording.recipientLog,
                  "p3",
                  Recording.claim(LedgerStep.LEDGER_STEP_WITHDRAW, Recording.L2, ""));
              return recording.bundle();
            },
            "recipient",
            "it both created the asset and withdrew it"),
        new Lie(
            "created though never extinguished",
            recording -> {
              Recording early = Recording.start().initiate().lock();
              early.step(early.recipientLog, "p3", early.created());
              return early.bundle();
            },
            "recipient",
            "it created the asset, which nobody showed extinguished"),
        new Lie(
            "withdrawn after it was extinguished",
            recording -> {
              Recording early = Recording.start().initiate().lock().prepare().extinguish();
              early.step(
                  early.recipientLog,
                  "p3",
                  Recording.claim(LedgerStep.LEDGER_STEP_WITHDRAW, Recording.L2, ""));
              return early.bundle();
            },
            "recipient",
            "it withdrew an asset that was extinguished for its sake"));
  }

  private static Function<Recording, EvidenceBundle> cutLog(int log, int length) {
    return recording -> {
      EvidenceBundle.Builder bundle = recording.bundle().toBuilder();
      GatewayLog.Builder cut = bundle.getLogsBuilder(log);
      List<LogEntry> kept = List.copyOf(cut.getEntriesList().subList(0, length));
      cut.clearEntries().addAllEntries(kept);
      return bundle.build();
    };
  }

  private static Function<Recording, EvidenceBundle> withCertificates(
      Function<Recording, List<String>> pems) {
    return recording -> {
      EvidenceBundle.Builder bundle = recording.bundle().toBuilder();
      bundle.getLogsBuilder(0).clearCertificates().addAllCertificates(pems.apply(recording));
      return bundle.build();
    };
  }

  private static Function<Recording, EvidenceBundle> withoutEntry(int log, int entry) {
    return recording -> {
      EvidenceBundle.Builder bundle = recording.bundle().toBuilder();
      bundle.getLogsBuilder(log).removeEntries(entry);
      return bundle.build();
    };
  }

  private static Function<Recording, EvidenceBundle> withEntry(Consumer<LogEntry.Builder> change) {
    return recording -> {
      EvidenceBundle.Builder bundle = recording.bundle().toBuilder();
      change.accept(bundle.getLogsBuilder(0).getEntriesBuilder(3));
      return bundle.build();
    };
  }

  private static Lie withClaim(
      String name, LedgerStep step, UnaryOperator<LedgerClaim.Builder> change, String finding) {
    boolean bySender = step != LedgerStep.LEDGER_STEP_CREATE;
    return new Lie(
        name,
        recording ->
            recording
                .change(
                    bySender ? recording.senderLog : recording.recipientLog,
                    StepDone.class,
                    done ->
                        done.getClaim().getStep() == step
                            ? done.toBuilder()
                                .setClaim(change.apply(done.getClaim().toBuilder()))
                                .build()
                            : done)
                .bundle(),
        bySender ? "sender" : "recipient",
        finding);
  }
}
