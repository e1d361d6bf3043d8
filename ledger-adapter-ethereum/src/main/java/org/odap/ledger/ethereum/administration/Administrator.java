package org.odap.ledger.ethereum.administration;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainUnavailableException;
import org.odap.ledger.ethereum.chain.Receipt;
import org.odap.ledger.ethereum.submission.FeeRule;
import org.odap.ledger.ethereum.submission.Outbox;
import org.odap.ledger.ethereum.submission.Sent;
import org.odap.ledger.ethereum.submission.SigningAccount;

/** An account that does one transaction after the other, and waits for the block of each. */
final class Administrator implements AdapterAccounts.Signing {
  /** As much as an adapter offers at most, by default: 500 gwei. */
  private static final FeeRule FEES =
      new FeeRule(BigInteger.ZERO, BigInteger.valueOf(500_000_000_000L));

  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration BLOCK_WITHIN = Duration.ofMinutes(10);

  private final Chain chain;
  private final Outbox outbox;

  Administrator(Chain chain, SigningAccount account) {
    this.chain = chain;
    this.outbox = new Outbox(chain, chain.chainId(), account, FEES, STUCK_AFTER, LOOK_EVERY);
    outbox.start();
  }

  @Override
  public void transact(Address to, String data, BigInteger wei) {
    Sent sent = wei.signum() > 0 ? outbox.pay(to, wei) : outbox.send(to, data, gas(to, data));
    if (!awaited(sent).succeeded()) {
      throw new IllegalArgumentException("the contract refused transaction " + sent.hash());
    }
  }

  /** Twice what it takes now: a limit, not a price. */
  private BigInteger gas(Address to, String data) {
    CallMessage call = new CallMessage(outbox.account().text(), to.text(), data);
    return chain.estimateGas(call).multiply(BigInteger.TWO);
  }

  private Receipt awaited(Sent sent) {
    long deadline = System.nanoTime() + BLOCK_WITHIN.toNanos();
    while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
      Optional<Receipt> receipt =
          sent.hashes().stream().flatMap(hash -> chain.receipt(hash).stream()).findFirst();
      if (receipt.isPresent()) {
        return receipt.get();
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    throw new ChainUnavailableException("no block within " + BLOCK_WITHIN + " has " + sent.hash());
  }

  @Override
  public void close() {
    outbox.close();
  }
}
