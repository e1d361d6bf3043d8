package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.address;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.encode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.development.CompiledContract;
import org.odap.ledger.ethereum.development.DevelopmentContracts;
import org.odap.ledger.ethereum.development.Wallet;
import org.odap.ledger.ethereum.escrow.Escrow;
import org.odap.ledger.ethereum.escrow.EscrowCalls;
import org.odap.ledger.ethereum.escrow.Outgoing;
import org.odap.ledger.ethereum.escrow.Retirement;
import org.odap.ledger.ethereum.escrow.TokenKind;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.step.Tokens;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

/** What the contract refuses by itself, whoever the adapter is: called without one. */
@Tag("CARD-5")
final class OdapEscrowTest {
  private static final BigInteger AMOUNT = BigInteger.valueOf(40);
  private static final BigInteger TWICE = AMOUNT.multiply(BigInteger.TWO);
  private static final String HASH = "ab".repeat(32);
  private static final long EPOCH = 1;

  private static Anvil anvil;
  private static DevelopmentContracts contracts;
  private static Wallet gateway;
  private static Tokens tokens;
  private Wallet owner;
  private TransferId id;

  @BeforeAll
  static void start() {
    anvil = Anvil.start();
    contracts = new DevelopmentContracts(anvil.chain());
    gateway = Wallet.funded(anvil.chain());
    contracts.appoint(gateway.address());
    tokens = new Tokens(anvil.chain());
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  @BeforeEach
  void fresh() {
    owner = Wallet.funded(anvil.chain());
    id = new TransferId(UUID.randomUUID());
  }

  private static void refused(Wallet by, String data, String expected) {
    refused(by, contracts.escrow(), data, expected);
  }

  private static void refused(Wallet by, Address contract, String data, String expected) {
    ChainRefusedException refused =
        catchThrowableOfType(ChainRefusedException.class, () -> by.call(contract, data));
    assertThat(refused).as("refusal with " + expected).isNotNull();
    assertThat(refused.revertData()).as(expected).startsWith(selectorOf(expected));
  }

  /** The first four bytes of what a contract reverts with, by the error's name in the ABI. */
  private static String selectorOf(String error) {
    for (JsonNode entry : abi()) {
      if (entry.path("type").asText().equals("error")
          && entry.path("name").asText().equals(error)) {
        String types =
            StreamSupport.stream(entry.path("inputs").spliterator(), false)
                .map(input -> input.path("type").asText())
                .collect(Collectors.joining(","));
        return Hash.sha3String(error + "(" + types + ")").substring(0, 10);
      }
    }
    throw new AssertionError("the ABI has no error " + error);
  }

  private static JsonNode abi() {
    try (InputStream in = Escrow.class.getResourceAsStream("../contracts/OdapEscrow.json")) {
      return new ObjectMapper().readTree(in).path("abi");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private long expiryMillis() {
    return (anvil.chain().block("pending").orElseThrow().timestampSeconds() + 3_600) * 1_000;
  }

  private String lock(Address token, BigInteger idOrAmount) {
    return EscrowCalls.lock(id, token, idOrAmount, owner.address(), expiryMillis(), HASH, EPOCH);
  }

  private void giveCash(BigInteger amount) {
    contracts.mintCash(owner.address(), amount);
    contracts.approveAll(owner);
  }

  private Address deployHeldByOwner(String contract) {
    String data =
        CompiledContract.read(contract).deployment(address(owner.address()), new Uint256(AMOUNT));
    Address token = owner.deploy(data);
    owner.call(token, encode("approve", address(contracts.escrow()), new Uint256(AMOUNT)));
    return token;
  }

  private static void enrol(Address token, TokenKind kind, Retirement retirement) {
    contracts
        .administrator()
        .call(contracts.escrow(), EscrowCalls.enrolToken(token, kind, retirement));
  }

  @Test
  void onlyGatewaysDoSteps() {
    Wallet stranger = Wallet.funded(anvil.chain());
    giveCash(AMOUNT);
    for (String step :
        List.of(
            lock(contracts.cash(), AMOUNT),
            EscrowCalls.unlock(id, EPOCH),
            EscrowCalls.finalizeLock(id, HASH, EPOCH),
            EscrowCalls.recordLocation(id, "l", "t", 1, HASH, EPOCH),
            EscrowCalls.logIncoming(id, contracts.cash(), AMOUNT, stranger.address(), HASH, EPOCH),
            EscrowCalls.createFromTransfer(id, HASH, HASH, EPOCH),
            EscrowCalls.withdrawIncoming(id, EPOCH),
            EscrowCalls.createAsset(HASH, contracts.cash(), AMOUNT, stranger.address()),
            EscrowCalls.destroyAsset(HASH, contracts.cash(), AMOUNT, owner.address()))) {
      refused(stranger, step, "AccessControlUnauthorizedAccount");
    }
  }

  @Test
  void onlyTheAdministratorEnrolsAndOnlyOnce() {
    Address token = deployHeldByOwner("ReentrantCash");
    String asFungible = EscrowCalls.enrolToken(token, TokenKind.FUNGIBLE, Retirement.VAULT);
    refused(gateway, asFungible, "AccessControlUnauthorizedAccount");
    refused(gateway, lock(token, AMOUNT), "TokenNotEnrolled");

    enrol(token, TokenKind.FUNGIBLE, Retirement.VAULT);
    enrol(token, TokenKind.FUNGIBLE, Retirement.VAULT);

    Wallet administrator = contracts.administrator();
    refused(
        administrator,
        EscrowCalls.enrolToken(token, TokenKind.UNIQUE, Retirement.VAULT),
        "TokenEnrolledOtherwise");
    refused(
        administrator,
        EscrowCalls.enrolToken(owner.address(), TokenKind.UNIQUE, Retirement.BURN),
        "ParameterInvalid");
  }

  @Test
  void aTokenThatKeepsAFeeIsRefused() {
    Address token = deployHeldByOwner("FeeOnTransferCash");
    enrol(token, TokenKind.FUNGIBLE, Retirement.VAULT);
    refused(gateway, lock(token, AMOUNT), "AmountMoved");
    assertThat(tokens.balanceOf(token, owner.address())).isEqualTo(AMOUNT);
  }

  @Test
  void aTokenThatCallsBackGetsNowhere() {
    Address token = deployHeldByOwner("ReentrantCash");
    enrol(token, TokenKind.FUNGIBLE, Retirement.VAULT);
    gateway.call(contracts.escrow(), lock(token, AMOUNT));
    // Even with a gateway's rights the token must not unlock a second time while it is moved.
    contracts.appoint(token);
    owner.call(
        token,
        encode(
            "aim",
            address(contracts.escrow()),
            new DynamicBytes(Numeric.hexStringToByteArray(EscrowCalls.unlock(id, EPOCH)))));

    gateway.call(contracts.escrow(), EscrowCalls.unlock(id, EPOCH));

    assertThat(answer(token, "attempted")).isEqualTo(BigInteger.ONE);
    assertThat(answer(token, "succeeded")).isZero();
    assertThat(tokens.balanceOf(token, owner.address())).isEqualTo(AMOUNT);
  }

  private static BigInteger answer(Address token, String question) {
    CallMessage call = new CallMessage(Address.ZERO.text(), token.text(), encode(question));
    return Numeric.toBigInt(anvil.chain().call(call, "latest"));
  }

  @Test
  @Tag("ODAP-20")
  void theOwnerGetsAnExpiredLockBackWithoutAnyGateway() {
    giveCash(AMOUNT);
    long expiry = expiryMillis();
    gateway.call(
        contracts.escrow(),
        EscrowCalls.lock(id, contracts.cash(), AMOUNT, owner.address(), expiry, HASH, EPOCH));
    refused(owner, EscrowCalls.unlockExpired(id), "LockNotExpired");

    anvil.setNextBlockTime(expiry / 1_000);
    anvil.mine(1);
    owner.call(contracts.escrow(), EscrowCalls.unlockExpired(id));

    assertThat(tokens.balanceOf(contracts.cash(), owner.address())).isEqualTo(AMOUNT);
    refused(gateway, EscrowCalls.finalizeLock(id, HASH, EPOCH), "TransferClosed");
  }

  @Test
  @Tag("ODAP-20")
  void aFractionOfASecondIsRoundedDown() {
    giveCash(AMOUNT);
    long expiry = expiryMillis();
    gateway.call(
        contracts.escrow(),
        EscrowCalls.lock(id, contracts.cash(), AMOUNT, owner.address(), expiry + 999, HASH, EPOCH));
    anvil.setNextBlockTime(expiry / 1_000);
    anvil.mine(1);
    refused(gateway, EscrowCalls.finalizeLock(id, HASH, EPOCH), "LockExpired");
  }

  @Test
  void theVaultKeepsWhatIsExtinguishedAndGivesOutNoMore() {
    Address token = deployHeldByOwner("ReentrantCash");
    enrol(token, TokenKind.FUNGIBLE, Retirement.VAULT);
    Wallet beneficiary = Wallet.funded(anvil.chain());
    TransferId incoming = new TransferId(UUID.randomUUID());
    String announcement =
        EscrowCalls.logIncoming(incoming, token, AMOUNT, beneficiary.address(), HASH, EPOCH);
    gateway.call(contracts.escrow(), lock(token, AMOUNT));
    // Locked is not extinguished: it still belongs to its owner.
    refused(gateway, announcement, "NotInVault");

    gateway.call(contracts.escrow(), EscrowCalls.finalizeLock(id, HASH, EPOCH));
    assertThat(tokens.balanceOf(token, contracts.escrow())).isEqualTo(AMOUNT);
    gateway.call(contracts.escrow(), announcement);
    TransferId second = new TransferId(UUID.randomUUID());
    refused(
        gateway,
        EscrowCalls.logIncoming(second, token, BigInteger.ONE, beneficiary.address(), HASH, EPOCH),
        "NotInVault");
    gateway.call(contracts.escrow(), EscrowCalls.createFromTransfer(incoming, HASH, HASH, EPOCH));

    assertThat(tokens.balanceOf(token, beneficiary.address())).isEqualTo(AMOUNT);
    assertThat(tokens.balanceOf(token, contracts.escrow())).isZero();
  }

  @Test
  void aUniqueAssetComesBackFromTheVault() {
    Address token =
        owner.deploy(CompiledContract.read("OdapTitle").deployment(address(owner.address())));
    enrol(token, TokenKind.UNIQUE, Retirement.VAULT);
    owner.call(token, encode("mint", address(owner.address()), new Uint256(AMOUNT)));
    owner.call(token, encode("approve", address(contracts.escrow()), new Uint256(AMOUNT)));
    Wallet beneficiary = Wallet.funded(anvil.chain());
    TransferId incoming = new TransferId(UUID.randomUUID());
    String announcement =
        EscrowCalls.logIncoming(incoming, token, AMOUNT, beneficiary.address(), HASH, EPOCH);
    refused(gateway, announcement, "NotInVault");

    gateway.call(contracts.escrow(), lock(token, AMOUNT));
    refused(gateway, announcement, "AssetHeld");
    gateway.call(contracts.escrow(), EscrowCalls.finalizeLock(id, HASH, EPOCH));
    gateway.call(contracts.escrow(), announcement);
    gateway.call(contracts.escrow(), EscrowCalls.createFromTransfer(incoming, HASH, HASH, EPOCH));

    assertThat(tokens.ownerOf(token, AMOUNT)).contains(beneficiary.address());
  }

  @Test
  void impossibleParametersAreRefused() {
    giveCash(TWICE);
    refused(gateway, lock(contracts.cash(), BigInteger.ZERO), "ParameterInvalid");
    for (Address impossible : List.of(Address.ZERO, contracts.escrow(), contracts.cash())) {
      refused(
          gateway,
          EscrowCalls.logIncoming(id, contracts.cash(), AMOUNT, impossible, HASH, EPOCH),
          "ParameterInvalid");
    }
    String zeroHash = "0".repeat(64);
    gateway.call(contracts.escrow(), lock(contracts.cash(), AMOUNT));
    refused(gateway, EscrowCalls.finalizeLock(id, zeroHash, EPOCH), "ParameterInvalid");
  }

  @Test
  void aRefusedStepLeavesTheRecordAsItWas() {
    giveCash(AMOUNT);
    gateway.call(contracts.escrow(), lock(contracts.cash(), AMOUNT));
    Outgoing before = new Escrow(anvil.chain(), contracts.escrow()).transferOf(id).sent();

    refused(gateway, lock(contracts.cash(), BigInteger.ONE), "ParametersDiffer");
    refused(gateway, EscrowCalls.unlock(id, 0), "StaleEpoch");
    refused(
        gateway, EscrowCalls.recordLocation(id, "l", "t", 1, HASH, EPOCH + 1), "NotExtinguished");

    assertThat(new Escrow(anvil.chain(), contracts.escrow()).transferOf(id).sent())
        .isEqualTo(before);
  }
}
