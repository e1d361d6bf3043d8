package org.odap.ledger.ethereum.escrow;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.runtime.ledger.Refusal;
import org.web3j.utils.Numeric;

/** Reads what a reverted call says: the escrow's own errors, a library's, or a bare text. */
public final class EscrowErrors {
  /** Longest text of a contract that is passed on: it comes from whoever wrote that contract. */
  private static final int TEXT_LENGTH_MAX = 200;

  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private static final Map<String, Known> BY_SELECTOR = new HashMap<>();

  /**
   * An error as its contract declares it. Tokens can revert with anything, so fewer arguments than
   * declared may come.
   */
  private record Known(int arguments, Reading reading) {}

  private interface Reading {
    Refusal of(LedgerStep step, Words arguments);
  }

  static {
    add("TokenNotEnrolled(address)", (step, a) -> Refusal.classUnknown(a.address(0).text()));
    add("TokenNotRetirable(address)", ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED);
    add("StaleEpoch(bytes32,uint64,uint64)", ErrorReason.ERROR_REASON_EPOCH_STALE);
    add("ParametersDiffer(bytes32)", ErrorReason.ERROR_REASON_STEP_CONFLICT);
    add("TransferUnknown(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("TransferClosed(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("AlreadyExtinguished(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("AlreadyCreated(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("NotExtinguished(bytes32)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add("LockNotExpired(bytes32,uint64,uint256)", ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    add(
        "LockExpired(bytes32,uint64,uint256)",
        (step, a) -> Refusal.lockExpired(a.uint(1).min(LONG_MAX).longValueExact()));
    add("AssetHeld(address,uint256,bytes32)", EscrowErrors::held);
    add(
        "AssetUnknown(address,uint256)",
        (step, a) -> Refusal.assetUnknown(a.address(0).text(), a.uint(1).toString()));
    add(
        "AssetExists(address,uint256)",
        (step, a) -> Refusal.assetExists(a.address(0).text(), a.uint(1).toString()));
    add("NotInVault(address,uint256)", ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    add(
        "NotOwner(address,uint256,address,address)",
        (step, a) ->
            Refusal.notOwned(a.address(2).text(), a.address(0).text(), a.uint(1).toString()));
    add(
        "NotApproved(address,address)",
        (step, a) -> Refusal.notApproved(a.address(1).text(), a.address(0).text()));
    add(
        "BalanceTooLow(address,address,uint256,uint256)",
        (step, a) ->
            Refusal.balanceTooLow(
                a.address(1).text(),
                a.address(0).text(),
                a.uint(2).toString(),
                a.uint(3).toString()));
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
    if (known == null || arguments.count() < known.arguments()) {
      return new Refusal(
          ErrorReason.ERROR_REASON_LEDGER_REFUSED, "reverted with " + shortened(data));
    }
    return known.reading().of(step, arguments);
  }

  /** An asset that is held by another transfer can't be locked; an arriving one exists already. */
  private static Refusal held(LedgerStep step, Words arguments) {
    String token = arguments.address(0).text();
    String id = arguments.uint(1).toString();
    return step == LedgerStep.LEDGER_STEP_LOG_INCOMING
        ? Refusal.assetExists(token, id)
        : Refusal.locked(token, id);
  }

  private static String described(String name, List<String> types, Words arguments) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(
          switch (types.get(i)) {
            case "address" -> arguments.address(i).text();
            case "bytes32" -> transferOrWord(arguments.word(i));
            default -> arguments.uint(i).toString();
          });
    }
    return name + "(" + String.join(", ", values) + ")";
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

  /** An error that is told in the contract's own words. */
  private static void add(String signature, ErrorReason reason) {
    String name = signature.substring(0, signature.indexOf('('));
    List<String> types = types(signature);
    add(signature, (step, a) -> new Refusal(reason, described(name, types, a)));
  }

  private static void add(String signature, Reading reading) {
    BY_SELECTOR.put(selector(signature), new Known(types(signature).size(), reading));
  }

  private static List<String> types(String signature) {
    return List.of(
        signature.substring(signature.indexOf('(') + 1, signature.length() - 1).split(",", 0));
  }

  private static String selector(String signature) {
    return EscrowEvents.topicOf(signature).substring(0, 10);
  }
}
