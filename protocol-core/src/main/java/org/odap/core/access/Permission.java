package org.odap.core.access;

/** What a rule can allow: the actions of ODAP 5.10, and what a client does with transfers. */
public enum Permission {
  /** CREATE (ODAP 5.10.1). */
  CREATE,
  /** WRITE (ODAP 5.10.2). */
  WRITE,
  /** INVOKE (ODAP 5.10.3). */
  INVOKE,
  /** LOCK (ODAP 5.10.4). */
  LOCK,
  /** UNLOCK (ODAP 5.10.5). */
  UNLOCK,
  /** TRANSFER (ODAP 5.10.6): to order a transfer away from a ledger. */
  TRANSFER,
  /** SUBSCRIBE (ODAP 5.10.7). */
  SUBSCRIBE,
  /** DESTROY (ODAP 5.10.8). */
  DESTROY,
  /** READ (ODAP 5.10.9). */
  READ,
  /** NATIVE_TXN (ODAP 5.10.10). */
  NATIVE_TXN,
  /** To see transfers and their evidence; without it a transfer is not there. */
  VIEW,
  /** To approve or decline transfers (ODAP 6.2). */
  APPROVE,
  /** To give transfers up before the commit point. */
  CANCEL,
  /** To close a transfer by hand whose ledger is lost. */
  RESOLVE,
  /** To read the travel-rule data of transfers (ARCH 6): of persons, so seeing is not enough. */
  READ_TRAVEL_RULE,
  /** To pause, drain and limit the gateway. */
  OPERATE
}
