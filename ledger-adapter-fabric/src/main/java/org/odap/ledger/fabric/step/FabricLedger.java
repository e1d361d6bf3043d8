package org.odap.ledger.fabric.step;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.hyperledger.fabric.client.GatewayException;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.InvokeResponse;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.ReadResponse;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.fabric.assets.AssetChaincode;
import org.odap.ledger.fabric.evidence.BlockEvidence;
import org.odap.ledger.fabric.evidence.EvidenceMaker;
import org.odap.ledger.fabric.evidence.KnownChannel;
import org.odap.ledger.fabric.evidence.StepInBlock;
import org.odap.ledger.fabric.network.Blocks;
import org.odap.ledger.fabric.network.Failure;
import org.odap.ledger.fabric.network.Failures;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.operation.NativeTransactions;
import org.odap.ledger.fabric.operation.OtherChaincodes;
import org.odap.ledger.fabric.operation.Subscription;
import org.odap.ledger.fabric.submission.Carried;
import org.odap.ledger.fabric.submission.ChaincodeOrder;
import org.odap.ledger.fabric.submission.Runner;
import org.odap.ledger.fabric.submission.SubmissionCounts;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.LedgerSubscriber;
import org.odap.runtime.ledger.Refusal;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;

/**
 * A Fabric channel with one chaincode that holds assets and transfer records as a ledger (ODAP
 * 5.10; ARCH 7, 8). Classes are the chaincode's, accounts are {@code <MSP id>/<enrollment id>}.
 */
public final class FabricLedger implements LedgerAdapter, AutoCloseable {
  private static final List<String> CAPABILITIES =
      List.of(
          "TRANSFER_STEPS",
          "UNIQUE",
          "FUNGIBLE",
          "LOCK",
          "UNLOCK",
          "READ",
          "CREATE",
          "DESTROY",
          "SUBSCRIBE",
          "NATIVE_TXN");

  /**
   * What a chaincode refuses a step for once and for all. Anything else - a missing right, a clock
   * that is off, another version's words - is somebody's to mend, and the step is to be repeated.
   */
  private static final Set<ErrorReason> DEFINITIVE =
      EnumSet.of(
          ErrorReason.ERROR_REASON_FIELD_MISSING,
          ErrorReason.ERROR_REASON_FIELD_INVALID,
          ErrorReason.ERROR_REASON_REQUEST_ID_REUSED,
          ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
          ErrorReason.ERROR_REASON_ASSET_UNKNOWN,
          ErrorReason.ERROR_REASON_ASSET_NOT_OWNED,
          ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED,
          ErrorReason.ERROR_REASON_ASSET_LOCKED,
          ErrorReason.ERROR_REASON_BALANCE_TOO_LOW,
          ErrorReason.ERROR_REASON_ASSET_EXISTS,
          ErrorReason.ERROR_REASON_STEP_CONFLICT,
          ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER,
          ErrorReason.ERROR_REASON_LOCK_EXPIRED,
          ErrorReason.ERROR_REASON_ACCOUNT_INVALID,
          ErrorReason.ERROR_REASON_EPOCH_STALE);

  private final Terms terms;
  private final Peer peer;
  private final AssetChaincode chaincode;
  private final Runner runner;
  private final Settlement settlement;
  private final StepQuestion question;
  private final Holdings holdings;
  private final EvidenceChecks evidence;
  private final OtherChaincodes others;
  private final NativeTransactions natives;
  private final Subscription subscription;

  /**
   * How the ledger is used.
   *
   * @param dltSystem its name between gateways
   * @param chaincode name of the chaincode with assets and transfer records
   * @param finalityTime usual time from submission to the block
   * @param waitAtMost after this long a step is answered as submitted, if the caller has no nearer
   *     deadline
   * @param form how much of a step's block its evidence shows
   * @param proofCharactersMax what a proof may have at most
   * @param others chaincodes that WRITE, INVOKE and READ may use
   * @param known channels whose evidence can be checked by keys
   */
  public record Terms(
      String dltSystem,
      String chaincode,
      Duration finalityTime,
      Duration waitAtMost,
      BlockEvidence.Form form,
      int proofCharactersMax,
      List<OtherChaincodes.Allowed> others,
      Map<String, KnownChannel> known) {}

  /** Takes over the peer: closing the ledger closes it. */
  public FabricLedger(Peer peer, Terms terms) {
    this.peer = peer;
    this.terms = terms;
    Blocks blocks = new Blocks(peer);
    this.chaincode = new AssetChaincode(peer, terms.chaincode());
    this.runner = new Runner(peer, terms.waitAtMost());
    this.settlement =
        new Settlement(
            terms.dltSystem(),
            terms.chaincode(),
            peer,
            blocks,
            new EvidenceMaker(terms.form(), terms.proofCharactersMax()));
    this.question = new StepQuestion(chaincode, peer, settlement, runner);
    this.holdings = new Holdings(chaincode);
    this.evidence = new EvidenceChecks(settlement, chaincode, terms.known());
    this.others =
        new OtherChaincodes(
            terms.dltSystem(), peer, blocks, runner, OtherChaincodes.byName(terms.others()));
    this.natives = new NativeTransactions(terms.dltSystem(), peer, blocks, runner);
    this.subscription = new Subscription(peer, blocks, terms.chaincode(), new LongAdder());
  }

  @Override
  public DescribeResponse describe() {
    List<String> capabilities = new ArrayList<>(CAPABILITIES);
    if (others.canWrite()) {
      capabilities.add("WRITE");
    }
    if (others.canInvoke()) {
      capabilities.add("INVOKE");
    }
    return DescribeResponse.newBuilder()
        .setDltSystem(terms.dltSystem())
        .setLedgerKind("fabric")
        .addAllCapabilities(capabilities)
        .setFinalityRule(StepInBlock.FINALITY_RULE)
        .setFinalityMillis(Math.toIntExact(terms.finalityTime().toMillis()))
        .addEvidenceFormats(BlockEvidence.FORMAT)
        .addVerifiableFormats(BlockEvidence.FORMAT)
        .setLedgerTime(peer.asked(chaincode::time))
        .build();
  }

  @Override
  public StepOutcome lock(LockRequest request) {
    return ofKnownKind(
        request.getAsset(), () -> step(LedgerStep.LEDGER_STEP_LOCK, chaincode.lock(request)));
  }

  @Override
  public StepOutcome unlock(UnlockRequest request) {
    return step(LedgerStep.LEDGER_STEP_UNLOCK, chaincode.unlock(request));
  }

  @Override
  public StepOutcome finalizeLock(FinalizeLockRequest request) {
    return step(LedgerStep.LEDGER_STEP_FINALIZE_LOCK, chaincode.finalizeLock(request));
  }

  @Override
  public StepOutcome recordLocation(RecordLocationRequest request) {
    return step(LedgerStep.LEDGER_STEP_RECORD_LOCATION, chaincode.recordLocation(request));
  }

  @Override
  public StepOutcome logIncoming(LogIncomingRequest request) {
    return ofKnownKind(
        request.getAsset(),
        () -> step(LedgerStep.LEDGER_STEP_LOG_INCOMING, chaincode.logIncoming(request)));
  }

  @Override
  public StepOutcome createFromTransfer(CreateFromTransferRequest request) {
    return step(LedgerStep.LEDGER_STEP_CREATE, chaincode.createFromTransfer(request));
  }

  @Override
  public StepOutcome withdrawIncoming(WithdrawIncomingRequest request) {
    return step(LedgerStep.LEDGER_STEP_WITHDRAW, chaincode.withdrawIncoming(request));
  }

  @Override
  public GetStepResponse getStep(GetStepRequest request) {
    return question.ask(request.getTransferId(), request.getStep(), request.getHandle());
  }

  @Override
  public List<String> verifyEvidence(LedgerClaim claim) {
    return evidence.check(claim);
  }

  @Override
  public ReadResponse read(ReadRequest request) {
    try {
      return answer(request);
    } catch (GatewayException e) {
      Failure failure = Failures.of(e);
      throw AssetChaincode.refusal(failure.words())
          .map(refusal -> new OdapException(refusal.reason(), refusal.description(), e))
          .orElseGet(() -> failure.exception(e));
    }
  }

  @Override
  public StepOutcome create(CreateRequest request) {
    return ofKnownKind(
        request.getAsset(),
        () -> issuance(chaincode.create(request), request.getAsset(), request.getOwner()));
  }

  @Override
  public StepOutcome destroy(DestroyRequest request) {
    return ofKnownKind(
        request.getAsset(),
        () -> issuance(chaincode.destroy(request), request.getAsset(), request.getOwner()));
  }

  @Override
  public StepOutcome write(WriteRequest request) {
    return others.write(request);
  }

  @Override
  public InvokeResponse invoke(InvokeRequest request) {
    return others.invoke(request);
  }

  @Override
  public StepOutcome submitNative(ByteString transaction) {
    return natives.submit(transaction);
  }

  @Override
  public void subscribe(SubscribeRequest request, LedgerSubscriber subscriber) {
    subscription.serve(request, subscriber);
  }

  /** What happened to transactions since the start. */
  public SubmissionCounts counts() {
    return runner.counts();
  }

  /** Orders that have no outcome yet. */
  public int underWayCount() {
    return runner.underWayCount();
  }

  /** Streams of events that broke and were opened again, since the start. */
  public long streamsReopenedCount() {
    return subscription.reopened().sum();
  }

  @Override
  public void close() {
    runner.close();
    peer.close();
  }

  private StepOutcome step(LedgerStep step, Invocation invocation) {
    return switch (runner.carryOut(new ChaincodeOrder(invocation))) {
      case Carried.Done done -> StepOutcomes.done(settlement.step(done));
      case Carried.Refused refused -> refused(refused.words(), isBeginning(step));
      case Carried.UnderWay underWay -> onItsWay(underWay);
    };
  }

  private StepOutcome issuance(Invocation invocation, Asset asset, String owner) {
    return switch (runner.carryOut(new ChaincodeOrder(invocation))) {
      case Carried.Done done ->
          StepOutcomes.done(settlement.place(done).setAsset(asset).setAccount(owner).build());
      case Carried.Refused refused -> refused(refused.words(), true);
      case Carried.UnderWay underWay -> onItsWay(underWay);
    };
  }

  private StepOutcome onItsWay(Carried.UnderWay underWay) {
    return StepOutcomes.submitted(
        underWay.transactionId(),
        StepInBlock.onItsWay(terms.dltSystem(), underWay.transactionId()));
  }

  /** Nothing is lost by giving up a transfer at its beginning; later, only by going on. */
  private static boolean isBeginning(LedgerStep step) {
    return step == LedgerStep.LEDGER_STEP_LOCK || step == LedgerStep.LEDGER_STEP_LOG_INCOMING;
  }

  private static StepOutcome refused(String words, boolean mayGiveUp) {
    Optional<Refusal> refusal = AssetChaincode.refusal(words);
    if (refusal.filter(r -> DEFINITIVE.contains(r.reason())).isPresent()) {
      return StepOutcomes.refused(refusal.get());
    }
    if (refusal
        .filter(r -> r.reason() == ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE)
        .isPresent()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE, refusal.get().description());
    }
    if (mayGiveUp) {
      return StepOutcomes.refused(new Refusal(ErrorReason.ERROR_REASON_LEDGER_REFUSED, words));
    }
    throw new OdapException(ErrorReason.ERROR_REASON_LEDGER_REFUSED, words);
  }

  /** An id taken for an amount would lock another asset than was agreed. */
  private StepOutcome ofKnownKind(Asset asset, Supplier<StepOutcome> act) {
    return peer.asked(() -> chaincode.isOfKind(asset.getAssetClass(), asset.getKind()))
        ? act.get()
        : StepOutcomes.refused(Refusal.classUnknown(asset.getAssetClass()));
  }

  private ReadResponse answer(ReadRequest request) throws GatewayException {
    ReadResponse.Builder response = ReadResponse.newBuilder().setFinality(StepInBlock.finality());
    if (request.hasAsset()) {
      return response.addAllHoldings(holdingsOf(request.getAsset(), request.getAccount())).build();
    }
    return request.getAccount().isEmpty()
        ? response.setValue(others.read(request.getLocation())).build()
        : response.addAllHoldings(holdings.of(request.getAccount())).build();
  }

  private List<Holding> holdingsOf(Asset asset, String account) throws GatewayException {
    if (!chaincode.isOfKind(asset.getAssetClass(), asset.getKind())) {
      Refusal refusal = Refusal.classUnknown(asset.getAssetClass());
      throw new OdapException(refusal.reason(), refusal.description());
    }
    return asset.getKind() == AssetKind.ASSET_KIND_FUNGIBLE
        ? holdings.ofFungible(asset, account)
        : List.of(holdings.ofUnique(asset));
  }
}
