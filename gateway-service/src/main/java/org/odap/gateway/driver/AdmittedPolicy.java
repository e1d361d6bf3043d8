package org.odap.gateway.driver;

import java.util.List;
import java.util.Optional;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.initiation.ForwardingPolicy;
import org.odap.core.initiation.Initiation;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.session.Role;
import org.odap.core.transfer.RecipientState;
import org.odap.core.transfer.Transfer;

/**
 * The owner's policy, and on top of it whether a transfer may begin now: a proposal that the rules
 * let in is denied when the gateway takes nothing new, or over a limit.
 *
 * <p>Made for one decision, in which the same proposal gets the same answer however often it is
 * judged.
 */
final class AdmittedPolicy extends ForwardingPolicy {
  private final Admission admission;
  private final Transfer transfer;
  private Optional<Optional<Admission.Bar>> asked = Optional.empty();

  AdmittedPolicy(InitiationPolicy policy, Admission admission, Transfer transfer) {
    super(policy);
    this.admission = admission;
    this.transfer = transfer;
  }

  @Override
  public Verdict judge(InitializationRequest proposal, String peer, long now) {
    Verdict verdict = super.judge(proposal, peer, now);
    boolean begins =
        transfer.state() == RecipientState.UNOPENED || transfer.state() == RecipientState.DENIED;
    if (!begins || verdict instanceof Deny) {
      return verdict;
    }
    if (asked.isEmpty()) {
      Admission.Candidate candidate =
          new Admission.Candidate(Role.RECIPIENT, transfer.id(), peer, proposal);
      asked = Optional.of(admission.admit(candidate, now));
    }
    return asked.get().map(AdmittedPolicy::denial).orElse(verdict);
  }

  private static Verdict denial(Admission.Bar bar) {
    String field =
        switch (bar) {
          case Admission.Halted _ -> Initiation.OPERATION;
          case Admission.Exceeds _ -> Initiation.LIMIT;
        };
    return new Deny(
        List.of(Rejection.newBuilder().setField(field).setDescription(bar.description()).build()),
        Optional.empty());
  }
}
