package org.odap.ledger.fabric.development.gateway;

import static org.odap.ledger.fabric.development.gateway.GatewayErrors.detail;
import static org.odap.ledger.fabric.development.gateway.GatewayErrors.error;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ProposalResponse;
import org.odap.ledger.fabric.development.endorsement.Endorser;
import org.odap.ledger.fabric.development.endorsement.EndorserException;
import org.odap.ledger.fabric.development.ledger.EndorsementPolicy;
import org.odap.ledger.fabric.development.simulation.ProposalParts;

/**
 * Collects endorsements for one proposal: from the organizations the client names, or else first
 * from the gateway's own peer and then from as many others as the policy wants.
 */
final class EndorsementPlan {
  private static final String NOT_ENOUGH =
      "failed to collect enough transaction endorsements, see attached details for more info";

  private final List<Endorser> endorsers;
  private final EndorsementPolicy policy;
  private final ProposalParts proposal;
  private final List<ErrorDetail> details = new ArrayList<>();
  private final Set<String> endorsed = new HashSet<>();
  private final ChaincodeEndorsedAction.Builder action = ChaincodeEndorsedAction.newBuilder();
  private ByteString payload = ByteString.EMPTY;

  /**
   * @param endorsers the gateway's own first
   */
  EndorsementPlan(List<Endorser> endorsers, EndorsementPolicy policy, ProposalParts proposal) {
    this.endorsers = endorsers;
    this.policy = policy;
    this.proposal = proposal;
  }

  ChaincodeEndorsedAction byOrganizations(List<String> mspIds) {
    List<String> missing =
        mspIds.stream().filter(mspId -> reachable().noneMatch(is(mspId))).distinct().toList();
    if (!missing.isEmpty()) {
      throw error(
          Code.UNAVAILABLE,
          "failed to find any endorsing peers for org(s): " + String.join(", ", missing));
    }
    for (String mspId : new LinkedHashSet<>(mspIds)) {
      if (!ask(reachable().filter(is(mspId)).findFirst().orElseThrow())) {
        throw error(Code.ABORTED, NOT_ENOUGH, details);
      }
    }
    return action.setProposalResponsePayload(payload).build();
  }

  ChaincodeEndorsedAction byPolicy() {
    if (!ask(endorsers.getFirst())) {
      throw error(
          Code.ABORTED,
          "failed to endorse transaction, see attached details for more info",
          details);
    }
    Set<String> present = new HashSet<>(reachable().map(Endorser::mspId).toList());
    if (!policy.satisfiedBy(present)) {
      throw error(
          Code.FAILED_PRECONDITION,
          "no combination of peers can be derived which satisfy the endorsement policy: no peer"
              + " combination can satisfy the endorsement policy");
    }
    List<Endorser> others =
        reachable()
            .filter(endorser -> endorser != endorsers.getFirst())
            .filter(endorser -> policy.organizations().contains(endorser.mspId()))
            .toList();
    for (Endorser other : others) {
      if (policy.satisfiedBy(endorsed)) {
        break;
      }
      boolean _ = ask(other);
    }
    if (!policy.satisfiedBy(endorsed)) {
      throw error(Code.ABORTED, NOT_ENOUGH, details);
    }
    return action.setProposalResponsePayload(payload).build();
  }

  private boolean ask(Endorser endorser) {
    try {
      ProposalResponse response = endorser.endorse(proposal);
      if (payload.isEmpty()) {
        payload = response.getPayload();
      } else if (!payload.equals(response.getPayload())) {
        details.add(detail(endorser, "ProposalResponsePayloads do not match"));
        return false;
      }
      action.addEndorsements(response.getEndorsement());
      endorsed.add(endorser.mspId());
      return true;
    } catch (EndorserException e) {
      details.add(detail(endorser, e.getMessage()));
      return false;
    }
  }

  private Stream<Endorser> reachable() {
    return endorsers.stream().filter(endorser -> endorser.reach() != Endorser.Reach.GONE);
  }

  private static Predicate<Endorser> is(String mspId) {
    return endorser -> endorser.mspId().equals(mspId);
  }
}
