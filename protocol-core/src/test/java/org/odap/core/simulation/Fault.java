package org.odap.core.simulation;

/** What is done wrong on purpose, to show that the simulation finds it. */
enum Fault {
  /** An append is acknowledged while a crash can still lose it. */
  LOG_ANSWERS_BEFORE_IT_SYNCS,
  /** The log takes what an old primary writes, over what its successor wrote. */
  LOG_DOES_NOT_FENCE,
  /** The recipient withdraws at the expiry though it has promised. */
  RECIPIENT_BREAKS_ITS_PROMISE,
  /** Effects are performed before the entries that order them are durable. */
  GATEWAY_ACTS_BEFORE_IT_LOGS
}
