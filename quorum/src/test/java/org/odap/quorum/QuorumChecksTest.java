package org.odap.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.InterTrustProposal;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.core.envelope.Base64Url;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.evidence.Check;
import org.odap.core.evidence.Finding;
import org.odap.core.quorum.Statements;
import org.odap.runtime.identity.SigningKey;
import org.odap.threshold.GroupKey;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PartialSignature;
import org.odap.threshold.Polynomial;

/** What participants signed, in the log of a transfer: each rule of it broken once. */
@Tag("IT-3")
class QuorumChecksTest {
  private static final String SOURCE = "ledger-a";
  private static final String DESTINATION = "ledger-b";

  /** One ledger's participants with the key the other side dealt them. */
  private record Ledger(ParticipantGroup group, List<SigningKey> own, Polynomial polynomial) {
    static Ledger of(String dlt) throws Exception {
      KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(new ECGenParameterSpec("secp256r1"));
      List<SigningKey> own = new ArrayList<>();
      List<MemberConfig> members = new ArrayList<>();
      for (int index = 1; index <= 3; index++) {
        KeyPair pair = keys.generateKeyPair();
        own.add(SigningKey.of(pair.getPrivate(), pair.getPublic()));
        String key = own.getLast().publicKey();
        members.add(
            new MemberConfig(
                "odapparticipant://" + dlt + ".example/" + index, key, key, Optional.empty()));
      }
      return new Ledger(
          new GroupConfig(dlt, 1, Optional.of(2), members).group(),
          own,
          Polynomial.random(2, new SecureRandom()));
    }

    DealtKey key(String id) {
      return DealtKey.newBuilder()
          .setKeyId(id)
          .setPublicKey(Base64Url.encode(polynomial.publicKey().bytes()))
          .build();
    }

    LedgerClaim signed(LedgerStep step, String keyId, String hashTx, Lie lie) {
      LedgerClaim claim =
          LedgerClaim.newBuilder()
              .setDltSystem(group.getDltSystem())
              .setTransferId("7c0e7a3c-7c3f-4f5b-9c59-1d1b3d3d3d3d")
              .setStep(step)
              .setTransactionId("tx-" + step.getNumber())
              .setProofFormat(lie == Lie.NOT_THEIRS ? "urn:receipt" : Statements.INTERTRUST)
              .build();
      byte[] statement = Statements.bytes(Statements.of(hashTx, claim));
      Polynomial used =
          lie == Lie.ANOTHER_KEY ? Polynomial.random(2, new SecureRandom()) : polynomial;
      List<PartialSignature> partials =
          List.of(used.share(1).sign(statement), used.share(2).sign(statement));
      try {
        GroupKey key = GroupKey.of(used.publicKey(), used.commitments(), 3);
        QuorumSignature.Builder proof =
            QuorumSignature.newBuilder()
                .setKeyId(keyId)
                .setPublicKey(Base64Url.encode(used.publicKey().bytes()))
                .setHashTx(lie == Lie.ANOTHER_TX ? "cd".repeat(32) : hashTx)
                .setSignature(
                    Base64Url.encode(
                        key.combine(statement, partials).signature().orElseThrow().bytes()));
        for (int i = 0; i < (lie == Lie.BY_THE_DEALER ? 0 : 2); i++) {
          proof.addSigners(OwnSignatures.give(statement, partials.get(i), own.get(i)));
        }
        String json = new String(CanonicalJson.of(proof.build()), UTF_8);
        return claim.toBuilder()
            .setProof(lie == Lie.RUBBISH ? "{" : json)
            .setAccount(lie == Lie.ANOTHER_CLAIM ? "mallory" : "")
            .build();
      } catch (MalformedPointException e) {
        throw new AssertionError(e);
      }
    }
  }

  enum Lie {
    RUBBISH("not a quorum's signature"),
    ANOTHER_CLAIM("signature: does not verify"),
    ANOTHER_KEY("public_key: another than was dealt"),
    ANOTHER_TX("hash_tx"),
    BY_THE_DEALER("signers: 0 participants"),
    NOT_THEIRS(""),
    NONE("");

    final String finding;

    Lie(String finding) {
      this.finding = finding;
    }
  }

  private static Ledger source;
  private static Ledger destination;
  private static InitializationRequest proposal;
  private static String hashTx;

  @BeforeAll
  static void setUp() throws Exception {
    source = Ledger.of(SOURCE);
    destination = Ledger.of(DESTINATION);
    proposal =
        InitializationRequest.newBuilder()
            .setSourceGatewayDltSystem(SOURCE)
            .setRecipientGatewayDltSystem(DESTINATION)
            .setIntertrust(
                InterTrustProposal.newBuilder()
                    .setHashOrder("ab".repeat(32))
                    .setGroup(source.group()))
            .build();
    hashTx = Statements.hashTx(proposal);
  }

  /** A transfer of which one step is shown with a lie. */
  private static EvidenceBundle bundle(LedgerStep lied, Lie lie) {
    GatewayLog.Builder log = GatewayLog.newBuilder().setRole("sender");
    List<Message> messages =
        List.of(
            proposal,
            InitializationResponse.newBuilder()
                .setIntertrust(
                    InterTrustAgreement.newBuilder()
                        .setGroup(destination.group())
                        .setKey(source.key("x/sender")))
                .build(),
            LockEvidence.newBuilder()
                .setLockEvidenceClaim(claim(source, LedgerStep.LEDGER_STEP_LOCK, lied, lie))
                .setDealtKey(destination.key("x/recipient"))
                .build(),
            LockEvidenceAck.newBuilder()
                .setUnlockClaim(claim(destination, LedgerStep.LEDGER_STEP_LOG_INCOMING, lied, lie))
                .build(),
            CommitFinal.newBuilder()
                .setCommitFinalClaim(claim(source, LedgerStep.LEDGER_STEP_FINALIZE_LOCK, lied, lie))
                .build(),
            CommitFinalAck.newBuilder()
                .setCommitAcknowledgementClaim(
                    claim(destination, LedgerStep.LEDGER_STEP_CREATE, lied, lie))
                .build());
    for (Message message : messages) {
      log.addEntries(
          LogEntry.newBuilder().setPayload(LogPayload.newBuilder().setContent(Any.pack(message))));
    }
    return EvidenceBundle.newBuilder().addLogs(log).build();
  }

  private static LedgerClaim claim(Ledger ledger, LedgerStep step, LedgerStep lied, Lie lie) {
    String keyId = ledger.equals(source) ? "x/sender" : "x/recipient";
    return ledger.signed(step, keyId, hashTx, step == lied ? lie : Lie.NONE);
  }

  @Test
  void fourStepsOfTheTwoLedgersAreSigned() {
    List<Check> checks = QuorumChecks.of(bundle(LedgerStep.LEDGER_STEP_LOCK, Lie.NONE));
    assertThat(checks).hasSize(1).allSatisfy(check -> assertThat(check.holds()).isTrue());
    assertThat(checks.getFirst().statement()).contains("sender's log shows 4 steps");
  }

  @Test
  void whatLedgersProveThemselvesIsNotForParticipants() {
    assertThat(QuorumChecks.of(bundle(LedgerStep.LEDGER_STEP_LOCK, Lie.NOT_THEIRS)).getFirst())
        .satisfies(check -> assertThat(check.statement()).contains("3 steps"));
    assertThat(QuorumChecks.of(EvidenceBundle.getDefaultInstance())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "LEDGER_STEP_LOCK",
        "LEDGER_STEP_LOG_INCOMING",
        "LEDGER_STEP_FINALIZE_LOCK",
        "LEDGER_STEP_CREATE"
      })
  void eachLieAboutAStepIsFoundAtItsEntry(LedgerStep step) {
    int entry =
        List.of(
                    LedgerStep.LEDGER_STEP_LOCK,
                    LedgerStep.LEDGER_STEP_LOG_INCOMING,
                    LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
                    LedgerStep.LEDGER_STEP_CREATE)
                .indexOf(step)
            + 3;
    for (Lie lie : Lie.values()) {
      List<Finding> findings = QuorumChecks.of(bundle(step, lie)).getFirst().findings();
      if (lie.finding.isEmpty()) {
        assertThat(findings).isEmpty();
      } else {
        assertThat(findings)
            .as("%s of %s", lie, step)
            .hasSize(1)
            .allSatisfy(finding -> {
              assertThat(finding.index()).isEqualTo(entry);
              assertThat(finding.what()).contains(lie.finding);
            });
      }
    }
  }
}
