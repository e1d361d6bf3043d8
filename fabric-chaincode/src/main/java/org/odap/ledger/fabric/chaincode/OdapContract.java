package org.odap.ledger.fabric.chaincode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Contract;
import org.hyperledger.fabric.contract.annotation.Default;
import org.hyperledger.fabric.contract.annotation.Info;
import org.hyperledger.fabric.contract.annotation.License;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.shim.ChaincodeStub;

/**
 * The chaincode's functions (ODAP 5.10; ARCH 7, 8). All arguments are strings, all answers JSON
 * text. A refusal's message is the name of an error reason, a colon, and one line for a person.
 */
@Contract(
    name = "odap",
    info =
        @Info(
            title = "Open Digital Asset Protocol",
            description = "Assets and transfer records of a channel",
            version = "0.1.0",
            license = @License(name = "Apache-2.0")))
@Default
public class OdapContract implements ContractInterface {
  /** The environment variable that says under which name the chaincode is committed. */
  static final String NAME_VARIABLE = "ODAP_CHAINCODE_NAME";

  private static final String USUAL_NAME = "odap";

  private final String chaincodeName = System.getenv().getOrDefault(NAME_VARIABLE, USUAL_NAME);
  private final EndorserClock endorserClock;

  /** What the shim makes for each call, from the chaincode's environment. */
  public OdapContract() {
    this(Clock.systemUTC(), ClockTolerance.fromEnvironment(System.getenv()));
  }

  /** With another clock than the machine's. */
  public OdapContract(Clock clock, Duration tolerance) {
    this.endorserClock = new EndorserClock(clock, tolerance);
  }

  @Override
  public Context createContext(ChaincodeStub stub) {
    CallForm.require(stub, chaincodeName);
    return new Invocation(stub, endorserClock);
  }

  // Who may do what, and with which classes.

  /** Defines a class of the administrator's organization. */
  @Transaction(name = "DefineClass", intent = Transaction.TYPE.SUBMIT)
  public String defineClass(Invocation call, String assetClass, String kind) {
    boolean changed = call.classes().define(Arguments.assetClass(assetClass), Arguments.kind(kind));
    return configured(
        call, changed, "DEFINE_CLASS", Map.of("assetClass", assetClass, "kind", kind));
  }

  /** Lets another organization's gateways transfer assets of a class. */
  @Transaction(name = "AllowGateways", intent = Transaction.TYPE.SUBMIT)
  public String allowGateways(Invocation call, String assetClass, String mspId) {
    boolean changed =
        call.classes().allowGateways(Arguments.assetClass(assetClass), Arguments.mspId(mspId));
    return configured(
        call, changed, "ALLOW_GATEWAYS", Map.of("assetClass", assetClass, "gatewayMspId", mspId));
  }

  /** Keeps another organization's gateways from beginning transfers with assets of a class. */
  @Transaction(name = "ForbidGateways", intent = Transaction.TYPE.SUBMIT)
  public String forbidGateways(Invocation call, String assetClass, String mspId) {
    boolean changed =
        call.classes().forbidGateways(Arguments.assetClass(assetClass), Arguments.mspId(mspId));
    return configured(
        call, changed, "FORBID_GATEWAYS", Map.of("assetClass", assetClass, "gatewayMspId", mspId));
  }

  /** Gives the holder of a certificate a role in the administrator's organization. */
  @Transaction(name = "RegisterIdentity", intent = Transaction.TYPE.SUBMIT)
  public String registerIdentity(
      Invocation call, String role, String mspId, String certificateHash) {
    return registered(call, role, mspId, certificateHash, true);
  }

  /** Takes a role given by RegisterIdentity back. */
  @Transaction(name = "DeregisterIdentity", intent = Transaction.TYPE.SUBMIT)
  public String deregisterIdentity(
      Invocation call, String role, String mspId, String certificateHash) {
    return registered(call, role, mspId, certificateHash, false);
  }

  // Assets outside of transfers.

  /** CREATE (ODAP 5.10.1): makes an asset, once per request. */
  @Transaction(name = "CreateAsset", intent = Transaction.TYPE.SUBMIT)
  public String createAsset(
      Invocation call, String requestId, String assetClass, String idOrAmount, String owner) {
    return new Issuance(call)
        .create(
            Arguments.requestId(requestId),
            Arguments.assetClass(assetClass),
            Arguments.idOrAmount(idOrAmount),
            Arguments.account(owner));
  }

  /** DESTROY (ODAP 5.10.8): removes an asset with its owner's consent, once per request. */
  @Transaction(name = "DestroyAsset", intent = Transaction.TYPE.SUBMIT)
  public String destroyAsset(
      Invocation call, String requestId, String assetClass, String idOrAmount, String owner) {
    return new Issuance(call)
        .destroy(
            Arguments.requestId(requestId),
            Arguments.assetClass(assetClass),
            Arguments.idOrAmount(idOrAmount),
            Arguments.account(owner));
  }

  /** Moves an asset of the caller's to another account. */
  @Transaction(name = "TransferAsset", intent = Transaction.TYPE.SUBMIT)
  public String transferAsset(Invocation call, String assetClass, String idOrAmount, String to) {
    BigInteger number = Arguments.idOrAmount(idOrAmount);
    String beneficiary = Arguments.account(to);
    Asset asset = Asset.of(call.classes().require(Arguments.assetClass(assetClass)), number);
    String owner = call.caller().account();
    call.holdings().move(asset, owner, beneficiary);
    return told(call, "TRANSFER_ASSET", asset, Map.of("owner", owner, "to", beneficiary));
  }

  /**
   * The caller's consent to one lock of an asset of theirs, or to locks of that many units in all,
   * by gateways of an organization; or to have as much destroyed by its issuers. No organization,
   * or no units, takes it back.
   */
  @Transaction(name = "Approve", intent = Transaction.TYPE.SUBMIT)
  public String approve(
      Invocation call, String assetClass, String idOrAmount, String gatewayMspId) {
    BigInteger number = Arguments.idOrAmount(idOrAmount);
    String mspId = gatewayMspId.isEmpty() ? "" : Arguments.mspId(gatewayMspId);
    AssetClass found = call.classes().require(Arguments.assetClass(assetClass));
    Asset asset = new Asset(found.assetClass(), found.kind(), number);
    String owner = call.caller().account();
    call.holdings().approve(asset, owner, mspId);
    return told(call, "APPROVE", asset, Map.of("owner", owner, "gatewayMspId", mspId));
  }

  /**
   * The caller's consent, until it is taken back, to every lock of what the caller holds of a class
   * by gateways of an organization. No organization takes it back.
   */
  @Transaction(name = "ApproveAll", intent = Transaction.TYPE.SUBMIT)
  public String approveAll(Invocation call, String assetClass, String gatewayMspId) {
    String mspId = gatewayMspId.isEmpty() ? "" : Arguments.mspId(gatewayMspId);
    AssetClass found = call.classes().require(Arguments.assetClass(assetClass));
    String owner = call.caller().account();
    call.holdings()
        .consents()
        .change(
            owner,
            found.assetClass(),
            consent -> mspId.isEmpty() ? consent.withoutStanding() : consent.withStanding(mspId));
    return configured(
        call,
        true,
        "APPROVE_ALL",
        Map.of("assetClass", assetClass, "owner", owner, "gatewayMspId", mspId));
  }

  /**
   * Adds up what came to an account in very many parts, so that it can be spent at once. For its
   * owner and for gateways: others could keep the owner from spending, by conflicts in each block.
   */
  @Transaction(name = "AddUpCredits", intent = Transaction.TYPE.SUBMIT)
  public String addUpCredits(Invocation call, String assetClass, String account) {
    AssetClass found = call.classes().require(Arguments.assetClass(assetClass));
    String owner = Arguments.account(account);
    if (!owner.equals(call.caller().account())) {
      call.identities().require(Role.GATEWAY);
    }
    boolean changed = call.holdings().balances().addUpCredits(owner, found.assetClass());
    return Json.text(Map.of("changed", changed));
  }

  // The steps of transfers.

  /** 2.3: locks the owner's asset for the transfer. */
  @Transaction(name = "Lock", intent = Transaction.TYPE.SUBMIT)
  public String lock(
      Invocation call,
      String transferId,
      String epoch,
      String assetClass,
      String idOrAmount,
      String owner,
      String lockExpiry,
      String reference,
      String anchor) {
    return new SenderSteps(call)
        .lock(
            key(transferId, epoch, anchor),
            Arguments.assetClass(assetClass),
            Arguments.idOrAmount(idOrAmount),
            Arguments.account(owner),
            Arguments.lockExpiry(lockExpiry),
            Arguments.sha256("reference", reference));
  }

  /** Rollback of 2.3: gives the asset back, or forbids a lock still to come. */
  @Transaction(name = "Unlock", intent = Transaction.TYPE.SUBMIT)
  public String unlock(Invocation call, String transferId, String epoch, String anchor) {
    return new SenderSteps(call).unlock(key(transferId, epoch, anchor));
  }

  /** Gives the asset of an expired lock back, whoever asks. */
  @Transaction(name = "UnlockExpired", intent = Transaction.TYPE.SUBMIT)
  public String unlockExpired(Invocation call, String transferId) {
    return new SenderSteps(call).unlockExpired(Arguments.transferId(transferId));
  }

  /** 3.3: extinguishes the locked asset, the commit point. */
  @Transaction(name = "FinalizeLock", intent = Transaction.TYPE.SUBMIT)
  public String finalizeLock(
      Invocation call, String transferId, String epoch, String reference, String anchor) {
    return new SenderSteps(call)
        .finalizeLock(key(transferId, epoch, anchor), Arguments.sha256("reference", reference));
  }

  /** 3.7: records where the asset went. */
  @Transaction(name = "RecordLocation", intent = Transaction.TYPE.SUBMIT)
  public String recordLocation(
      Invocation call,
      String transferId,
      String epoch,
      String reference,
      String remoteDltSystem,
      String remoteTransactionId,
      String remoteBlockNumber,
      String anchor) {
    return new SenderSteps(call)
        .recordLocation(
            key(transferId, epoch, anchor),
            StepParameters.located(
                Arguments.sha256("reference", reference),
                Arguments.text("remoteDltSystem", remoteDltSystem),
                Arguments.text("remoteTransactionId", remoteTransactionId),
                Arguments.blockNumber(remoteBlockNumber)));
  }

  /** 2.4: announces an asset to its beneficiary. */
  @Transaction(name = "LogIncoming", intent = Transaction.TYPE.SUBMIT)
  public String logIncoming(
      Invocation call,
      String transferId,
      String epoch,
      String assetClass,
      String idOrAmount,
      String beneficiary,
      String reference,
      String anchor) {
    return new RecipientSteps(call)
        .logIncoming(
            key(transferId, epoch, anchor),
            Arguments.assetClass(assetClass),
            Arguments.idOrAmount(idOrAmount),
            Arguments.account(beneficiary),
            Arguments.sha256("reference", reference));
  }

  /** 3.5: creates the announced asset for its beneficiary. */
  @Transaction(name = "CreateFromTransfer", intent = Transaction.TYPE.SUBMIT)
  public String createFromTransfer(
      Invocation call,
      String transferId,
      String epoch,
      String hashCommitFinal,
      String reference,
      String anchor) {
    return new RecipientSteps(call)
        .create(
            key(transferId, epoch, anchor),
            StepParameters.created(
                Arguments.sha256("hashCommitFinal", hashCommitFinal),
                Arguments.sha256("reference", reference)));
  }

  /** Rollback of 2.4: withdraws the announcement, or forbids one still to come. */
  @Transaction(name = "WithdrawIncoming", intent = Transaction.TYPE.SUBMIT)
  public String withdrawIncoming(Invocation call, String transferId, String epoch, String anchor) {
    return new RecipientSteps(call).withdraw(key(transferId, epoch, anchor));
  }

  // Questions.

  /** The record of a transfer, both its sides. */
  @Transaction(name = "GetTransfer", intent = Transaction.TYPE.EVALUATE)
  public String getTransfer(Invocation call, String transferId) {
    return new Readings(call).transfer(Arguments.transferId(transferId));
  }

  /** A unique asset that is here, free or locked. */
  @Transaction(name = "GetAsset", intent = Transaction.TYPE.EVALUATE)
  public String getAsset(Invocation call, String assetClass, String id) {
    return new Readings(call).asset(Arguments.assetClass(assetClass), Arguments.idOrAmount(id));
  }

  /** What an account holds of a fungible class, free and locked. */
  @Transaction(name = "GetBalance", intent = Transaction.TYPE.EVALUATE)
  public String getBalance(Invocation call, String assetClass, String account) {
    return new Readings(call).balance(Arguments.assetClass(assetClass), Arguments.account(account));
  }

  /** What an account consents to with its assets of a class: amounts, and standing consent. */
  @Transaction(name = "GetApproval", intent = Transaction.TYPE.EVALUATE)
  public String getApproval(Invocation call, String assetClass, String account) {
    AssetClass found = call.classes().require(Arguments.assetClass(assetClass));
    return Json.text(call.holdings().consents().of(Arguments.account(account), found.assetClass()));
  }

  /** What an account holds; at most 1,000 entries. */
  @Transaction(name = "GetHoldings", intent = Transaction.TYPE.EVALUATE)
  public String getHoldings(Invocation call, String account) {
    return new Readings(call).holdings(Arguments.account(account));
  }

  /** The classes of this channel. */
  @Transaction(name = "GetClasses", intent = Transaction.TYPE.EVALUATE)
  public String getClasses(Invocation call) {
    return Json.text(call.classes().all());
  }

  /** All there is of a class on this ledger; reads much, for auditors. */
  @Transaction(name = "GetSupply", intent = Transaction.TYPE.EVALUATE)
  public String getSupply(Invocation call, String assetClass) {
    return new Readings(call).supply(Arguments.assetClass(assetClass));
  }

  /** A request to create or destroy of the caller's organization. */
  @Transaction(name = "GetRequest", intent = Transaction.TYPE.EVALUATE)
  public String getRequest(Invocation call, String requestId) {
    return new Readings(call).request(Arguments.requestId(requestId));
  }

  /** Who the caller is here: account and roles. */
  @Transaction(name = "GetIdentity", intent = Transaction.TYPE.EVALUATE)
  public String getIdentity(Invocation call) {
    return new Readings(call).identity();
  }

  /** The endorser's clock, UNIX milliseconds. */
  @Transaction(name = "GetTime", intent = Transaction.TYPE.EVALUATE)
  public String getTime(Invocation call) {
    return Json.text(Map.of("time", call.endorserClock().millis()));
  }

  private static StepKey key(String transferId, String epoch, String anchor) {
    return new StepKey(
        Arguments.transferId(transferId), Arguments.epoch(epoch), Arguments.anchor(anchor));
  }

  private static String registered(
      Invocation call, String role, String mspId, String certificateHash, boolean inForce) {
    boolean changed =
        call.identities()
            .register(
                Arguments.role(role),
                Arguments.mspId(mspId),
                Arguments.sha256("certificateHash", certificateHash),
                inForce);
    return configured(
        call,
        changed,
        inForce ? "REGISTER_IDENTITY" : "DEREGISTER_IDENTITY",
        Map.of("role", role, "certificateHash", certificateHash));
  }

  private static String configured(
      Invocation call, boolean changed, String event, Map<String, String> what) {
    if (changed) {
      Map<String, String> payload = new TreeMap<>(what);
      payload.put("mspId", call.caller().mspId());
      call.emit(event, payload);
    }
    return Json.text(Map.of("changed", changed));
  }

  private static String told(
      Invocation call, String event, Asset asset, Map<String, String> accounts) {
    ObjectNode payload = Json.object(asset);
    payload.setAll(Json.object(accounts));
    call.emit(event, payload);
    return Json.text(payload);
  }
}
