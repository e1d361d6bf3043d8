package org.odap.ledger.fabric.setup;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.odap.ledger.fabric.network.IdentityFiles;

/**
 * Somebody who signs native transactions (ODAP 5.12) with Fabric's own client library and never
 * connects to the network. For development and tests.
 */
public final class OfflineSigner {
  private OfflineSigner() {}

  private interface Signing {
    ByteString with(Gateway gateway) throws GeneralSecurityException;
  }

  /** A signed proposal. */
  public static ByteString proposal(
      IdentityFiles identity,
      String channel,
      String chaincode,
      String function,
      String... arguments) {
    return offline(
        identity,
        gateway -> {
          Proposal proposal =
              gateway
                  .getNetwork(channel)
                  .getContract(chaincode)
                  .newProposal(function)
                  .addArguments(arguments)
                  .build();
          byte[] signature = sign(identity, proposal.getDigest());
          return ByteString.copyFrom(
              gateway.newSignedProposal(proposal.getBytes(), signature).getBytes());
        });
  }

  /** The endorsed transaction, in base64url, with its owner's signature. */
  public static ByteString transaction(IdentityFiles identity, String toSign) {
    return offline(
        identity,
        gateway -> {
          byte[] bytes = Base64.getUrlDecoder().decode(toSign);
          Transaction transaction = gateway.newTransaction(bytes);
          byte[] signature = sign(identity, transaction.getDigest());
          return ByteString.copyFrom(gateway.newSignedTransaction(bytes, signature).getBytes());
        });
  }

  private static ByteString offline(IdentityFiles identity, Signing signing) {
    ManagedChannel nowhere = NettyChannelBuilder.forTarget("127.0.0.1:1").build();
    try (Reader certificate = Files.newBufferedReader(onlyFile(identity.certificate()));
        Gateway gateway =
            Gateway.newInstance()
                .identity(
                    new X509Identity(identity.mspId(), Identities.readX509Certificate(certificate)))
                .hash(Hash.SHA256)
                .connection(nowhere)
                .connect()) {
      return signing.with(gateway);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      nowhere.shutdownNow();
    }
  }

  private static byte[] sign(IdentityFiles identity, byte[] digest)
      throws GeneralSecurityException {
    try (Reader key = Files.newBufferedReader(onlyFile(identity.key()))) {
      return Signers.newPrivateKeySigner(Identities.readPrivateKey(key)).sign(digest);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path onlyFile(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }
}
