package org.odap.cli.demo;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LedgerServiceGrpc.LedgerServiceBlockingStub;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.cli.CliException;
import org.odap.cli.client.ClientTls;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningLedger;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.Side;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.TlsReload;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/** A ledger as its operator sees it through the adapter: who holds what; issuing, approving. */
public final class LedgerAccess implements AutoCloseable {
  private final Side side;
  private final AssetNames names;
  private final String holder;
  private final TlsReload reload;
  private final ManagedChannel channel;

  /** Opens a side's ledger for its client. */
  public LedgerAccess(RunningSide side) {
    this(side.side(), side.names(), side.holder(), side.ledger(), side.client());
  }

  /** Opens a ledger for its operator, through one of its adapters. */
  public LedgerAccess(RunningLedger ledger, RpcTarget adapter) {
    this(ledger.side(), ledger.names(), ledger.holder(), adapter, ledger.client());
  }

  private LedgerAccess(
      Side side, AssetNames names, String holder, RpcTarget adapter, TlsFiles client) {
    this.side = side;
    this.names = names;
    this.holder = holder;
    TlsMaterial tls = TlsMaterial.load(client);
    this.reload = ClientTls.reload(tls);
    this.channel = RpcChannels.channel(adapter, tls);
  }

  private LedgerServiceBlockingStub ledger() {
    return LedgerServiceGrpc.newBlockingStub(channel);
  }

  /** The ledger's name between gateways. */
  public String name() {
    return side.dltSystem();
  }

  /** Who owns the title, if it is on this ledger. */
  public Optional<String> titleOwner(String id) {
    try {
      return ledger()
          .read(ReadRequest.newBuilder().setAsset(title(id)).build())
          .getHoldingsList()
          .stream()
          .findFirst()
          .map(Holding::getAccount);
    } catch (StatusRuntimeException refused) {
      if (OdapErrors.fromGrpc(refused).reason() == ErrorReason.ERROR_REASON_ASSET_UNKNOWN) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** Cash an account holds, locked or not. */
  public BigInteger cash(String account) {
    return ledger()
        .read(ReadRequest.newBuilder().setAsset(cashOf("")).setAccount(account).build())
        .getHoldingsList()
        .stream()
        .map(holding -> new BigInteger(holding.getAmount()))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  /** Makes a title for an account. */
  public void issueTitle(String id, String owner) {
    create(title(id), owner);
  }

  /** Makes cash for an account. */
  public void issueCash(String amount, String owner) {
    create(cashOf(amount), owner);
  }

  /**
   * The holder's consent that the gateway locks what it holds. On SQL it is the operator's to write
   * down; on other ledgers the account has given it itself when the ledger was set up.
   */
  public void approve() {
    if (side.kind() == LedgerKind.SQL) {
      approve(holder);
    }
  }

  /** Writes down an account's consent, on a SQL ledger. */
  public void approve(String account) {
    approve(names.title(), account);
    approve(names.cash(), account);
  }

  private void approve(String assetClass, String account) {
    done(
        "approving transfers of " + account,
        ledger()
            .write(
                WriteRequest.newBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .setLocation("approvals/" + assetClass + "/" + account)
                    .setValue("{\"approved\":true}")
                    .build())
            .getOutcome());
  }

  private void create(Asset asset, String owner) {
    done(
        "issuing an asset to " + owner,
        ledger()
            .create(
                CreateRequest.newBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .setAsset(asset)
                    .setOwner(owner)
                    .build())
            .getOutcome());
  }

  private void done(String what, StepOutcome outcome) {
    if (outcome.getState() != SubmissionState.SUBMISSION_STATE_DONE) {
      throw new CliException(what + " on " + name() + " was refused: " + outcome.getDescription());
    }
  }

  private Asset title(String id) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(names.title())
        .setAssetId(id)
        .build();
  }

  private Asset cashOf(String amount) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(names.cash())
        .setAmount(amount)
        .build();
  }

  @Override
  public void close() {
    reload.stop(Duration.ZERO);
    channel.shutdownNow();
  }
}
