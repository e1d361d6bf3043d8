package org.odap.gateway.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.InterTrustProposal;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.core.envelope.Base64Url;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.intertrust.InterTrustFlow;
import org.odap.core.quorum.Statements;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.gateway.driver.SampleOrder;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.MemberConfig;
import org.odap.quorum.OwnSignatures;
import org.odap.runtime.identity.SigningKey;
import org.odap.threshold.GroupKey;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PartialSignature;
import org.odap.threshold.Polynomial;

/**
 * Claims in the InterTrust mode: whoever dealt the participants their key could sign with it alone,
 * so their own signatures are counted too.
 */
@Tag("IT-3")
class DealtProofsTest {
  private static final Polynomial POLYNOMIAL = Polynomial.random(2, new SecureRandom());
  private static final List<SigningKey> OWN = new ArrayList<>();
  private static GroupConfig group;
  private static Session session;
  private static LedgerClaim claim;

  @BeforeAll
  static void setUp() throws Exception {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
    keys.initialize(new ECGenParameterSpec("secp256r1"));
    List<MemberConfig> members = new ArrayList<>();
    for (int index = 1; index <= 3; index++) {
      KeyPair pair = keys.generateKeyPair();
      SigningKey own = SigningKey.of(pair.getPrivate(), pair.getPublic());
      OWN.add(own);
      members.add(
          new MemberConfig(
              "odapparticipant://alpha.example/bank-" + index,
              own.publicKey(),
              own.publicKey(),
              Optional.empty()));
    }
    String id = SampleOrder.newSession();
    String dlt = SampleOrder.frame(id).senderDlt();
    group = new GroupConfig(dlt, 1, Optional.of(2), members);
    session = session(id, group.group());
    claim =
        LedgerClaim.newBuilder()
            .setDltSystem(dlt)
            .setTransferId(id)
            .setStep(LedgerStep.LEDGER_STEP_LOCK)
            .setTransactionId("tx-1")
            .setProofFormat(Statements.INTERTRUST)
            .build();
  }

  enum Forgery {
    NONE(""),
    /** What the other side's gateway could make of the polynomial it dealt. */
    BY_THE_DEALER("signers: 0 participants"),
    ONE_SIGNER("signers: 1 participants"),
    ONE_SIGNER_TWICE("signers: 1 participants"),
    SIGNERS_OF_ANOTHER_CLAIM("did not sign this"),
    A_STRANGER("did not sign this"),
    ANOTHER_KEY("public_key: another"),
    ANOTHER_KEYS_NAME("public_key: another"),
    ANOTHER_TX("hash_tx"),
    A_LIE("signature: does not verify");

    final String fault;

    Forgery(String fault) {
      this.fault = fault;
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesEachForgery(Forgery forgery) throws MalformedPointException {
    Optional<String> fault = knowing(group).fault(session, proved(forgery));
    if (forgery == Forgery.NONE) {
      assertThat(fault).isEmpty();
    } else {
      assertThat(fault).hasValueSatisfying(why -> assertThat(why).contains(forgery.fault));
    }
  }

  @Test
  @Tag("IT-2")
  void onlyTheParticipantsKnownHereAreBelieved() throws MalformedPointException {
    List<MemberConfig> swapped = group.participants().reversed();
    GroupConfig others = new GroupConfig(group.dltSystem(), 1, Optional.of(2), swapped);
    assertThat(knowing(others).fault(session, proved(Forgery.NONE))).isPresent();
    assertThat(knowing(others).fault(group.group()))
        .hasValueSatisfying(why -> assertThat(why).contains("others than are known"));
    assertThat(knowing(group).fault(group.group())).isEmpty();
    QuorumKeys nobody = new QuorumKeys(List.of(), List.of());
    assertThat(nobody.fault(group.group()))
        .hasValueSatisfying(why -> assertThat(why).contains("not known here"));
    assertThat(nobody.fault(session, proved(Forgery.NONE)))
        .hasValueSatisfying(why -> assertThat(why).contains("not known here"));
  }

  @Test
  @Tag("IT-2")
  void whatIsAgreedOnMustLetTheOtherLedgerProveItsCreation() {
    String other = session.frame().recipientDlt();
    GroupConfig theirs = new GroupConfig(other, 1, Optional.of(2), group.participants());
    InitializationResponse dealt =
        InitializationResponse.newBuilder().setLockClaimFormat(Statements.INTERTRUST).build();
    InitializationResponse receipt =
        InitializationResponse.newBuilder().setLockClaimFormat("urn:receipt").build();
    assertThat(knowing(theirs).fault(session, dealt)).isEmpty();
    assertThat(knowing(theirs).fault(session, receipt))
        .hasValueSatisfying(why -> assertThat(why).contains("urn:receipt (expected: urn:odap"));
    assertThat(knowing(group).fault(session, receipt)).as("of the other ledger only").isEmpty();
  }

  @Test
  void itIsAProofOnlyWhereTheModeWasAgreedOn() throws MalformedPointException {
    Session other =
        session.withReceived(
            OdapMessage.of(
                session.agreement().toBuilder().setLockClaimFormat("urn:receipt").build()));
    assertThat(knowing(group).fault(other, proved(Forgery.NONE)))
        .hasValueSatisfying(why -> assertThat(why).contains("was not agreed on"));
    LedgerClaim receipt = claim.toBuilder().setProofFormat("urn:receipt").build();
    assertThat(knowing(group).fault(session, receipt))
        .hasValueSatisfying(why -> assertThat(why).contains("format: urn:receipt"));
  }

  private static QuorumKeys knowing(GroupConfig group) {
    return new QuorumKeys(List.of(), List.of(group));
  }

  private static LedgerClaim proved(Forgery forgery) throws MalformedPointException {
    byte[] statement = Statements.bytes(Statements.of(session.hashTx(), claim));
    byte[] signed = forgery == Forgery.A_LIE ? "{}".getBytes(UTF_8) : statement;
    byte[] own = forgery == Forgery.SIGNERS_OF_ANOTHER_CLAIM ? "{}".getBytes(UTF_8) : statement;
    List<PartialSignature> partials =
        List.of(POLYNOMIAL.share(1).sign(signed), POLYNOMIAL.share(3).sign(signed));
    GroupKey key = GroupKey.of(POLYNOMIAL.publicKey(), POLYNOMIAL.commitments(), 3);
    QuorumSignature.Builder proof =
        QuorumSignature.newBuilder()
            .setKeyId(session.agreement().getIntertrust().getKey().getKeyId())
            .setPublicKey(Base64Url.encode(POLYNOMIAL.publicKey().bytes()))
            .setHashTx(session.hashTx())
            .setSignature(
                Base64Url.encode(key.combine(signed, partials).signature().orElseThrow().bytes()));
    ParticipantSignature first = OwnSignatures.give(own, partials.get(0), OWN.get(0));
    ParticipantSignature third = OwnSignatures.give(own, partials.get(1), OWN.get(2));
    UnaryOperator<QuorumSignature.Builder> change =
        switch (forgery) {
          case NONE, A_LIE, SIGNERS_OF_ANOTHER_CLAIM ->
              made -> made.addSigners(first).addSigners(third);
          case BY_THE_DEALER -> made -> made;
          case ONE_SIGNER -> made -> made.addSigners(first);
          case ONE_SIGNER_TWICE -> made -> made.addSigners(first).addSigners(first);
          case A_STRANGER ->
              made -> made.addSigners(first).addSigners(third.toBuilder().setIndex(2));
          case ANOTHER_KEY ->
              made ->
                  made.setPublicKey(
                      Base64Url.encode(
                          Polynomial.random(2, new SecureRandom()).publicKey().bytes()));
          case ANOTHER_KEYS_NAME -> made -> made.setKeyId("another");
          case ANOTHER_TX ->
              made -> made.setHashTx("cd".repeat(32)).addSigners(first).addSigners(third);
        };
    return claim.toBuilder()
        .setProof(new String(CanonicalJson.of(change.apply(proof).build()), UTF_8))
        .build();
  }

  /** A session of the recipient's, in which the mode is agreed on. */
  private static Session session(String id, ParticipantGroup group) {
    InitializationRequest proposal =
        SampleOrder.order().terms().toBuilder()
            .setEnvelope(Envelope.newBuilder().setSessionId(id).setSequenceNumber(1))
            .setIntertrust(
                InterTrustProposal.newBuilder().setHashOrder("ab".repeat(32)).setGroup(group))
            .build();
    InitializationResponse agreed =
        InitializationResponse.newBuilder()
            .setEnvelope(Envelope.newBuilder().setSessionId(id).setSequenceNumber(1))
            .setLockClaimFormat(Statements.INTERTRUST)
            .setIntertrust(
                InterTrustAgreement.newBuilder()
                    .setKey(
                        DealtKey.newBuilder()
                            .setKeyId(InterTrustFlow.keyId(id, Role.SENDER))
                            .setPublicKey(Base64Url.encode(POLYNOMIAL.publicKey().bytes()))))
            .build();
    return Session.unopened(Role.SENDER, SampleOrder.frame(id))
        .withSent(OdapMessage.of(proposal))
        .withReceived(OdapMessage.of(agreed));
  }
}
