package org.odap.core.initiation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.peer.v1.Alternative;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.Rejection;

/**
 * What a gateway's owner decides in phase 1 (ODAP 6.2 "validation by rules or by a client's
 * approval"). Within one decision the same arguments give the same answer.
 */
public interface InitiationPolicy {

  /**
   * What the recipient gateway says to a proposal that is well formed.
   *
   * @param peer identity (URI) of the sender gateway
   * @param now UNIX milliseconds
   */
  Verdict judge(InitializationRequest proposal, String peer, long now);

  /**
   * The next round after a denial: the terms the sender gateway would propose instead, or nothing
   * when the alternative is not to its liking. Session, numbers, hash and signature are filled in
   * later.
   */
  Optional<InitializationRequest> nextRound(
      InitializationRequest proposal, InitializationDenied denied, long now);

  /**
   * Who must approve a client's order before it is proposed; empty = nobody.
   *
   * @param terms the proposal to be made
   * @param peer identity (URI) of the recipient gateway
   * @param now UNIX milliseconds
   */
  default Optional<Asking> judgeOrder(InitializationRequest terms, String peer, long now) {
    return Optional.empty();
  }

  /** The same for one decision: who asks again about a proposal gets the first verdict. */
  default InitiationPolicy forOneDecision() {
    Map<InitializationRequest, Verdict> verdicts = new HashMap<>();
    return new ForwardingPolicy(this) {
      @Override
      public Verdict judge(InitializationRequest proposal, String peer, long now) {
        return verdicts.computeIfAbsent(proposal, one -> super.judge(one, peer, now));
      }
    };
  }

  /**
   * Whom an order waits for.
   *
   * @param approvers how many must approve, at least 1
   * @param until how long they have, UNIX milliseconds
   */
  record Asking(int approvers, long until) {}

  /** What to answer. */
  sealed interface Verdict {}

  /**
   * Agree.
   *
   * @param asset the asset as the recipient's ledger names it
   * @param destination account it will be created for
   * @param lockClaimFormat one of the formats offered, "" when none was
   * @param signatureAlgorithm one of the algorithms offered
   * @param loggingProfile the recipient's own
   * @param intertrust the recipient's part of the InterTrust mode's setup, where that format is
   *     agreed
   */
  record Agree(
      Asset asset,
      String destination,
      String lockClaimFormat,
      String signatureAlgorithm,
      LoggingProfile loggingProfile,
      Optional<InterTrustAgreement> intertrust)
      implements Verdict {
    /** Agrees to another format than the InterTrust mode's. */
    public Agree(
        Asset asset,
        String destination,
        String lockClaimFormat,
        String signatureAlgorithm,
        LoggingProfile loggingProfile) {
      this(
          asset,
          destination,
          lockClaimFormat,
          signatureAlgorithm,
          loggingProfile,
          Optional.empty());
    }
  }

  /**
   * Agree once persons have approved.
   *
   * @param terms what is agreed to then
   * @param approvers how many must approve, at least 1
   */
  record AskApprover(Agree terms, int approvers) implements Verdict {
    /** One approver is enough. */
    public AskApprover(Agree terms) {
      this(terms, 1);
    }
  }

  /**
   * Deny.
   *
   * @param rejections what is rejected, at least one
   * @param alternative what would be taken instead
   */
  record Deny(List<Rejection> rejections, Optional<Alternative> alternative) implements Verdict {
    /** Copies the list. */
    public Deny {
      rejections = List.copyOf(rejections);
    }
  }
}
