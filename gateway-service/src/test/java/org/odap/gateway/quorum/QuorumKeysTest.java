package org.odap.gateway.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.core.envelope.Base64Url;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.quorum.Statements;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.gateway.GatewayConfig.QuorumKeyConfig;
import org.odap.gateway.driver.SampleOrder;
import org.odap.threshold.GroupKey;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PartialSignature;
import org.odap.threshold.Polynomial;

/** A claim of a ledger whose participants are known: each way its proof can be wrong. */
class QuorumKeysTest {
  private static final String HASH_TX = "ab".repeat(32);
  private static final String LEDGER = "alpha-ledger";
  private static final Polynomial POLYNOMIAL = Polynomial.random(2, new SecureRandom());
  private static final LedgerClaim CLAIM =
      LedgerClaim.newBuilder()
          .setDltSystem(LEDGER)
          .setTransferId("7c0e7a3c-7c3f-4f5b-9c59-1d1b3d3d3d3d")
          .setStep(LedgerStep.LEDGER_STEP_LOCK)
          .setAsset(Asset.newBuilder().setAmount("5"))
          .setAccount("alice")
          .setLockExpiry(1_800_000_000_000L)
          .setTransactionId("tx-1")
          .setFinality(Finality.newBuilder().setFinal(true))
          .setProofFormat(Statements.FORMAT)
          .build();

  private final QuorumKeys keys =
      new QuorumKeys(
          List.of(new QuorumKeyConfig(LEDGER, Base64Url.encode(POLYNOMIAL.publicKey().bytes()))),
          List.of());

  @Test
  @Tag("IT-3")
  void takesWhatTheParticipantsSigned() {
    assertThat(keys.fault(session(HASH_TX), proved(CLAIM, Forgery.NONE))).isEmpty();
    // How sure the ledger is may have grown since they signed.
    assertThat(
            keys.fault(
                session(HASH_TX),
                proved(CLAIM, Forgery.NONE).toBuilder()
                    .setFinality(Finality.newBuilder().setFinal(true).setConfirmations(9))
                    .build()))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Tag("IT-3")
  void refusesEachForgery(Forgery forgery) {
    assertThat(keys.fault(session(HASH_TX), proved(CLAIM, forgery)))
        .hasValueSatisfying(fault -> assertThat(fault).contains(forgery.fault));
  }

  @Test
  @Tag("IT-3")
  void refusesTheSignatureOfAnotherClaim() {
    String proof = proved(CLAIM, Forgery.NONE).getProof();
    for (UnaryOperator<LedgerClaim.Builder> change :
        List.<UnaryOperator<LedgerClaim.Builder>>of(
            claim -> claim.setAccount("mallory"),
            claim -> claim.setTransactionId("tx-2"),
            claim -> claim.setLockExpiry(1_900_000_000_000L),
            claim -> claim.setStep(LedgerStep.LEDGER_STEP_CREATE),
            claim -> claim.setTransferId("00000000-0000-0000-0000-000000000000"),
            claim -> claim.setAsset(Asset.newBuilder().setAmount("6")),
            claim -> claim.setBlockNumber(8),
            claim -> claim.setReference("another"))) {
      assertThat(
              keys.fault(session(HASH_TX), change.apply(CLAIM.toBuilder().setProof(proof)).build()))
          .hasValueSatisfying(fault -> assertThat(fault).contains("signature: does not verify"));
    }
    assertThat(keys.fault(session("cd".repeat(32)), CLAIM.toBuilder().setProof(proof).build()))
        .hasValueSatisfying(fault -> assertThat(fault).contains("hash_tx"));
  }

  @Test
  void ofAnUnknownLedgerAnyOtherFormatIsKeptAsEvidence() {
    LedgerClaim receipt =
        CLAIM.toBuilder().setDltSystem("other").setProofFormat("urn:receipt").build();
    assertThat(keys.fault(session(HASH_TX), receipt)).isEmpty();
    assertThat(
            keys.fault(
                session(HASH_TX), receipt.toBuilder().setProofFormat(Statements.FORMAT).build()))
        .contains("the participants of other are not known here");
  }

  enum Forgery {
    NONE(""),
    ANOTHER_FORMAT("format: urn:receipt"),
    NO_PROOF("not a quorum's signature"),
    RUBBISH("not a quorum's signature"),
    NOT_CANONICAL("not a quorum's signature"),
    A_MEMBER_TWICE("not a quorum's signature"),
    ANOTHER_KEY("public_key"),
    ANOTHER_TRANSFERS_TERMS("hash_tx"),
    INFINITY("signature or public_key: the point at infinity"),
    NO_POINT("signature or public_key: "),
    SPELLED_OTHERWISE("signature or public_key: "),
    A_LIE("signature: does not verify");

    final String fault;

    Forgery(String fault) {
      this.fault = fault;
    }
  }

  /** A session in which terms of this hash were proposed. */
  private static Session session(String hashTx) {
    String id = SampleOrder.newSession();
    InitializationRequest proposal =
        InitializationRequest.newBuilder()
            .setEnvelope(Envelope.newBuilder().setSequenceNumber(1).setPayloadHash(hashTx))
            .build();
    return Session.unopened(Role.RECIPIENT, SampleOrder.frame(id))
        .withReceived(OdapMessage.of(proposal));
  }

  private static LedgerClaim proved(LedgerClaim claim, Forgery forgery) {
    byte[] statement = Statements.bytes(Statements.of(HASH_TX, claim));
    QuorumSignature honest =
        QuorumSignature.newBuilder()
            .setKeyId("group")
            .setPublicKey(Base64Url.encode(POLYNOMIAL.publicKey().bytes()))
            .setHashTx(HASH_TX)
            .setSignature(signature(POLYNOMIAL, statement))
            .build();
    byte[] infinity = new byte[48];
    infinity[0] = (byte) 0xc0;
    Polynomial other = Polynomial.random(2, new SecureRandom());
    String proof =
        switch (forgery) {
          case NONE, ANOTHER_FORMAT -> json(honest);
          case NO_PROOF -> "";
          case RUBBISH -> "{";
          case NOT_CANONICAL -> json(honest).replace(",", ", ");
          case A_MEMBER_TWICE -> json(honest).replace("{", "{\"key_id\":\"other\",");
          case ANOTHER_KEY ->
              json(
                  honest.toBuilder()
                      .setPublicKey(Base64Url.encode(other.publicKey().bytes()))
                      .setSignature(signature(other, statement))
                      .build());
          case ANOTHER_TRANSFERS_TERMS ->
              json(honest.toBuilder().setHashTx("cd".repeat(32)).build());
          case INFINITY ->
              json(honest.toBuilder().setSignature(Base64Url.encode(infinity)).build());
          case NO_POINT ->
              json(honest.toBuilder().setSignature(Base64Url.encode(new byte[48])).build());
          case SPELLED_OTHERWISE ->
              json(honest.toBuilder().setSignature(honest.getSignature() + "=").build());
          case A_LIE ->
              json(
                  honest.toBuilder()
                      .setSignature(signature(POLYNOMIAL, "{}".getBytes(UTF_8)))
                      .build());
        };
    return claim.toBuilder()
        .setProofFormat(forgery == Forgery.ANOTHER_FORMAT ? "urn:receipt" : claim.getProofFormat())
        .setProof(proof)
        .build();
  }

  private static String signature(Polynomial polynomial, byte[] message) {
    try {
      GroupKey group = GroupKey.of(polynomial.publicKey(), polynomial.commitments(), 3);
      List<PartialSignature> partials =
          List.of(polynomial.share(1).sign(message), polynomial.share(3).sign(message));
      return Base64Url.encode(group.combine(message, partials).signature().orElseThrow().bytes());
    } catch (MalformedPointException e) {
      throw new AssertionError(e);
    }
  }

  private static String json(QuorumSignature signature) {
    return new String(CanonicalJson.of(signature), UTF_8);
  }
}
