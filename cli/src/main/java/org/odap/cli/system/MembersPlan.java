package org.odap.cli.system;

/**
 * The members each ledger is to have, who sign together what its gateway claims (IT).
 *
 * @param count members of each ledger
 * @param faultyMax how many of them may lie or be silent
 * @param keys what they sign with
 * @param adapters adapters they look at their ledger through, besides the gateway's: one each, or
 *     fewer that they share
 */
public record MembersPlan(int count, int faultyMax, Keys keys, int adapters) {
  /** What members sign with. */
  public enum Keys {
    /** One that they make together before anything else: evidence in phases 2 and 3 of ODAP. */
    OWN,
    /** One for each transfer, dealt by the other side: the InterTrust mode. */
    DEALT
  }

  /** One of a member's adapter's number, from 1, by the member's, from 1. */
  int adapterOf(int member) {
    return 1 + (member - 1) % adapters;
  }

  /** Ports that one side's members need: a signer's each, the adapters'. */
  int ports() {
    return count + adapters;
  }
}
