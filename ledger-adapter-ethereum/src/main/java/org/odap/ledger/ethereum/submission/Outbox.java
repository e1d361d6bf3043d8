package org.odap.ledger.ethereum.submission;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.chain.ChainUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;

/**
 * Owns the nonces of the signing account. The chain takes an account's transactions strictly in
 * order, so one that is stuck or lost holds up all later ones: the outbox hands lost ones in again
 * and offers more for stuck ones, until each has its block.
 *
 * <p>Nothing here outlives the process. After a restart the node's count of pending transactions
 * says where to go on; what a former process left stuck is replaced by an empty transaction, which
 * is harmless because the steps it may have carried are repeated by their gateways.
 *
 * <p>Invariant, under the lock: every nonce in {@code waiting} was signed for by this process and
 * is not below the account's count in the latest block as last seen.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  /** Transactions without a block at a time: beyond it nodes start to drop an account's queue. */
  private static final int WAITING_MAX = 64;

  /** A node that has just taken a transaction may not show it yet. */
  private static final Duration LOST_AFTER = Duration.ofSeconds(1);

  /** How often a nonce is looked for anew where another transaction took it in the meantime. */
  private static final int NONCE_ATTEMPTS_MAX = 8;

  /** What a plain payment costs, of nothing to oneself, too. */
  private static final BigInteger PAYMENT_GAS = BigInteger.valueOf(21_000);

  private final Chain chain;
  private final long chainId;
  private final SigningAccount account;
  private final FeeRule feeRule;
  private final Duration stuckAfter;
  private final Duration tendEvery;
  private final ReentrantLock lock = new ReentrantLock();
  // Changed under the lock; read without it, since the lock is held while the node is asked.
  private final ConcurrentNavigableMap<BigInteger, Sent> waiting = new ConcurrentSkipListMap<>();
  private final LongAdder replaced = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread tender;
  private BigInteger foreignNonce = BigInteger.ONE.negate();
  private long foreignSinceNanos;

  public Outbox(
      Chain chain,
      long chainId,
      SigningAccount account,
      FeeRule feeRule,
      Duration stuckAfter,
      Duration tendEvery) {
    this.chain = chain;
    this.chainId = chainId;
    this.account = account;
    this.feeRule = feeRule;
    this.stuckAfter = stuckAfter;
    this.tendEvery = tendEvery;
    this.tender = Thread.ofVirtual().name("ethereum-outbox").unstarted(this::tendUntilClosed);
  }

  /** From now on looks after transactions by itself. */
  public void start() {
    tender.start();
  }

  public Address account() {
    return account.address();
  }

  /**
   * Signs a transaction and hands it to the node. When the node's answer is lost this counts as
   * sent: the transaction may be on its way, and if not it is handed in again.
   */
  public Sent send(Address to, String data, BigInteger gasLimit) {
    return send(to, data, BigInteger.ZERO, gasLimit);
  }

  /**
   * Pays an account that is no contract; otherwise as {@link #send(Address, String, BigInteger)}.
   */
  public Sent pay(Address to, BigInteger wei) {
    return send(to, "0x", wei, PAYMENT_GAS);
  }

  private Sent send(Address to, String data, BigInteger wei, BigInteger gasLimit) {
    lock.lock();
    try {
      if (waiting.size() >= WAITING_MAX) {
        throw new ChainUnavailableException(
            "too many transactions wait for a block (limit: " + WAITING_MAX + ")");
      }
      Fees fees = feeRule.usual(chain);
      for (int attempt = 1; ; attempt++) {
        Sent sent = new Sent(freeNonce(), to.text(), data, wei, gasLimit);
        waiting.put(sent.nonce(), sent);
        try {
          submit(sent, fees);
          return sent;
        } catch (ChainUnavailableException e) {
          return sent;
        } catch (ChainRefusedException e) {
          waiting.remove(sent.nonce());
          if (!isNonceTaken(e) || attempt >= NONCE_ATTEMPTS_MAX) {
            throw e;
          }
          // Another user of the account, or a stuck transaction of a former process with this
          // nonce.
          fees = fees.bumped(fees).atMost(feeRule.perGasLimit());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the node still knows some version of the transaction, in a block or waiting. */
  public boolean isKnown(Sent sent) {
    return sent.hashes().stream().anyMatch(chain::knowsTransaction);
  }

  /** Whether the outbox still looks after a transaction: no block has its nonce yet. */
  public boolean isWaiting(Sent sent) {
    return waiting.get(sent.nonce()) == sent;
  }

  /** Number of transactions that wait for a block. */
  public int waitingCount() {
    return waiting.size();
  }

  /** How many transactions were replaced by dearer ones since the start. */
  public long replacedCount() {
    return replaced.sum();
  }

  /** How often the node lost a transaction since the start. */
  public long lostCount() {
    return lost.sum();
  }

  /** Looks after every transaction without a block once. */
  public void tend() {
    lock.lock();
    try {
      BigInteger settled = chain.transactionCount(account.address().text(), "latest");
      waiting.headMap(settled).clear();
      replaceForeign(settled);
      if (waiting.isEmpty()) {
        return;
      }
      Fees usual = feeRule.usual(chain);
      for (Sent sent : waiting.values()) {
        tend(sent, usual);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private BigInteger freeNonce() {
    BigInteger nonce = chain.transactionCount(account.address().text(), "pending");
    while (waiting.containsKey(nonce)) {
      nonce = nonce.add(BigInteger.ONE);
    }
    return nonce;
  }

  private void tend(Sent sent, Fees usual) {
    try {
      lookAfter(sent, usual);
    } catch (ChainRefusedException e) {
      // Most often it got its block between two questions.
      log.atInfo()
          .addKeyValue("transaction", sent.hash())
          .addKeyValue("cause", e.getMessage())
          .log("The node refused a transaction that is looked after");
    }
  }

  private void lookAfter(Sent sent, Fees usual) {
    Sent.Version latest = sent.latest();
    Duration age = Duration.ofNanos(System.nanoTime() - latest.handedInNanos());
    Fees more = latest.fees().bumped(usual).atMost(feeRule.perGasLimit());
    boolean isLost = age.compareTo(LOST_AFTER) >= 0 && !isKnown(sent);
    // Nodes drop what offers less than the base fee: handed in unchanged it would be lost again.
    boolean isOutbid = latest.fees().perGasMax().compareTo(usual.perGasMax()) < 0;
    boolean isStuck = age.compareTo(stuckAfter) >= 0;
    if (more.canReplace(latest.fees()) && (isStuck || (isLost && isOutbid))) {
      submit(sent, more);
      replaced.increment();
      log.atWarn()
          .addKeyValue("transaction", sent.hash())
          .addKeyValue("replaces", latest.hash())
          .addKeyValue("feePerGasMaxWei", more.perGasMax())
          .log("A transaction was stuck; it is replaced by one that offers more");
    } else if (isLost) {
      sent.handedInAgain(System.nanoTime());
      lost.increment();
      log.atWarn()
          .addKeyValue("transaction", latest.hash())
          .addKeyValue("nonce", sent.nonce())
          .log("The node lost a transaction; it is handed in again");
      handIn(latest.signed());
    }
  }

  /** Gets rid of what a former process left at the head of the account's queue. */
  private void replaceForeign(BigInteger settled) {
    BigInteger pending = chain.transactionCount(account.address().text(), "pending");
    boolean foreign = pending.compareTo(settled) > 0 && !waiting.containsKey(settled);
    if (!foreign) {
      foreignNonce = BigInteger.ONE.negate();
      return;
    }
    if (!foreignNonce.equals(settled)) {
      foreignNonce = settled;
      foreignSinceNanos = System.nanoTime();
    }
    if (System.nanoTime() - foreignSinceNanos < stuckAfter.toNanos()) {
      return;
    }
    Sent empty = new Sent(settled, account.address().text(), "0x", BigInteger.ZERO, PAYMENT_GAS);
    Fees fees = feeRule.usual(chain);
    for (int attempt = 1; attempt <= NONCE_ATTEMPTS_MAX; attempt++) {
      try {
        submit(empty, fees);
        waiting.put(settled, empty);
        log.atWarn()
            .addKeyValue("nonce", settled)
            .addKeyValue("transaction", empty.hash())
            .log("A transaction of a former process was stuck; an empty one replaces it");
        return;
      } catch (ChainRefusedException e) {
        // Its fees are not known here: offer more until the node takes the replacement.
        fees = new Fees(fees.perGasMax().shiftLeft(1), fees.tipMax().shiftLeft(1));
        fees = fees.atMost(feeRule.perGasLimit());
      }
    }
  }

  private void submit(Sent sent, Fees fees) {
    RawTransaction transaction =
        RawTransaction.createTransaction(
            chainId,
            sent.nonce(),
            sent.gasLimit(),
            sent.to(),
            sent.wei(),
            sent.data(),
            fees.tipMax(),
            fees.perGasMax());
    String signed = account.sign(transaction);
    // Noted before it leaves: where the node's answer is lost, the hash still finds it.
    sent.add(new Sent.Version(Hash.sha3(signed), signed, fees, System.nanoTime()));
    handIn(signed);
  }

  private void handIn(String signed) {
    try {
      chain.sendRawTransaction(signed);
    } catch (ChainRefusedException e) {
      if (!e.nodeMessage().toLowerCase(Locale.ROOT).contains("already")) {
        throw e;
      }
      // "already known", "already imported": it is where it should be.
    }
  }

  private static boolean isNonceTaken(ChainRefusedException refused) {
    String message = refused.nodeMessage().toLowerCase(Locale.ROOT);
    return message.contains("nonce") || message.contains("underpriced");
  }

  private void tendUntilClosed() {
    boolean troubled = false;
    while (!isClosedWithin(tendEvery)) {
      try {
        tend();
        troubled = false;
      } catch (ChainUnavailableException | ChainRefusedException e) {
        // Told once: the node's watch tells how long it lasts.
        if (!troubled) {
          log.atWarn().addKeyValue("cause", e.getMessage()).log("The outbox could not be tended");
        }
        troubled = true;
      }
    }
  }

  private boolean isClosedWithin(Duration time) {
    try {
      return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
