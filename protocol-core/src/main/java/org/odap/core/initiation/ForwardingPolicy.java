package org.odap.core.initiation;

import java.util.Optional;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;

/** A policy around another: what it does not decide itself the other one does. */
public abstract class ForwardingPolicy implements InitiationPolicy {
  private final InitiationPolicy policy;

  /** A policy around this one. */
  protected ForwardingPolicy(InitiationPolicy policy) {
    this.policy = policy;
  }

  @Override
  public Verdict judge(InitializationRequest proposal, String peer, long now) {
    return policy.judge(proposal, peer, now);
  }

  @Override
  public Optional<InitializationRequest> nextRound(
      InitializationRequest proposal, InitializationDenied denied, long now) {
    return policy.nextRound(proposal, denied, now);
  }

  @Override
  public Optional<Asking> judgeOrder(InitializationRequest terms, String peer, long now) {
    return policy.judgeOrder(terms, peer, now);
  }
}
