package org.odap.ledger.fabric.evidence;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.MetadataSignature;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.odap.runtime.identity.Pem;

/** Blocks as a channel of three organizations makes them, signed with keys made for the test. */
final class ChannelForTests {
  static final String CHANNEL = "trade";
  static final String CHAINCODE = "odap";

  final Organization first = Organization.of("FirstMSP");
  final Organization second = Organization.of("SecondMSP");
  final Organization ordering = Organization.of("OrderingMSP");

  /** An organization with its authority. */
  record Organization(String mspId, KeyPair key, X509Certificate authority) {
    static Organization of(String mspId) {
      KeyPair key = newKey();
      X500Name name = new X500Name("CN=ca." + mspId);
      return new Organization(mspId, key, certificate(name, key, name, key, true));
    }

    Member member(String unit) {
      KeyPair own = newKey();
      X500Name subject = new X500Name("CN=" + unit + "0,OU=" + unit);
      X500Name issuer = new X500Name("CN=ca." + mspId);
      return new Member(mspId, own, certificate(subject, own, issuer, key, false));
    }
  }

  /** Somebody with a certificate. */
  record Member(String mspId, KeyPair key, X509Certificate certificate) {
    ByteString identity() {
      return SerializedIdentity.newBuilder()
          .setMspid(mspId)
          .setIdBytes(ByteString.copyFromUtf8(Pem.text(certificate)))
          .build()
          .toByteString();
    }

    ByteString sign(ByteString message) {
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(message.toByteArray());
        return ByteString.copyFrom(signature.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  KnownChannel known(int endorsementsMin) {
    return new KnownChannel(
        "fabric-one",
        CHANNEL,
        CHAINCODE,
        new TrustRoots(
            Map.of(
                first.mspId(), List.of(first.authority()),
                second.mspId(), List.of(second.authority())),
            Optional.of(TrustRoots.Unit.PEER)),
        endorsementsMin,
        new TrustRoots(
            Map.of(ordering.mspId(), List.of(ordering.authority())),
            Optional.of(TrustRoots.Unit.ORDERER)),
        1);
  }

  /** A transaction with an event, endorsed by these. */
  Envelope transaction(String eventName, String payload, String chaincode, List<Member> endorsers) {
    ByteString nonce = ByteString.copyFrom(new byte[] {1, 2, 3});
    SignatureHeader signature =
        SignatureHeader.newBuilder()
            .setNonce(nonce)
            .setCreator(first.member("client").identity())
            .build();
    String id =
        HexFormat.of().formatHex(sha256(nonce.concat(signature.getCreator()).toByteArray()));
    ChannelHeader channel =
        ChannelHeader.newBuilder()
            .setType(HeaderType.ENDORSER_TRANSACTION_VALUE)
            .setChannelId(CHANNEL)
            .setTxId(id)
            .setTimestamp(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()))
            .build();
    ByteString proposal = ByteString.copyFromUtf8("proposal");
    ChaincodeEvent event =
        ChaincodeEvent.newBuilder()
            .setChaincodeId(chaincode)
            .setTxId(id)
            .setEventName(eventName)
            .setPayload(ByteString.copyFromUtf8(payload))
            .build();
    ProposalResponsePayload response =
        ProposalResponsePayload.newBuilder()
            .setProposalHash(
                ByteString.copyFrom(
                    sha256(
                        channel
                            .toByteString()
                            .concat(signature.toByteString())
                            .concat(proposal)
                            .toByteArray())))
            .setExtension(
                ChaincodeAction.newBuilder()
                    .setEvents(event.toByteString())
                    .setChaincodeId(ChaincodeID.newBuilder().setName(chaincode))
                    .build()
                    .toByteString())
            .build();
    ChaincodeEndorsedAction.Builder action =
        ChaincodeEndorsedAction.newBuilder().setProposalResponsePayload(response.toByteString());
    for (Member endorser : endorsers) {
      action.addEndorsements(
          Endorsement.newBuilder()
              .setEndorser(endorser.identity())
              .setSignature(endorser.sign(response.toByteString().concat(endorser.identity()))));
    }
    ChaincodeActionPayload call =
        ChaincodeActionPayload.newBuilder()
            .setChaincodeProposalPayload(proposal)
            .setAction(action)
            .build();
    Transaction transaction =
        Transaction.newBuilder()
            .addActions(TransactionAction.newBuilder().setPayload(call.toByteString()))
            .build();
    Header header =
        Header.newBuilder()
            .setChannelHeader(channel.toByteString())
            .setSignatureHeader(signature.toByteString())
            .build();
    return Envelope.newBuilder()
        .setPayload(
            Payload.newBuilder()
                .setHeader(header)
                .setData(transaction.toByteString())
                .build()
                .toByteString())
        .build();
  }

  /** A block of others' transactions, with this one in the middle. */
  Block block(Envelope middle, Member orderer) {
    BlockData data =
        BlockData.newBuilder()
            .addData(ByteString.copyFromUtf8("somebody's"))
            .addData(middle.toByteString())
            .addData(ByteString.copyFromUtf8("somebody else's"))
            .build();
    BlockHeader header =
        BlockHeader.newBuilder()
            .setNumber(7)
            .setPreviousHash(ByteString.copyFrom(sha256(new byte[] {6})))
            .setDataHash(ByteString.copyFrom(BlockHashes.dataHash(data)))
            .build();
    return Block.newBuilder()
        .setHeader(header)
        .setData(data)
        .setMetadata(metadata(header, orderer, new byte[] {0, 0, 0}))
        .build();
  }

  static BlockMetadata metadata(BlockHeader header, Member orderer, byte[] verdicts) {
    ByteString value = ByteString.copyFromUtf8("last config");
    ByteString signatureHeader =
        SignatureHeader.newBuilder().setCreator(orderer.identity()).build().toByteString();
    ByteString headerBytes = ByteString.copyFrom(BlockHashes.headerBytes(header));
    Metadata signatures =
        Metadata.newBuilder()
            .setValue(value)
            .addSignatures(
                MetadataSignature.newBuilder()
                    .setSignatureHeader(signatureHeader)
                    .setSignature(orderer.sign(value.concat(signatureHeader).concat(headerBytes))))
            .build();
    List<ByteString> entries =
        new ArrayList<>(
            List.of(signatures.toByteString(), ByteString.EMPTY, ByteString.copyFrom(verdicts)));
    return BlockMetadata.newBuilder().addAllMetadata(entries).build();
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(
      X500Name subject, KeyPair key, X500Name issuer, KeyPair signer, boolean isAuthority) {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(64, new SecureRandom()),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(1))),
              subject,
              key.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(isAuthority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException(e);
    }
  }
}
