package org.odap.it.system;

import static org.odap.ledger.ethereum.escrow.EscrowCalls.address;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.encode;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.ResponseCode;
import org.odap.cli.system.RunningSide;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.development.Deployment;
import org.odap.ledger.ethereum.development.Wallet;
import org.odap.ledger.fabric.network.IdentityFiles;
import org.odap.ledger.fabric.setup.OfflineSigner;
import org.odap.runtime.identity.SigningKey;
import org.web3j.abi.datatypes.generated.Uint256;

/**
 * Payments that the payer signs itself, as each kind of ledger takes them (ODAP 5.12): no gateway
 * has its key.
 */
public interface NativePayments extends AutoCloseable {
  /** The payer's account. */
  String payer();

  /** A payment in cash, signed. */
  ByteString signed(String amount, String to);

  /** What the ledger asks to be signed, with a second signature; only where it asks for one. */
  default ByteString signedAgain(String toSign) {
    throw new IllegalStateException("this ledger wants one signature only: " + toSign);
  }

  /** The payer's consent to have so much cash destroyed, signed; only where that needs one. */
  default Optional<ByteString> consent(String amount) {
    return Optional.empty();
  }

  @Override
  void close();

  /**
   * The native payments of a side's ledger.
   *
   * @param folder the side's files
   */
  static NativePayments of(RunningSide side, Path folder, ResourceClient client) {
    return switch (side.side().kind()) {
      case SQL -> ofInstructions(side, client);
      case ETHEREUM -> ofTokens(folder.resolve("chain"));
      case FABRIC -> ofChaincode(side, folder.resolve("fabric-network"));
    };
  }

  private static NativePayments ofInstructions(RunningSide side, ResourceClient client) {
    String dltSystem = side.side().dltSystem();
    String payer = "payer-" + UUID.randomUUID();
    SigningKey key = newKey();
    ResourceDescriptor place =
        ResourceDescriptor.parse(side.side().resources().ledger(dltSystem) + "/keys/" + payer)
            .orElseThrow();
    PerformActionResponse recorded =
        client.done(
            client
                .action(Action.ACTION_WRITE, place)
                .setEnvelope(
                    client
                        .envelope(place)
                        .setPayload("{\"public_key\":\"" + key.publicKey() + "\"}")));
    if (recorded.getResponseCode() != ResponseCode.RESPONSE_CODE_SUCCESS) {
      throw new IllegalStateException("key not recorded: " + recorded);
    }
    return new NativePayments() {
      @Override
      public String payer() {
        return payer;
      }

      @Override
      public ByteString signed(String amount, String to) {
        String payload =
            """
            {"dlt_system":"%s","account":"%s","nonce":"%s","action":"move",\
            "asset_class":"%s","amount":"%s","to":"%s"}\
            """
                .formatted(dltSystem, payer, UUID.randomUUID(), side.names().cash(), amount, to);
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return ByteString.copyFromUtf8(
            "{\"payload\":\""
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
                + "\",\"signature\":\""
                + key.sign(bytes)
                + "\"}");
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  private static SigningKey newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      return SigningKey.of(pair.getPrivate(), pair.getPublic());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static NativePayments ofTokens(Path folder) {
    Deployment deployment;
    try {
      deployment = Deployment.read(folder);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Chain chain = new Chain(deployment.nodeUrl(), Duration.ofSeconds(10), Map.of());
    Wallet wallet = Wallet.funded(chain);
    return new NativePayments() {
      @Override
      public String payer() {
        return wallet.address().text();
      }

      @Override
      public ByteString signed(String amount, String to) {
        String call =
            encode("transfer", address(new Address(to)), new Uint256(new BigInteger(amount)));
        return signed(call);
      }

      @Override
      public Optional<ByteString> consent(String amount) {
        return Optional.of(
            signed(
                encode(
                    "approve", address(deployment.escrow()), new Uint256(new BigInteger(amount)))));
      }

      private ByteString signed(String call) {
        return ByteString.fromHex(wallet.signedCall(deployment.cash(), call).substring(2));
      }

      @Override
      public void close() {
        chain.close();
      }
    };
  }

  private static NativePayments ofChaincode(RunningSide side, Path network) {
    String payer = side.holder();
    String mspId = payer.substring(0, payer.indexOf('/'));
    Path msp =
        network
            .resolve(mspId)
            .resolve("clients")
            .resolve(payer.substring(mspId.length() + 1))
            .resolve("msp");
    IdentityFiles identity =
        new IdentityFiles(mspId, msp.resolve("signcerts"), msp.resolve("keystore"));
    return new NativePayments() {
      @Override
      public String payer() {
        return payer;
      }

      @Override
      public ByteString signed(String amount, String to) {
        return OfflineSigner.proposal(
            identity, "odap-channel", "odap", "TransferAsset", side.names().cash(), amount, to);
      }

      @Override
      public Optional<ByteString> consent(String amount) {
        return Optional.of(
            OfflineSigner.proposal(
                identity, "odap-channel", "odap", "Approve", side.names().cash(), amount, mspId));
      }

      @Override
      public ByteString signedAgain(String toSign) {
        return OfflineSigner.transaction(identity, toSign);
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
