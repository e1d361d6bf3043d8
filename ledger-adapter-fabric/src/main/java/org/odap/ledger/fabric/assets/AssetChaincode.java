package org.odap.ledger.fabric.assets;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hyperledger.fabric.client.GatewayException;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LogAnchor;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;
import org.odap.runtime.ledger.Refusal;

/** The chaincode's functions, with their arguments in its order. */
public final class AssetChaincode {
  private static final Pattern ANCHOR = Pattern.compile("([1-9]\\d{0,9}):([0-9a-f]{64})");

  private final Peer peer;
  private final String name;
  // A class is defined once and never changes: what was seen of it stays true.
  private final Map<String, AssetKind> kinds = new ConcurrentHashMap<>();

  /** The chaincode of this name on the peer's channel. */
  public AssetChaincode(Peer peer, String name) {
    this.peer = peer;
    this.name = name;
  }

  /** Its name on the channel. */
  public String name() {
    return name;
  }

  /** 2.3. */
  public Invocation lock(LockRequest request) {
    Asset asset = request.getAsset();
    return call(
        "Lock",
        request.getKey().getTransferId(),
        epoch(request.getKey()),
        asset.getAssetClass(),
        idOrAmount(asset),
        request.getOwner(),
        Long.toString(request.getLockExpiry()),
        request.getReference(),
        anchor(request.getKey()));
  }

  /** Rollback of 2.3. */
  public Invocation unlock(UnlockRequest request) {
    return call(
        "Unlock",
        request.getKey().getTransferId(),
        epoch(request.getKey()),
        anchor(request.getKey()));
  }

  /** 3.3. */
  public Invocation finalizeLock(FinalizeLockRequest request) {
    return call(
        "FinalizeLock",
        request.getKey().getTransferId(),
        epoch(request.getKey()),
        request.getReference(),
        anchor(request.getKey()));
  }

  /** 3.7. */
  public Invocation recordLocation(RecordLocationRequest request) {
    return call(
        "RecordLocation",
        request.getKey().getTransferId(),
        epoch(request.getKey()),
        request.getReference(),
        request.getRemoteDltSystem(),
        request.getRemoteTransactionId(),
        Long.toUnsignedString(request.getRemoteBlockNumber()),
        anchor(request.getKey()));
  }

  /** 2.4. */
  public Invocation logIncoming(LogIncomingRequest request) {
    Asset asset = request.getAsset();
    return call(
        "LogIncoming",
        request.getKey().getTransferId(),
        epoch(request.getKey()),
        asset.getAssetClass(),
        idOrAmount(asset),
        request.getBeneficiary(),
        request.getReference(),
        anchor(request.getKey()));
  }

  /** 3.5. */
  public Invocation createFromTransfer(CreateFromTransferRequest request) {
    return call(
        "CreateFromTransfer",
        request.getKey().getTransferId(),
        epoch(request.getKey()),
        request.getHashCommitFinal(),
        request.getReference(),
        anchor(request.getKey()));
  }

  /** Rollback of 2.4. */
  public Invocation withdrawIncoming(WithdrawIncomingRequest request) {
    return call(
        "WithdrawIncoming",
        request.getKey().getTransferId(),
        epoch(request.getKey()),
        anchor(request.getKey()));
  }

  /** CREATE (ODAP 5.10.1). */
  public Invocation create(CreateRequest request) {
    Asset asset = request.getAsset();
    return call(
        "CreateAsset",
        request.getRequestId(),
        asset.getAssetClass(),
        idOrAmount(asset),
        request.getOwner());
  }

  /** DESTROY (ODAP 5.10.8). */
  public Invocation destroy(DestroyRequest request) {
    Asset asset = request.getAsset();
    return call(
        "DestroyAsset",
        request.getRequestId(),
        asset.getAssetClass(),
        idOrAmount(asset),
        request.getOwner());
  }

  /** All that the chaincode knows of a transfer. */
  public TransferRecord transfer(String transferId) throws GatewayException {
    return new TransferRecord(ask("GetTransfer", transferId));
  }

  /** A unique asset; throws the chaincode's refusal where it is not here. */
  public JsonNode asset(String assetClass, String id) throws GatewayException {
    return ask("GetAsset", assetClass, id);
  }

  /** What an account holds, locked or free, one row each. */
  public JsonNode holdings(String account) throws GatewayException {
    return ask("GetHoldings", account);
  }

  /** What an account has of a fungible class: free and locked. */
  public JsonNode balance(String assetClass, String account) throws GatewayException {
    return ask("GetBalance", assetClass, account);
  }

  /** The peer's clock, UNIX milliseconds. */
  public long time() throws GatewayException {
    JsonNode answer = ask("GetTime");
    return answer.path("time").asLong(answer.asLong());
  }

  /** Whether a class is known and of the kind the caller takes it for. */
  public boolean isOfKind(String assetClass, AssetKind kind) throws GatewayException {
    if (!kinds.containsKey(assetClass)) {
      for (JsonNode known : ask("GetClasses")) {
        kinds.put(known.path("assetClass").asText(), kind(known.path("kind").asText()));
      }
    }
    return kinds.get(assetClass) == kind;
  }

  /** An asset as the chaincode tells it; empty where a side was given up before it began. */
  public static Optional<Asset> asset(JsonNode told) {
    String assetClass = told.path("assetClass").asText();
    if (assetClass.isEmpty()) {
      return Optional.empty();
    }
    Asset.Builder asset =
        Asset.newBuilder().setAssetClass(assetClass).setKind(kind(told.path("kind").asText()));
    String idOrAmount = told.path("idOrAmount").asText();
    return Optional.of(
        asset.getKind() == AssetKind.ASSET_KIND_UNIQUE
            ? asset.setAssetId(idOrAmount).build()
            : asset.setAmount(idOrAmount).build());
  }

  /** A kind as the chaincode spells it. */
  public static AssetKind kind(String name) {
    return switch (name) {
      case "UNIQUE" -> AssetKind.ASSET_KIND_UNIQUE;
      case "FUNGIBLE" -> AssetKind.ASSET_KIND_FUNGIBLE;
      default -> AssetKind.ASSET_KIND_UNSPECIFIED;
    };
  }

  /** An anchor as it stands with a step; empty where the log is not anchored. */
  public static Optional<LogAnchor> anchor(String text) {
    Matcher match = ANCHOR.matcher(text);
    if (!match.matches() || Long.parseLong(match.group(1)) > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(
        LogAnchor.newBuilder()
            .setSeqNumber(Integer.parseInt(match.group(1)))
            .setLogEntryHash(match.group(2))
            .build());
  }

  /**
   * What a refusal of the chaincode says, {@code REASON: words}; another chaincode's words, or
   * those of Fabric's own libraries, name no reason.
   */
  public static Optional<Refusal> refusal(String words) {
    int colon = words.indexOf(": ");
    if (colon < 1) {
      return Optional.empty();
    }
    String reason = "ERROR_REASON_" + words.substring(0, colon);
    return Stream.of(ErrorReason.values())
        .filter(known -> known.name().equals(reason))
        .findFirst()
        .map(known -> new Refusal(known, words.substring(colon + 2)));
  }

  private JsonNode ask(String function, String... arguments) throws GatewayException {
    byte[] answer = peer.evaluate(call(function, arguments));
    return Answers.parse(answer)
        .orElseThrow(() ->
            new IllegalStateException(name + "." + function + " answered with something else"));
  }

  private Invocation call(String function, String... arguments) {
    return new Invocation(name, function, List.of(arguments));
  }

  private static String epoch(StepKey key) {
    return Long.toString(key.getEpoch());
  }

  private static String anchor(StepKey key) {
    return key.hasAnchor()
        ? key.getAnchor().getSeqNumber() + ":" + key.getAnchor().getLogEntryHash()
        : "";
  }

  private static String idOrAmount(Asset asset) {
    return asset.getKind() == AssetKind.ASSET_KIND_UNIQUE ? asset.getAssetId() : asset.getAmount();
  }
}
