package org.odap.gateway.application;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.initiation.ForwardingPolicy;
import org.odap.core.initiation.Initiation;
import org.odap.core.initiation.InitiationPolicy;

/** The owner's policy, and on top of it: no proposal with an application profile unknown here. */
public final class ApplicationPolicy extends ForwardingPolicy {
  private final ApplicationProfiles profiles;

  /** A policy with these profiles. */
  public ApplicationPolicy(InitiationPolicy policy, ApplicationProfiles profiles) {
    super(policy);
    this.profiles = profiles;
  }

  @Override
  public Verdict judge(InitializationRequest proposal, String peer, long now) {
    Verdict verdict = super.judge(proposal, peer, now);
    Optional<String> mistake =
        proposal.getEnvelope().hasApplicationProfile()
            ? profiles.mistake(proposal.getEnvelope().getApplicationProfile())
            : Optional.empty();
    return mistake.map(words -> denied(verdict, words)).orElse(verdict);
  }

  /** Without an alternative: an application that asks for a profile wants no other. */
  private static Verdict denied(Verdict verdict, String mistake) {
    List<Rejection> rejections = new ArrayList<>();
    if (verdict instanceof Deny deny) {
      rejections.addAll(deny.rejections());
    }
    rejections.add(
        Rejection.newBuilder()
            .setField(Initiation.APPLICATION_PROFILE)
            .setDescription(mistake)
            .build());
    return new Deny(rejections, Optional.empty());
  }
}
