package org.odap.ledger.ethereum.step;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Finality;
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
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Block;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.chain.ChainUnavailableException;
import org.odap.ledger.ethereum.escrow.AnchoredCall;
import org.odap.ledger.ethereum.escrow.Escrow;
import org.odap.ledger.ethereum.escrow.EscrowCalls;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.evidence.ReceiptEvidence;
import org.odap.ledger.ethereum.finality.FinalityRule;
import org.odap.ledger.ethereum.submission.Outbox;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.LedgerSubscriber;
import org.odap.runtime.ledger.References;
import org.odap.runtime.ledger.Refusal;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;

/**
 * An Ethereum chain with one escrow contract as a ledger (ODAP 5.10; ARCH 7, 8). Assets are ERC-721
 * and ERC-20 tokens that the escrow's administrator enrolled; classes and accounts are addresses in
 * ERC-55 spelling.
 */
public final class EthereumLedger implements LedgerAdapter, AutoCloseable {
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

  private static final String ADDRESS = "an ERC-55 address (0x and 40 hex digits, mixed case)";

  private final Chain chain;
  private final Terms terms;
  private final Outbox outbox;
  private final EscrowView view;
  private final StepRunner runner;
  private final StepQuestion question;
  private final Settlement settlement;
  private final Holdings holdings;
  private final NativeTransactions natives;

  /**
   * How the ledger is used.
   *
   * @param dltSystem its name between gateways
   * @param startBlock nothing of the escrow lies before it
   * @param finalityTime usual time from submission to finality
   * @param pollEvery pause between looks at the chain while a step is not final
   * @param waitAtMost after this long a step is answered as submitted, if the caller has no nearer
   *     deadline
   */
  public record Terms(
      String dltSystem,
      long chainId,
      Address escrow,
      long startBlock,
      FinalityRule finality,
      Duration finalityTime,
      Duration pollEvery,
      Duration waitAtMost) {}

  /** Takes over chain and outbox: closing the ledger closes both. */
  public EthereumLedger(Chain chain, Outbox outbox, Terms terms) {
    this.chain = chain;
    this.outbox = outbox;
    this.terms = terms;
    LogScan scan = new LogScan(chain, terms.startBlock());
    this.view = new EscrowView(new Escrow(chain, terms.escrow()), scan, terms.dltSystem());
    this.settlement = new Settlement(chain, terms.chainId(), terms.escrow(), terms.finality());
    this.runner = new StepRunner(view, outbox, settlement, terms.pollEvery(), terms.waitAtMost());
    this.question = new StepQuestion(view, chain, settlement, runner);
    this.holdings = new Holdings(view, new Tokens(chain));
    this.natives =
        new NativeTransactions(
            terms.dltSystem(), chain, terms.finality(), terms.pollEvery(), terms.waitAtMost());
  }

  @Override
  public DescribeResponse describe() {
    return asked(() ->
        DescribeResponse.newBuilder()
            .setDltSystem(terms.dltSystem())
            .setLedgerKind("ethereum")
            .addAllCapabilities(CAPABILITIES)
            .setFinalityRule(terms.finality().name())
            .setFinalityMillis(Math.toIntExact(terms.finalityTime().toMillis()))
            .addEvidenceFormats(ReceiptEvidence.FORMAT)
            .addVerifiableFormats(ReceiptEvidence.FORMAT)
            .setLedgerTime(ledgerTimeMillis())
            .build());
  }

  @Override
  public StepOutcome lock(LockRequest request) {
    return withAsset(
        request.getAsset(),
        request.getOwner(),
        (token, idOrAmount, owner) ->
            step(
                LedgerStep.LEDGER_STEP_LOCK,
                request.getKey(),
                id ->
                    EscrowCalls.lock(
                        id,
                        token,
                        idOrAmount,
                        owner,
                        request.getLockExpiry(),
                        request.getReference(),
                        request.getKey().getEpoch())));
  }

  @Override
  public StepOutcome unlock(UnlockRequest request) {
    return step(
        LedgerStep.LEDGER_STEP_UNLOCK,
        request.getKey(),
        id -> EscrowCalls.unlock(id, request.getKey().getEpoch()));
  }

  @Override
  public StepOutcome finalizeLock(FinalizeLockRequest request) {
    return step(
        LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
        request.getKey(),
        id -> EscrowCalls.finalizeLock(id, request.getReference(), request.getKey().getEpoch()));
  }

  @Override
  public StepOutcome recordLocation(RecordLocationRequest request) {
    return step(
        LedgerStep.LEDGER_STEP_RECORD_LOCATION,
        request.getKey(),
        id ->
            EscrowCalls.recordLocation(
                id,
                request.getRemoteDltSystem(),
                request.getRemoteTransactionId(),
                request.getRemoteBlockNumber(),
                request.getReference(),
                request.getKey().getEpoch()));
  }

  @Override
  public StepOutcome logIncoming(LogIncomingRequest request) {
    return withAsset(
        request.getAsset(),
        request.getBeneficiary(),
        (token, idOrAmount, beneficiary) ->
            step(
                LedgerStep.LEDGER_STEP_LOG_INCOMING,
                request.getKey(),
                id ->
                    EscrowCalls.logIncoming(
                        id,
                        token,
                        idOrAmount,
                        beneficiary,
                        request.getReference(),
                        request.getKey().getEpoch())));
  }

  @Override
  public StepOutcome createFromTransfer(CreateFromTransferRequest request) {
    return step(
        LedgerStep.LEDGER_STEP_CREATE,
        request.getKey(),
        id ->
            EscrowCalls.createFromTransfer(
                id,
                request.getHashCommitFinal(),
                request.getReference(),
                request.getKey().getEpoch()));
  }

  @Override
  public StepOutcome withdrawIncoming(WithdrawIncomingRequest request) {
    return step(
        LedgerStep.LEDGER_STEP_WITHDRAW,
        request.getKey(),
        id -> EscrowCalls.withdrawIncoming(id, request.getKey().getEpoch()));
  }

  @Override
  public GetStepResponse getStep(GetStepRequest request) {
    TransferId id = transferId(request.getTransferId());
    return asked(() -> question.ask(id, request.getStep(), request.getHandle()));
  }

  @Override
  public List<String> verifyEvidence(LedgerClaim claim) {
    return asked(() -> new EvidenceCheck(view, settlement).check(claim));
  }

  @Override
  public ReadResponse read(ReadRequest request) {
    return asked(() -> answer(request));
  }

  @Override
  public StepOutcome create(CreateRequest request) {
    String word = References.to(request.getRequestId());
    return withAsset(
        request.getAsset(),
        request.getOwner(),
        (token, idOrAmount, owner) ->
            runner.carryOut(
                new Issuance(
                    word,
                    EscrowEvents.topicOf("AssetCreated(bytes32,address,address,uint256)"),
                    request.getAsset(),
                    owner,
                    EscrowCalls.createAsset(word, token, idOrAmount, owner))));
  }

  @Override
  public StepOutcome destroy(DestroyRequest request) {
    String word = References.to(request.getRequestId());
    return withAsset(
        request.getAsset(),
        request.getOwner(),
        (token, idOrAmount, owner) ->
            runner.carryOut(
                new Issuance(
                    word,
                    EscrowEvents.topicOf("AssetDestroyed(bytes32,address,address,uint256)"),
                    request.getAsset(),
                    owner,
                    EscrowCalls.destroyAsset(word, token, idOrAmount, owner))));
  }

  @Override
  public StepOutcome write(WriteRequest request) {
    throw unsupported("WRITE");
  }

  @Override
  public InvokeResponse invoke(InvokeRequest request) {
    throw unsupported("INVOKE");
  }

  @Override
  public StepOutcome submitNative(ByteString transaction) {
    try {
      return natives.submit(transaction);
    } catch (ChainUnavailableException | ChainRefusedException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN, "the Ethereum node did not answer", e);
    }
  }

  @Override
  public void subscribe(SubscribeRequest request, LedgerSubscriber subscriber) {
    boolean _ =
        asked(() -> {
          new Subscription(view, chain, terms.finality(), terms.pollEvery())
              .serve(request, subscriber);
          return true;
        });
  }

  /** How often a reorganization took a step back before it was final, since the start. */
  public long takenBackCount() {
    return runner.takenBackCount();
  }

  @Override
  public void close() {
    runner.close();
    outbox.close();
    chain.close();
  }

  /** What a call needs once its asset and account are known to be well-formed. */
  private interface AssetCall {
    StepOutcome make(Address token, BigInteger idOrAmount, Address account);
  }

  private StepOutcome withAsset(Asset asset, String account, AssetCall call) {
    Optional<Address> token = Address.parse(asset.getAssetClass());
    Optional<Address> holder = Address.parse(account);
    if (holder.isEmpty()) {
      return StepOutcomes.refused(
          new Refusal(
              ErrorReason.ERROR_REASON_ACCOUNT_INVALID,
              "account: " + account + " (expected: " + ADDRESS + ")"));
    }
    if (token.isEmpty()) {
      return StepOutcomes.refused(
          new Refusal(
              ErrorReason.ERROR_REASON_ASSET_UNKNOWN,
              "class: " + asset.getAssetClass() + " (expected: " + ADDRESS + ")"));
    }
    // An id taken for an amount would lock another asset than was agreed.
    if (!asked(() -> view.isOfKind(token.get(), asset.getKind()))) {
      return StepOutcomes.refused(Refusal.classUnknown(asset.getAssetClass()));
    }
    return call.make(token.get(), idOrAmount(asset), holder.get());
  }

  private StepOutcome step(LedgerStep step, StepKey key, Function<TransferId, String> data) {
    TransferId id = transferId(key.getTransferId());
    String call = data.apply(id);
    String whole = key.hasAnchor() ? AnchoredCall.of(call, key.getAnchor()) : call;
    return runner.carryOut(new TransferStep(id, step, key.getEpoch(), whole));
  }

  private ReadResponse answer(ReadRequest request) {
    ReadResponse.Builder response =
        ReadResponse.newBuilder()
            .setFinality(
                Finality.newBuilder().setRule(terms.finality().name()).setNodesAsked(1).build());
    if (request.hasAsset()) {
      response.addAllHoldings(holdingsOf(request.getAsset(), request.getAccount()));
    } else if (!request.getAccount().isEmpty()) {
      response.addAllHoldings(holdings.of(account(request.getAccount())));
    } else {
      response.setValue(transaction(request.getLocation()));
    }
    return response.build();
  }

  private List<Holding> holdingsOf(Asset asset, String account) {
    Optional<Address> token =
        Address.parse(asset.getAssetClass()).filter(t -> view.isOfKind(t, asset.getKind()));
    if (token.isPresent() && asset.getKind() == AssetKind.ASSET_KIND_FUNGIBLE) {
      return holdings.ofFungible(token.get(), account(account));
    }
    return token
        .flatMap(t -> holdings.ofUnique(t, new BigInteger(asset.getAssetId())))
        .map(List::of)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_ASSET_UNKNOWN, "the asset is not on this ledger"));
  }

  /** Locations that can be read: transactions, by their hash. */
  private String transaction(String hash) {
    if (!hash.matches("0x[0-9a-f]{64}")) {
      throw OdapException.fieldInvalid("location", hash, "a transaction's hash");
    }
    return chain
        .transaction(hash)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_ASSET_UNKNOWN, "the node knows no such transaction"))
        .toString();
  }

  /** The block being made has the time that an expiry is compared with next. */
  private long ledgerTimeMillis() {
    List<String> tags = List.of("pending", "latest");
    List<Block> blocks = new ArrayList<>();
    for (String tag : tags) {
      chain.block(tag).ifPresent(blocks::add);
    }
    return blocks.stream().mapToLong(Block::timestampSeconds).max().orElse(0) * 1_000;
  }

  private static BigInteger idOrAmount(Asset asset) {
    return new BigInteger(
        asset.getKind() == AssetKind.ASSET_KIND_UNIQUE ? asset.getAssetId() : asset.getAmount());
  }

  private static TransferId transferId(String text) {
    return TransferId.parse(text)
        .orElseThrow(() -> OdapException.fieldInvalid("transfer_id", text, "a UUID"));
  }

  private static Address account(String text) {
    return Address.parse(text)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_ACCOUNT_INVALID,
                "value: " + text + " (expected: " + ADDRESS + ")"));
  }

  private static OdapException unsupported(String action) {
    return new OdapException(
        ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED, action + " is not offered by this ledger");
  }

  /** Asks the node; a question it can't or won't answer can be repeated. */
  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (ChainUnavailableException | ChainRefusedException e) {
      throw new OdapException(ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE, e.getMessage(), e);
    }
  }
}
