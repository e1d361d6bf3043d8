package org.odap.ledger.fabric.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client makes up itself is not believed: by the orderer, the endorser or the committer. */
class ForgedTransactionTest {
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  @TempDir static Path folder;

  private static NetworkUnderTest network;
  private static EnrolledIdentity user;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    network = NetworkUnderTest.start(folder, "AlphaMSP", "BetaMSP");
    user = network.enroll("AlphaMSP");
    gateway = network.connect(user);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    network.close();
  }

  @Test
  void anEndorsementIsForWhatWasEndorsed() throws Exception {
    Transaction changed =
        forged(action ->
            action.toBuilder()
                .setProposalResponsePayload(
                    replaced(action.getProposalResponsePayload(), "honest", "forged"))
                .build());

    assertThat(code(changed)).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  }

  @Test
  void aClientDoesNotEndorse() throws Exception {
    // Its certificate is of the right authority, but says client.
    ByteString self =
        SerializedIdentity.newBuilder()
            .setMspid("AlphaMSP")
            .setIdBytes(ByteString.copyFrom(Files.readAllBytes(user.certificate())))
            .build()
            .toByteString();
    Transaction own =
        forged(action ->
            action.toBuilder()
                .clearEndorsements()
                .addEndorsements(action.getEndorsements(1))
                .addEndorsements(
                    Endorsement.newBuilder()
                        .setEndorser(self)
                        .setSignature(sign(action.getProposalResponsePayload().concat(self))))
                .build());

    assertThat(code(own)).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  }

  @Test
  void oneOrganizationDoesNotEndorseTwice() throws Exception {
    Transaction twice =
        forged(action ->
            action.toBuilder()
                .clearEndorsements()
                .addEndorsements(action.getEndorsements(0))
                .addEndorsements(action.getEndorsements(0))
                .build());

    assertThat(code(twice)).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  }

  @Test
  void theSecondFormOfASignatureIsRefused() throws Exception {
    Proposal proposal = network.contract(gateway).newProposal("put").addArguments("a", "1").build();
    byte[] signature = sign(proposal.getDigest());
    Proposal high = gateway.newSignedProposal(proposal.getBytes(), withHighS(signature));

    EndorseException e = catchThrowableOfType(EndorseException.class, high::endorse);

    assertThat(e.getDetails())
        .singleElement()
        .satisfies(detail ->
            assertThat(detail.getMessage()).startsWith("error validating proposal: access denied"));
    gateway.newSignedProposal(proposal.getBytes(), signature).endorse();
  }

  @Test
  void theOrdererRefusesWhatItsCreatorDidNotSign() throws Exception {
    Transaction transaction = endorsed();
    EnrolledIdentity other = network.network().enroll("AlphaMSP", "other", Map.of());
    byte[] signature = Signers.newPrivateKeySigner(key(other)).sign(transaction.getDigest());
    Transaction signedByAnother = gateway.newSignedTransaction(transaction.getBytes(), signature);

    SubmitException e = catchThrowableOfType(SubmitException.class, signedByAnother::submit);

    assertThat(e.getStatus().getCode()).isEqualTo(Code.ABORTED);
    assertThat(e.getStatus().getDescription()).contains("status=FORBIDDEN");
  }

  private static Transaction endorsed() throws Exception {
    return network
        .contract(gateway)
        .newProposal("put")
        .addArguments("a", "honest")
        .build()
        .endorse();
  }

  /** A transaction that was endorsed and then changed. */
  private static Transaction forged(UnaryOperator<ChaincodeEndorsedAction> change)
      throws Exception {
    PreparedTransaction honest = PreparedTransaction.parseFrom(endorsed().getBytes());
    Payload payload = Payload.parseFrom(honest.getEnvelope().getPayload());
    var transaction =
        org.hyperledger.fabric.protos.peer.Transaction.parseFrom(payload.getData()).toBuilder();
    ChaincodeActionPayload action =
        ChaincodeActionPayload.parseFrom(transaction.getActions(0).getPayload());
    transaction
        .getActionsBuilder(0)
        .setPayload(
            action.toBuilder().setAction(change.apply(action.getAction())).build().toByteString());
    Envelope envelope =
        Envelope.newBuilder()
            .setPayload(
                payload.toBuilder()
                    .setData(transaction.build().toByteString())
                    .build()
                    .toByteString())
            .build();
    return gateway.newTransaction(honest.toBuilder().setEnvelope(envelope).build().toByteArray());
  }

  private static TxValidationCode code(Transaction transaction) {
    return catchThrowableOfType(CommitException.class, transaction::submit).getCode();
  }

  private static ByteString replaced(ByteString bytes, String from, String to) {
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from);
    return ByteString.copyFrom(text.replace(from, to), StandardCharsets.ISO_8859_1);
  }

  private static ByteString sign(ByteString message) {
    try {
      return ByteString.copyFrom(sign(Hash.SHA256.apply(message.toByteArray())));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sign(byte[] digest) throws Exception {
    return Signers.newPrivateKeySigner(key(user)).sign(digest);
  }

  private static PrivateKey key(EnrolledIdentity identity) throws Exception {
    try (Reader pem = Files.newBufferedReader(identity.key())) {
      return Identities.readPrivateKey(pem);
    }
  }

  private static byte[] withHighS(byte[] signature) throws Exception {
    List<ASN1Encodable> pair = List.of(ASN1Sequence.getInstance(signature).toArray());
    BigInteger s = ASN1Integer.getInstance(pair.get(1)).getPositiveValue();
    return new DERSequence(new ASN1Encodable[] {pair.get(0), new ASN1Integer(ORDER.subtract(s))})
        .getEncoded();
  }
}
