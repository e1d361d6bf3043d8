package org.odap.core.simulation;

import java.util.List;
import org.odap.core.session.Role;

/**
 * One VASP's part: its ledger, its log service, and the replicas of its gateway, of which the first
 * is the primary.
 */
record Side(Role role, Ledger ledger, LogService log, List<Replica> replicas) {
  Replica primary() {
    return replicas.getFirst();
  }
}
