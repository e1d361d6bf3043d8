package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.hyperledger.fabric.shim.ChaincodeStub;

/**
 * Assets that are counted. Invariants: nothing is below zero; the free units of an account are its
 * balance and its credits; each locked unit is locked by one transfer.
 *
 * <p>A credit is written to a key of its own without reading anything, so that credits to one
 * account in one block don't conflict, however many there are. A debit takes the balance first, and
 * adds credits up as far as it needs them.
 */
final class Balances {
  /** How many credits one transaction adds up at most, so that its size stays bounded. */
  static final int CREDITS_ADDED_UP_MAX = 500;

  /** More than all units there can be: no single amount has so many bits. */
  private static final BigInteger ALL = BigInteger.TWO.pow(512);

  private final WorldState state;
  private final Consents consents;
  private final String transactionId;

  Balances(WorldState state, Consents consents, ChaincodeStub stub) {
    this.state = state;
    this.consents = consents;
    this.transactionId = stub.getTxId();
  }

  void credit(String account, String assetClass, BigInteger amount) {
    state.put(new Units(amount), Table.CREDIT, account, assetClass, transactionId);
  }

  void debit(String account, String assetClass, BigInteger amount) {
    BigInteger balance = balance(account, assetClass);
    if (balance.compareTo(amount) < 0) {
      balance = addUp(account, assetClass, balance, amount);
    }
    if (balance.compareTo(amount) < 0) {
      throw Refusals.balanceTooLow(account, assetClass, balance, amount);
    }
    putUnits(balance.subtract(amount), Table.BALANCE, account, assetClass);
  }

  /** Adds up as many credits as one transaction may; says whether there were any. */
  boolean addUpCredits(String account, String assetClass) {
    BigInteger balance = balance(account, assetClass);
    BigInteger sum = addUp(account, assetClass, balance, ALL);
    if (sum.equals(balance)) {
      return false;
    }
    putUnits(sum, Table.BALANCE, account, assetClass);
    return true;
  }

  void lock(
      String account,
      String assetClass,
      BigInteger amount,
      String mspId,
      String transferId,
      long expiry) {
    debit(account, assetClass, amount);
    if (!consents.useUp(account, assetClass, amount, mspId)
        && !consents.isStanding(account, assetClass, mspId)) {
      throw Refusals.notApproved(account, assetClass);
    }
    state.put(new Units(amount, expiry), Table.LOCKED, account, assetClass, transferId);
  }

  void unlock(String account, String assetClass, BigInteger amount, String transferId) {
    extinguish(account, assetClass, transferId);
    credit(account, assetClass, amount);
  }

  void extinguish(String account, String assetClass, String transferId) {
    state.delete(Table.LOCKED, account, assetClass, transferId);
  }

  /** Takes units out of the world, as far as the owner approved it. */
  void destroy(String account, String assetClass, BigInteger amount, String mspId) {
    debit(account, assetClass, amount);
    if (!consents.useUp(account, assetClass, amount, mspId)) {
      throw Refusals.notApproved(account, assetClass);
    }
  }

  /** Free units, added up or not. */
  BigInteger free(String account, String assetClass) {
    return balance(account, assetClass).add(sum(Table.CREDIT, account, assetClass));
  }

  BigInteger locked(String account, String assetClass) {
    return sum(Table.LOCKED, account, assetClass);
  }

  private BigInteger sum(Table table, String account, String assetClass) {
    BigInteger[] sum = {BigInteger.ZERO};
    state.scan(
        Units.class,
        (key, units) -> {
          sum[0] = sum[0].add(units.amount());
          return true;
        },
        table,
        account,
        assetClass);
    return sum[0];
  }

  /** Takes credits out of their keys until the sum has reached what is wanted, or none is left. */
  private BigInteger addUp(String account, String assetClass, BigInteger start, BigInteger wanted) {
    BigInteger[] sum = {start};
    int[] count = {0};
    state.scan(
        Units.class,
        (key, units) -> {
          if (count[0] == CREDITS_ADDED_UP_MAX) {
            if (wanted.equals(ALL)) {
              return false;
            }
            throw tooManyCredits(account, assetClass);
          }
          state.delete(Table.CREDIT, key);
          sum[0] = sum[0].add(units.amount());
          count[0]++;
          return sum[0].compareTo(wanted) < 0;
        },
        Table.CREDIT,
        account,
        assetClass);
    return sum[0];
  }

  private BigInteger balance(String account, String assetClass) {
    return state
        .get(Units.class, Table.BALANCE, account, assetClass)
        .map(Units::amount)
        .orElse(BigInteger.ZERO);
  }

  private void putUnits(BigInteger amount, Table table, String... key) {
    if (amount.signum() == 0) {
      state.delete(table, key);
    } else {
      state.put(new Units(amount), table, key);
    }
  }

  private static ChaincodeException tooManyCredits(String account, String assetClass) {
    return Refusals.refused(
        Reason.LEDGER_REFUSED,
        account
            + " has of class "
            + assetClass
            + " more than "
            + CREDITS_ADDED_UP_MAX
            + " credits that were not added up; submit AddUpCredits until it finds none, then try"
            + " again");
  }
}
