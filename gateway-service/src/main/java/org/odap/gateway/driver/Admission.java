package org.odap.gateway.driver;

import java.util.Optional;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.session.Role;
import org.odap.core.transfer.Transfer;

/**
 * Whether this gateway begins a transfer now: what its operators ordered and the limits they set.
 * What has begun is not asked about again.
 */
public interface Admission {
  /** Every transfer is let in. */
  Admission OPEN =
      new Admission() {
        @Override
        public Optional<Bar> admit(Candidate candidate, long now) {
          return Optional.empty();
        }

        @Override
        public void changed(Transfer transfer) {}

        @Override
        public void forget(String logId) {}
      };

  /**
   * Gives why a transfer may not begin; else keeps a place for it, so that of two at the same time
   * the second finds the first counted.
   *
   * @param now UNIX milliseconds
   * @throws org.odap.runtime.rpc.OdapException UNAVAILABLE while that can't be told
   */
  Optional<Bar> admit(Candidate candidate, long now);

  /** A transfer has changed, durably. */
  void changed(Transfer transfer);

  /** A transfer that was let in has not begun: its place is free. */
  void forget(String logId);

  /**
   * A transfer that is about to begin.
   *
   * @param peer identity (URI) of the other gateway
   * @param terms what is ordered or proposed
   */
  record Candidate(Role role, String transferId, String peer, InitializationRequest terms) {
    /** Id of the log it will have. */
    public String logId() {
      return role.logId(transferId);
    }
  }

  /** What stands against a transfer. */
  sealed interface Bar {
    /** For those who are refused; says nothing secret. */
    String description();
  }

  /** The operators have the gateway take nothing such. */
  record Halted(String description) implements Bar {}

  /** A limit would be exceeded. */
  record Exceeds(String description) implements Bar {}
}
