package org.odap.ledger.fabric.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.ledger.fabric.development.NetworkUnderTest.qscc;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.MetadataSignature;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.identity.Pem;

/**
 * A stranger can check what a block says by what a real one is checked by; written apart from the
 * code that makes blocks.
 */
class ProofTest {
  @TempDir private Path folder;

  @Test
  void blocksAreHashedChainedAndSigned() throws Exception {
    try (NetworkUnderTest network = NetworkUnderTest.start(folder, "AlphaMSP", "BetaMSP");
        Gateway gateway = network.connect(network.enroll("AlphaMSP"))) {
      Contract contract = network.contract(gateway);
      for (int i = 0; i < 3; i++) {
        contract.submitTransaction("put", "key", "value " + i);
      }
      SubmittedTransaction last =
          contract.newProposal("put").addArguments("a", "1").build().endorse().submitAsync();
      assertThat(last.getStatus().isSuccessful()).isTrue();

      Block block = Block.parseFrom(qscc(gateway, "GetBlockByTxID", last.getTransactionId()));
      assertThat(block.getHeader().getNumber()).isEqualTo(4);
      checkOrderer(block, network.network());
      checkEndorsements(block, network.network());
      BlockchainInfo info = BlockchainInfo.parseFrom(qscc(gateway, "GetChainInfo"));
      assertThat(info.getHeight()).isEqualTo(5);
      assertThat(info.getCurrentBlockHash()).isEqualTo(hash(der(block.getHeader())));
      for (long number = 4; number > 0; number--) {
        Block before =
            Block.parseFrom(qscc(gateway, "GetBlockByNumber", Long.toString(number - 1)));
        assertThat(block.getHeader().getPreviousHash()).isEqualTo(hash(der(before.getHeader())));
        assertThat(block.getHeader().getDataHash())
            .isEqualTo(hash(concatenation(block.getData().getDataList())));
        block = before;
      }
    }
  }

  private static void checkOrderer(Block block, DevelopmentNetwork network) throws Exception {
    Metadata metadata =
        Metadata.parseFrom(block.getMetadata().getMetadata(BlockMetadataIndex.SIGNATURES_VALUE));
    MetadataSignature signature = metadata.getSignatures(0);
    ByteString creator = SignatureHeader.parseFrom(signature.getSignatureHeader()).getCreator();
    byte[] signed =
        concatenation(
            List.of(
                metadata.getValue(),
                signature.getSignatureHeader(),
                ByteString.copyFrom(der(block.getHeader()))));
    checkSignature(
        creator, "OU=orderer", network.authority("OrdererMSP"), signed, signature.getSignature());
    assertThat(
            block
                .getMetadata()
                .getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE)
                .toByteArray())
        .containsExactly(TxValidationCode.VALID_VALUE);
  }

  private static void checkEndorsements(Block block, DevelopmentNetwork network) throws Exception {
    Payload payload =
        Payload.parseFrom(Envelope.parseFrom(block.getData().getData(0)).getPayload());
    ChaincodeEndorsedAction action =
        ChaincodeActionPayload.parseFrom(
                Transaction.parseFrom(payload.getData()).getActions(0).getPayload())
            .getAction();
    assertThat(action.getEndorsementsList())
        .extracting(
            endorsement -> SerializedIdentity.parseFrom(endorsement.getEndorser()).getMspid())
        .containsExactly("AlphaMSP", "BetaMSP");
    for (Endorsement endorsement : action.getEndorsementsList()) {
      String mspId = SerializedIdentity.parseFrom(endorsement.getEndorser()).getMspid();
      checkSignature(
          endorsement.getEndorser(),
          "OU=peer",
          network.authority(mspId),
          concatenation(List.of(action.getProposalResponsePayload(), endorsement.getEndorser())),
          endorsement.getSignature());
    }
  }

  private static void checkSignature(
      ByteString identity, String unit, Path authority, byte[] signed, ByteString signature)
      throws Exception {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(
                        SerializedIdentity.parseFrom(identity).getIdBytes().toByteArray()));
    certificate.verify(Pem.certificates(authority).getFirst().getPublicKey());
    assertThat(certificate.getSubjectX500Principal().getName()).contains(unit);
    Signature verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(certificate.getPublicKey());
    verifier.update(signed);
    assertThat(verifier.verify(signature.toByteArray())).isTrue();
  }

  private static byte[] der(BlockHeader header) throws Exception {
    ASN1Encodable[] fields = {
      new ASN1Integer(BigInteger.valueOf(header.getNumber())),
      new DEROctetString(header.getPreviousHash().toByteArray()),
      new DEROctetString(header.getDataHash().toByteArray())
    };
    return new DERSequence(fields).getEncoded();
  }

  private static byte[] concatenation(Iterable<ByteString> parts) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteString part : parts) {
      all.write(part.toByteArray());
    }
    return all.toByteArray();
  }

  private static ByteString hash(byte[] bytes) throws Exception {
    return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
