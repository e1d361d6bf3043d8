package org.odap.it.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.development.Deployment;
import org.odap.ledger.ethereum.submission.SigningAccount;

/** The accounts that two adapters of a development chain sign with, as the chain has them. */
public final class SigningAccounts implements AutoCloseable {
  private final Chain chain;
  private final List<String> accounts;

  /**
   * The accounts of a chain.
   *
   * @param folder where the chain's set-up put its files
   */
  public SigningAccounts(Path folder) {
    try {
      Deployment deployment = Deployment.read(folder);
      chain = new Chain(deployment.nodeUrl(), Duration.ofSeconds(10), Map.of());
      accounts =
          List.of(
              deployment.adapter().account().text(),
              SigningAccount.read(folder.resolve("adapter-2.key")).address().text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many transactions each account has signed that are in a block. */
  public List<Long> transactions() {
    return accounts.stream()
        .map(account -> chain.transactionCount(account, "latest").longValueExact())
        .toList();
  }

  @Override
  public void close() {
    chain.close();
  }
}
