package org.odap.cli.bench;

import io.grpc.ManagedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LedgerServiceGrpc.LedgerServiceBlockingStub;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.cli.CliException;
import org.odap.cli.system.RunningLedger;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.ledger.References;
import org.odap.runtime.measurement.TransferSteps;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/** Transfer steps over the replicas of an adapter in turn, as a gateway calls them. */
final class AdapterSteps implements TransferSteps {
  private static final long EPOCH = 1;
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STEP_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration LOCK_TIME = Duration.ofHours(1);
  private static final String HASH = "cd".repeat(32);

  private final List<ManagedChannel> channels;
  private final List<LedgerServiceBlockingStub> replicas;
  private final AtomicInteger calls = new AtomicInteger();
  private final String assetClass;
  private final String holder;

  AdapterSteps(RunningLedger ledger, List<RpcTarget> adapters) {
    TlsMaterial tls = TlsMaterial.load(ledger.gateway());
    channels = adapters.stream().map(adapter -> RpcChannels.channel(adapter, tls)).toList();
    replicas = channels.stream().map(LedgerServiceGrpc::newBlockingStub).toList();
    assetClass = ledger.names().title();
    holder = ledger.holder();
  }

  @Override
  public String logIncoming(String transferId, long asset) {
    LogIncomingRequest request =
        LogIncomingRequest.newBuilder()
            .setKey(key(transferId))
            .setAsset(unique(asset))
            .setBeneficiary(holder)
            .setReference(HASH)
            .build();
    return done(() -> next().logIncoming(request).getOutcome());
  }

  @Override
  public String create(String transferId, long asset, String announcement) {
    CreateFromTransferRequest request =
        CreateFromTransferRequest.newBuilder()
            .setKey(key(transferId))
            .setHashCommitFinal(HASH)
            .setReference(References.to(announcement))
            .build();
    return done(() -> next().createFromTransfer(request).getOutcome());
  }

  @Override
  public String lock(String transferId, long asset) {
    LockRequest request =
        LockRequest.newBuilder()
            .setKey(key(transferId))
            .setAsset(unique(asset))
            .setOwner(holder)
            .setLockExpiry(Instant.now().plus(LOCK_TIME).toEpochMilli())
            .setReference(HASH)
            .build();
    return done(() -> next().lock(request).getOutcome());
  }

  @Override
  public String finalizeLock(String transferId, long asset, String lock) {
    FinalizeLockRequest request =
        FinalizeLockRequest.newBuilder()
            .setKey(key(transferId))
            .setReference(References.to(lock))
            .build();
    return done(() -> next().finalizeLock(request).getOutcome());
  }

  @Override
  public String recordLocation(String transferId, long asset, String finalization) {
    RecordLocationRequest request =
        RecordLocationRequest.newBuilder()
            .setKey(key(transferId))
            .setReference(References.to(finalization))
            .setRemoteDltSystem("elsewhere")
            .setRemoteTransactionId(HASH)
            .setRemoteBlockNumber(1)
            .build();
    return done(() -> next().recordLocation(request).getOutcome());
  }

  private LedgerServiceBlockingStub next() {
    int number = Math.floorMod(calls.getAndIncrement(), replicas.size());
    return replicas.get(number).withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * A step that is under way is asked for again: an adapter waits for its end as long as it can.
   */
  private static String done(Supplier<StepOutcome> call) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < STEP_TIMEOUT.toNanos()) {
      StepOutcome outcome = call.get();
      switch (outcome.getState()) {
        case SUBMISSION_STATE_DONE -> {
          return outcome.getClaim().getTransactionId();
        }
        case SUBMISSION_STATE_SUBMITTED -> {}
        default -> throw new CliException("refused: " + outcome.getDescription());
      }
    }
    throw new CliException("not final after " + STEP_TIMEOUT.toSeconds() + " s");
  }

  private static StepKey key(String transferId) {
    return StepKey.newBuilder().setTransferId(transferId).setEpoch(EPOCH).build();
  }

  private Asset unique(long asset) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(assetClass)
        .setAssetId(Long.toString(asset))
        .build();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
