package org.odap.core.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.storage.v1.Approval;
import org.odap.api.storage.v1.ApprovalWanted;

/**
 * The approvals a transfer waits for and those it has (ODAP 6.2).
 *
 * <p>Invariant: nobody approves twice.
 *
 * @param wanted what was asked for; empty when nobody was asked, and in logs written before more
 *     than one could be
 * @param given who has approved, in order
 */
public record Approvals(Optional<ApprovalWanted> wanted, List<Approval> given) {
  /** Nobody is asked. */
  static final Approvals NONE = new Approvals(Optional.empty(), List.of());

  /** Copies the list. */
  public Approvals {
    given = List.copyOf(given);
  }

  /** How many must approve; 1 where the log does not say. */
  public int needed() {
    return wanted.map(ApprovalWanted::getApprovers).orElse(1);
  }

  /** Until when they can, UNIX milliseconds. */
  long until() {
    return wanted.map(ApprovalWanted::getUntil).orElse(Long.MAX_VALUE);
  }

  /** The proposal an order becomes once it is approved. */
  public Optional<InitializationRequest> terms() {
    return wanted.filter(ApprovalWanted::hasTerms).map(ApprovalWanted::getTerms);
  }

  /** Whether one more is enough. */
  boolean lacksOne() {
    return given.size() + 1 >= needed();
  }

  /** Whether a person has approved. */
  boolean hasFrom(String approver) {
    return given.stream().anyMatch(approval -> approval.getApprover().equals(approver));
  }

  Approvals asking(ApprovalWanted asked) {
    return new Approvals(Optional.of(asked), List.of());
  }

  Approvals with(Approval approval) {
    List<Approval> all = new ArrayList<>(given);
    all.add(approval);
    return new Approvals(wanted, all);
  }
}
