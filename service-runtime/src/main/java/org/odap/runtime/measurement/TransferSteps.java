package org.odap.runtime.measurement;

/**
 * The steps of a transfer of a unique asset on one ledger (ARCH 7, 8), however they get there. Each
 * returns when the step is final and answers with its transaction's id, which the next one refers
 * to; each throws where the step is not done.
 */
public interface TransferSteps extends AutoCloseable {
  /** 2.4: announces an asset to the account that is to have it. */
  String logIncoming(String transferId, long asset) throws Exception;

  /** 3.5: creates the announced asset. */
  String create(String transferId, long asset, String announcement) throws Exception;

  /** 2.3: locks the account's asset. */
  String lock(String transferId, long asset) throws Exception;

  /** 3.3: extinguishes the locked asset. */
  String finalizeLock(String transferId, long asset, String lock) throws Exception;

  /** 3.7: records where the asset went. */
  String recordLocation(String transferId, long asset, String finalization) throws Exception;

  @Override
  void close();
}
