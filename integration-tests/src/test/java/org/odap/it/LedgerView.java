package org.odap.it;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.DescribeRequest;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LedgerServiceGrpc.LedgerServiceBlockingStub;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.cli.system.RunningSide;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;

/** What is on a ledger, past any gateway. */
record LedgerView(ManagedChannel channel) implements AutoCloseable {
  private static final int CALL_SECONDS_MAX = 20;

  static LedgerView of(RunningSide side) {
    return new LedgerView(RpcChannels.channel(side.ledger(), TlsMaterial.load(side.client())));
  }

  /** What the ledger says it can do. */
  List<String> capabilities() {
    return stub().describe(DescribeRequest.getDefaultInstance()).getCapabilitiesList();
  }

  /** Units of a class that an account has free to use. */
  long units(Asset cash, String account) {
    return read(ReadRequest.newBuilder().setAsset(cash).setAccount(account)).stream()
        .filter(holding -> !holding.getAmount().isEmpty() && holding.getTransferId().isEmpty())
        .mapToLong(holding -> Long.parseLong(holding.getAmount()))
        .sum();
  }

  /** Where a unique asset is and in which state; "nowhere" without one. */
  String whereabouts(Asset title) {
    try {
      Holding holding = read(ReadRequest.newBuilder().setAsset(title)).getFirst();
      return holding.getAccount() + " " + holding.getState();
    } catch (StatusRuntimeException e) {
      if (OdapErrors.fromGrpc(e).reason() == ErrorReason.ERROR_REASON_ASSET_UNKNOWN) {
        return "nowhere";
      }
      throw e;
    }
  }

  /** Instant the lock of a unique asset ends. */
  long lockExpiry(Asset title) {
    return read(ReadRequest.newBuilder().setAsset(title)).getFirst().getLockExpiry();
  }

  /** What is at a location. */
  String value(String location) {
    return stub().read(ReadRequest.newBuilder().setLocation(location).build()).getValue();
  }

  private List<Holding> read(ReadRequest.Builder request) {
    return stub().read(request.build()).getHoldingsList();
  }

  private LedgerServiceBlockingStub stub() {
    return LedgerServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
