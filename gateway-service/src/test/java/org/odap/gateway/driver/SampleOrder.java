package org.odap.gateway.driver;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.storage.v1.TransferOrder;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.Signer;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.log.LogFrame;
import org.odap.core.session.Role;
import org.odap.core.session.Timing;
import org.odap.core.transfer.GatewaySetting;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.runtime.identity.SigningKey;

/** An order as a client gives it to its gateway, and the log that it opens. */
public final class SampleOrder {
  public static final String SENDER = "odapgw://alpha.example/gateway-1";
  public static final String RECIPIENT = "odapgw://beta.example/gateway-1";
  public static final Signer SIGNER = newSigner();
  static final Signer PEER = newSigner();
  private static final long LOCK_MILLIS = 600_000;

  private SampleOrder() {}

  public static String newSession() {
    return UUID.randomUUID().toString();
  }

  public static LogFrame frame(String sessionId) {
    return LogFrame.of(order().terms(), sessionId, SENDER, RECIPIENT);
  }

  /** What an order for a unique asset becomes. */
  public static Input.Order order() {
    Asset asset =
        Asset.newBuilder()
            .setKind(AssetKind.ASSET_KIND_UNIQUE)
            .setAssetClass("titles")
            .setAssetId("41")
            .build();
    InitializationRequest terms =
        InitializationRequest.newBuilder()
            .setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LOCAL_STORE)
            .setAccessControlProfile(AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY)
            .setSourceGatewayPubkey(SIGNER.publicKey())
            .setSourceGatewayDltSystem("sql-alpha")
            .setRecipientGatewayPubkey(PEER.publicKey())
            .setRecipientGatewayDltSystem("sql-beta")
            .setEscrowType(EscrowType.ESCROW_TYPE_TIMELOCK)
            .setExpiryTime(System.currentTimeMillis() + LOCK_MILLIS)
            .setOrigin("alice")
            .setDestination("bob")
            .setAsset(asset)
            .setAssetProfile(
                AssetProfile.newBuilder()
                    .setProfileId("urn:example:titles")
                    .setProfileVersion("1")
                    .setKind(AssetKind.ASSET_KIND_UNIQUE)
                    .setIssuer("Example")
                    .setAssetCode("TITLE"))
            .setOriginatorPubkey(SIGNER.publicKey())
            .setBeneficiaryPubkey(PEER.publicKey())
            .setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_TWO_PHASE)
            .addSignatureAlgorithms("ES256")
            .build();
    TransferOrder order =
        TransferOrder.newBuilder()
            .setRequestId("order-1")
            .setClient("odapclient://alpha.example/treasury")
            .setHashRequest(Hash.of(new byte[] {1}))
            .build();
    return new Input.Order(order, terms);
  }

  /** The first entries of the sender's log. */
  public static List<LogEntry> log(String sessionId) {
    Transfer unopened = Transfer.unopened(Role.SENDER, frame(sessionId));
    Step step = TransferMachine.decide(unopened, order(), setting(), System.currentTimeMillis());
    if (step instanceof Step.Accepted accepted) {
      return accepted.entries();
    }
    throw new IllegalStateException("not taken: " + step);
  }

  public static GatewaySetting setting() {
    return new GatewaySetting(SIGNER, new Timing(100, 200, 100, 1_000), new Unasked());
  }

  static Signer newSigner() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return signer(SigningKey.of(pair.getPrivate(), pair.getPublic()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static Signer signer(SigningKey key) {
    return new Signer() {
      @Override
      public String publicKey() {
        return key.publicKey();
      }

      @Override
      public String sign(byte[] bytes) {
        return key.sign(bytes);
      }
    };
  }

  /** The policy of a gateway that gets no proposals and none of whose own is denied. */
  public static final class Unasked implements InitiationPolicy {
    @Override
    public Verdict judge(InitializationRequest proposal, String peer, long now) {
      throw new IllegalStateException("nobody proposes anything here");
    }

    @Override
    public Optional<InitializationRequest> nextRound(
        InitializationRequest proposal, InitializationDenied denied, long now) {
      throw new IllegalStateException("nobody denies anything here");
    }
  }
}
