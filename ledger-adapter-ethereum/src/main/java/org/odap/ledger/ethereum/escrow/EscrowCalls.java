package org.odap.ledger.ethereum.escrow;

import java.math.BigInteger;
import java.util.List;
import org.odap.ledger.ethereum.chain.Address;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint64;
import org.web3j.abi.datatypes.generated.Uint8;
import org.web3j.utils.Numeric;

/** The escrow's functions, encoded as a transaction's data. Hashes are 64 hex digits. */
public final class EscrowCalls {
  private EscrowCalls() {}

  public static String lock(
      TransferId id,
      Address token,
      BigInteger idOrAmount,
      Address owner,
      long expiryMillis,
      String agreementHash,
      long epoch) {
    return encode(
        "lock",
        word(id.word()),
        address(token),
        new Uint256(idOrAmount),
        address(owner),
        uint64(expiryMillis),
        word(agreementHash),
        uint64(epoch));
  }

  public static String unlock(TransferId id, long epoch) {
    return encode("unlock", word(id.word()), uint64(epoch));
  }

  public static String finalizeLock(TransferId id, String lockRef, long epoch) {
    return encode("finalizeLock", word(id.word()), word(lockRef), uint64(epoch));
  }

  public static String recordLocation(
      TransferId id,
      String remoteLedger,
      String remoteTransaction,
      long remoteBlock,
      String finalizeRef,
      long epoch) {
    return encode(
        "recordLocation",
        word(id.word()),
        new Utf8String(remoteLedger),
        new Utf8String(remoteTransaction),
        uint64(remoteBlock),
        word(finalizeRef),
        uint64(epoch));
  }

  public static String logIncoming(
      TransferId id,
      Address token,
      BigInteger idOrAmount,
      Address beneficiary,
      String agreementHash,
      long epoch) {
    return encode(
        "logIncoming",
        word(id.word()),
        address(token),
        new Uint256(idOrAmount),
        address(beneficiary),
        word(agreementHash),
        uint64(epoch));
  }

  public static String createFromTransfer(
      TransferId id, String commitFinalHash, String announcementRef, long epoch) {
    return encode(
        "createFromTransfer",
        word(id.word()),
        word(commitFinalHash),
        word(announcementRef),
        uint64(epoch));
  }

  public static String withdrawIncoming(TransferId id, long epoch) {
    return encode("withdrawIncoming", word(id.word()), uint64(epoch));
  }

  public static String unlockExpired(TransferId id) {
    return encode("unlockExpired", word(id.word()));
  }

  public static String createAsset(
      String requestWord, Address token, BigInteger idOrAmount, Address owner) {
    return encode(
        "createAsset", word(requestWord), address(token), new Uint256(idOrAmount), address(owner));
  }

  public static String destroyAsset(
      String requestWord, Address token, BigInteger idOrAmount, Address owner) {
    return encode(
        "destroyAsset", word(requestWord), address(token), new Uint256(idOrAmount), address(owner));
  }

  public static String enrolToken(Address token, TokenKind kind, Retirement retirement) {
    return encode(
        "enrolToken", address(token), new Uint8(kind.code()), new Uint8(retirement.code()));
  }

  static String transferOf(TransferId id) {
    return encode("transferOf", word(id.word()));
  }

  static String rulesOf(Address token) {
    return encode("rulesOf", address(token));
  }

  static String uniqueHoldOf(Address token, BigInteger id) {
    return encode("uniqueHoldOf", address(token), new Uint256(id));
  }

  static String requestDone(String requestWord) {
    return encode("requestDone", word(requestWord));
  }

  static String enrolledTokens() {
    return encode("enrolledTokens");
  }

  /** A function of any contract. */
  @SuppressWarnings("rawtypes") // web3j's own signature
  public static String encode(String function, Type... arguments) {
    return FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
  }

  public static org.web3j.abi.datatypes.Address address(Address address) {
    return new org.web3j.abi.datatypes.Address(address.text());
  }

  /** 32 bytes given as 64 hex digits. */
  public static Bytes32 word(String hexDigits) {
    return new Bytes32(Numeric.hexStringToByteArray(hexDigits));
  }

  private static Uint64 uint64(long number) {
    return new Uint64(new BigInteger(Long.toUnsignedString(number)));
  }
}
