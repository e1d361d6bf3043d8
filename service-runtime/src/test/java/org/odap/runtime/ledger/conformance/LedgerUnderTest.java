package org.odap.runtime.ledger.conformance;

import java.math.BigInteger;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.runtime.ledger.LedgerAdapter;

/**
 * What the conformance suite needs of a ledger beside its adapter: assets, accounts, consent, time.
 */
public interface LedgerUnderTest {
  /** The adapter that is tested. */
  LedgerAdapter adapter();

  /** A second adapter in front of the same ledger, as a replica is; may be the first one again. */
  LedgerAdapter replica();

  /** A class of unique assets that the ledger knows. */
  String uniqueClass();

  /** A class of fungible assets that the ledger knows. */
  String fungibleClass();

  /** A well-formed class that the ledger does not know. */
  String unknownClass();

  /** A well-formed account that holds nothing and has approved nothing. */
  String newAccount();

  /** Text that can't be an account of this ledger. */
  String malformedAccount();

  /** Puts the asset into circulation in the hands of the owner. */
  void mint(Asset asset, String owner);

  /**
   * The owner's consent, on the ledger, to have this asset or amount locked by the gateway once.
   */
  void approve(Asset asset, String owner);

  /** Lets the ledger's clock pass the instant, UNIX milliseconds. */
  void advancePast(long instant);

  /**
   * What it takes to have the asset of an expired lock free again, on ledgers that don't let go by
   * themselves: a transaction that needs nobody's leave.
   */
  default void reclaim(String transferId) {}

  /** Lets time pass on ledgers whose finality needs it: called while a step is not final yet. */
  default void awaitFinality() {}

  /**
   * How long a lock lasts whose end a test waits for: short on ledgers whose clock can't be moved.
   */
  default long shortLockMillis() {
    return 3_600_000;
  }

  /** How often races are run: more often where steps are so short that they seldom meet. */
  default int raceRounds() {
    return 1;
  }

  /** All there is of a class on this ledger: number of unique assets, or units; locked ones too. */
  BigInteger supply(String assetClass);

  /** Units that are free to use for the account. */
  BigInteger balance(String assetClass, String account);

  /** Owner of a unique asset that is free or locked; empty where it does not exist here. */
  Optional<String> owner(Asset asset);
}
