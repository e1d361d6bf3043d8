package org.odap.ledger.ethereum.escrow;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.web3j.utils.Numeric;

/** Reads what a reverted call says: the escrow's own errors, a library's, or a bare text. */
public final class EscrowErrors {
  /** Longest text of a contract that is passed on: it comes from whoever wrote that contract. */
  private static final int TEXT_LENGTH_MAX = 200;

  private static final Map<String, Known> BY_SELECTOR = new HashMap<>();

  private record Known(String name, ErrorReason reason) {}

  static {
    add("TokenNotEnrolled(address)", ErrorReason.ERROR_REASON_ASSET_UNKNOWN);
    add("TokenNotRetirable(address)", ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED);
    add("StaleEpoch(bytes32,uint64,uint64)", ErrorReason.ERROR_REASON_EPOCH_STALE);
    add("ParametersDiffer(bytes32)", ErrorReason.ERROR_REASON_STEP_CONFLICT);
    add("TransferUnknown(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("TransferClosed(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("AlreadyExtinguished(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("AlreadyCreated(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("NotExtinguished(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("LockNotExpired(bytes32,uint64,uint256)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("LockExpired(bytes32,uint64,uint256)", ErrorReason.ERROR_REASON_LOCK_EXPIRED);
    add("AssetHeld(address,uint256,bytes32)", ErrorReason.ERROR_REASON_ASSET_LOCKED);
    add("AssetUnknown(address,uint256)", ErrorReason.ERROR_REASON_ASSET_UNKNOWN);
    add("AssetExists(address,uint256)", ErrorReason.ERROR_REASON_ASSET_EXISTS);
    add("NotInVault(address,uint256)", ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    add("NotOwner(address,uint256,address,address)", ErrorReason.ERROR_REASON_ASSET_NOT_OWNED);
    add("NotApproved(address,address)", ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);
    add("BalanceTooLow(address,address,uint256,uint256)", ErrorReason.ERROR_REASON_BALANCE_TOO_LOW);
    add("AmountMoved(address,uint256,uint256)", ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    add("TokenEnrolledOtherwise(address)", ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    // OpenZeppelin's: the adapter's account, or the escrow itself, lacks a role.
    add(
        "AccessControlUnauthorizedAccount(address,bytes32)",
        ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    add("SafeERC20FailedOperation(address)", ErrorReason.ERROR_REASON_LEDGER_REFUSED);
  }

  private static final String PARAMETER_INVALID = selector("ParameterInvalid(string)");
  private static final String SOLIDITY_ERROR = selector("Error(string)");

  private EscrowErrors() {}

  /** The refusal a node's answer carries; empty where no contract had a say in it. */
  public static Optional<Refusal> read(LedgerStep step, ChainRefusedException refused) {
    String data = refused.revertData();
    boolean isRevert = !data.isEmpty() || refused.nodeMessage().contains("revert");
    return isRevert ? Optional.of(read(step, data, refused.nodeMessage())) : Optional.empty();
  }

  private static Refusal read(LedgerStep step, String data, String nodeMessage) {
    if (data.length() < 10) {
      return new Refusal(ErrorReason.ERROR_REASON_LEDGER_REFUSED, shortened(nodeMessage));
    }
    String selector = data.substring(0, 10);
    Words arguments = new Words(data.substring(10));
    if (selector.equals(PARAMETER_INVALID)) {
      String name = text(arguments);
      boolean account = name.equals("owner") || name.equals("beneficiary");
      return new Refusal(
          account
              ? ErrorReason.ERROR_REASON_ACCOUNT_INVALID
              : ErrorReason.ERROR_REASON_FIELD_INVALID,
          "ParameterInvalid(" + name + ")");
    }
    if (selector.equals(SOLIDITY_ERROR)) {
      return new Refusal(ErrorReason.ERROR_REASON_LEDGER_REFUSED, text(arguments));
    }
    Known known = BY_SELECTOR.get(selector);
    if (known == null) {
      return new Refusal(
          ErrorReason.ERROR_REASON_LEDGER_REFUSED, "reverted with " + shortened(data));
    }
    return new Refusal(reasonAt(step, known.reason()), described(known.name(), arguments));
  }

  /** An asset that is held by another transfer can't be locked; an arriving one exists already. */
  private static ErrorReason reasonAt(LedgerStep step, ErrorReason reason) {
    boolean arriving = step == LedgerStep.LEDGER_STEP_LOG_INCOMING;
    return arriving && reason == ErrorReason.ERROR_REASON_ASSET_LOCKED
        ? ErrorReason.ERROR_REASON_ASSET_EXISTS
        : reason;
  }

  private static String described(String signature, Words arguments) {
    String[] types = signature.substring(signature.indexOf('(') + 1).replace(")", "").split(",", 0);
    StringBuilder description =
        new StringBuilder(signature.substring(0, signature.indexOf('('))).append('(');
    for (int i = 0; i < types.length && i < arguments.count(); i++) {
      description.append(i == 0 ? "" : ", ");
      switch (types[i]) {
        case "address" -> description.append(arguments.address(i));
        case "bytes32" -> description.append(transferOrWord(arguments.word(i)));
        default -> description.append(arguments.uint(i));
      }
    }
    return description.append(')').toString();
  }

  private static String transferOrWord(String word) {
    return TransferId.ofTopic("0x" + word).map(TransferId::toString).orElse("0x" + word);
  }

  private static String text(Words arguments) {
    if (arguments.count() < 2) {
      return "";
    }
    BigInteger claimed = arguments.uint(1);
    int available = arguments.hex().length() / 2 - 64;
    int length = claimed.min(BigInteger.valueOf(available)).intValueExact();
    byte[] bytes = Numeric.hexStringToByteArray(arguments.hex().substring(128, 128 + 2 * length));
    return shortened(new String(bytes, StandardCharsets.UTF_8));
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX) + "...";
  }

  private static void add(String signature, ErrorReason reason) {
    BY_SELECTOR.put(selector(signature), new Known(signature, reason));
  }

  private static String selector(String signature) {
    return EscrowEvents.topicOf(signature).substring(0, 10);
  }
}
