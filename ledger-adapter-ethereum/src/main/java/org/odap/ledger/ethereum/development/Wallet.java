package org.odap.ledger.ethereum.development;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.Receipt;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Keys;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/** An account on a development chain that does one transaction after the other. */
public final class Wallet {
  private static final BigInteger MUCH_ETHER = BigInteger.TEN.pow(21);
  private static final BigInteger TIP = BigInteger.TEN.pow(9);
  private static final BigInteger FEE_PER_GAS_MAX = BigInteger.TEN.pow(11);
  private static final BigInteger DEPLOYMENT_GAS = BigInteger.valueOf(8_000_000);
  private static final Duration MINED_WITHIN = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Chain chain;
  private final Credentials credentials;

  private Wallet(Chain chain, Credentials credentials) {
    this.chain = chain;
    this.credentials = credentials;
  }

  /** A new account with more ether than it will need: the node makes it out of nothing. */
  public static Wallet funded(Chain chain) {
    try {
      Wallet wallet = new Wallet(chain, Credentials.create(Keys.createEcKeyPair()));
      chain.ask("anvil_setBalance", wallet.address().text(), Numeric.encodeQuantity(MUCH_ETHER));
      return wallet;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java can't make secp256k1 keys", e);
    }
  }

  public Address address() {
    return Address.ofHex(credentials.getAddress());
  }

  /** The private key, 64 hex digits. */
  public String key() {
    return Numeric.toHexStringNoPrefixZeroPadded(credentials.getEcKeyPair().getPrivateKey(), 64);
  }

  /** Calls a contract and waits for the block. */
  public Receipt call(Address contract, String data) {
    return mined(chain.sendRawTransaction(signedCall(contract, data)));
  }

  /** A call of a contract, signed and not sent, 0x-hex. */
  public String signedCall(Address contract, String data) {
    BigInteger gas = chain.estimateGas(new CallMessage(address().text(), contract.text(), data));
    return signed(contract.text(), data, gas.multiply(BigInteger.TWO));
  }

  /** Deploys a contract and waits for the block. */
  public Address deploy(String deployment) {
    String signed = signed("", deployment, DEPLOYMENT_GAS);
    Receipt receipt = mined(chain.sendRawTransaction(signed));
    return Address.ofHex(receipt.printed().path("contractAddress").asString());
  }

  private String signed(String to, String data, BigInteger gasLimit) {
    RawTransaction transaction =
        RawTransaction.createTransaction(
            chain.chainId(),
            chain.transactionCount(address().text(), "pending"),
            gasLimit,
            to,
            BigInteger.ZERO,
            data,
            TIP,
            FEE_PER_GAS_MAX);
    return Numeric.toHexString(TransactionEncoder.signMessage(transaction, credentials));
  }

  private Receipt mined(String hash) {
    long deadline = System.nanoTime() + MINED_WITHIN.toNanos();
    Optional<Receipt> receipt = chain.receipt(hash);
    while (receipt.isEmpty()
        && System.nanoTime() < deadline
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(PAUSE.toNanos());
      receipt = chain.receipt(hash);
    }
    return receipt
        .filter(Receipt::succeeded)
        .orElseThrow(() -> new IllegalStateException("transaction did not succeed: " + hash));
  }
}
