package org.odap.gateway.policy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.peer.v1.Alternative;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.quorum.Statements;
import org.odap.gateway.GatewayConfig.Approval;
import org.odap.gateway.GatewayConfig.ApprovalRule;
import org.odap.gateway.GatewayConfig.CommitFlow;
import org.odap.gateway.GatewayConfig.PolicyConfig;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.GatewayConfig.TransferSide;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.gateway.profile.ProfileRules;
import org.odap.gateway.quorum.QuorumKeys;

/** Agreement by configured rules, and by a client's approval where they ask for one (ODAP 6.2). */
public final class RulePolicy implements InitiationPolicy {
  private static final String ALGORITHM = "ES256";

  /** As many profiles as a denial may name. */
  private static final int ALTERNATIVES_MAX = 64;

  /** Escrows in which the gateways alone decide when the asset is claimed. */
  private static final Set<EscrowType> ESCROWS =
      Set.of(
          EscrowType.ESCROW_TYPE_TIMELOCK,
          EscrowType.ESCROW_TYPE_DESTROY_BURN,
          EscrowType.ESCROW_TYPE_FAUCET);

  private final PolicyConfig rules;
  private final TimingConfig timing;
  private final AssetProfiles profiles;
  private final ProfileRules profileRules;
  private final Set<String> dltSystems;
  private final Function<String, ? extends OwnLedger> ledgers;
  private final QuorumKeys quorums;
  private final List<ProposalRule> further;
  private final List<CommitProtocol> commitProtocols;

  /**
   * The policy of a configuration.
   *
   * @param ledgers those here, by their identifiers
   */
  public RulePolicy(
      PolicyConfig rules,
      TimingConfig timing,
      AssetProfiles profiles,
      Set<String> dltSystems,
      Function<String, ? extends OwnLedger> ledgers,
      QuorumKeys quorums,
      List<ProposalRule> further) {
    this.rules = rules;
    this.timing = timing;
    this.profiles = profiles;
    this.profileRules = new ProfileRules(rules.profiles());
    this.dltSystems = Set.copyOf(dltSystems);
    this.ledgers = ledgers;
    this.quorums = quorums;
    this.further = List.copyOf(further);
    List<CommitFlow> flows =
        rules.commitFlows().isEmpty() ? List.of(CommitFlow.values()) : rules.commitFlows();
    this.commitProtocols = flows.stream().map(RulePolicy::protocol).toList();
  }

  @Override
  public Verdict judge(InitializationRequest proposal, String peer, long now) {
    List<Rejection> rejections = new ArrayList<>();
    Alternative.Builder alternative = Alternative.newBuilder();
    String dlt = proposal.getRecipientGatewayDltSystem();
    if (!dltSystems.contains(dlt)) {
      reject(
          rejections,
          "recipient_gateway_dlt_system",
          dlt + " is not behind this gateway (expected: one of " + dltSystems + ")");
    }
    Optional<Asset> asset = judgeProfile(proposal, dlt, now, rejections, alternative);
    if (!ESCROWS.contains(proposal.getEscrowType())) {
      reject(rejections, "escrow_type", proposal.getEscrowType() + " is not taken here");
      alternative.setEscrowType(EscrowType.ESCROW_TYPE_TIMELOCK);
    }
    if (!commitProtocols.contains(proposal.getCommitProtocol())) {
      reject(
          rejections,
          "commit_protocol",
          proposal.getCommitProtocol() + " is not taken here (expected: " + commitProtocols + ")");
      alternative.setCommitProtocol(commitProtocols.getFirst());
    }
    long latest = now + rules.lockMax().toMillis();
    if (proposal.getExpiryTime() > latest) {
      reject(
          rejections,
          "expiry_time",
          "locks longer than " + rules.lockMax() + " are not taken here");
      alternative.setExpiryTime(latest);
    }
    if (!proposal.getSignatureAlgorithmsList().contains(ALGORITHM)) {
      reject(rejections, "signature_algorithms", "only " + ALGORITHM + " is spoken here");
      alternative.addSignatureAlgorithms(ALGORITHM);
    }
    Optional<String> format = format(proposal);
    if (format.isEmpty()) {
      reject(rejections, "lock_claim_formats", "none of the formats offered is taken here");
      alternative.addAllLockClaimFormats(
          quorums.formats(proposal.getSourceGatewayDltSystem()).isEmpty()
              ? rules.evidenceFormats()
              : quorums.formats(proposal.getSourceGatewayDltSystem()));
    }
    if (proposal.getDestination().isEmpty()) {
      reject(rejections, "destination", "this gateway chooses no account: name the beneficiary's");
    }
    further.forEach(rule -> rejections.addAll(rule.judge(proposal, peer, now)));
    if (!rejections.isEmpty() || asset.isEmpty()) {
      boolean canBeMended = rejections.stream().allMatch(RulePolicy::mendable);
      return new Deny(
          rejections, canBeMended ? Optional.of(alternative.build()) : Optional.empty());
    }
    Agree agreed =
        new Agree(
            asset.get(),
            proposal.getDestination(),
            format.get(),
            ALGORITHM,
            rules.loggingProfile(),
            format.get().equals(Statements.INTERTRUST)
                ? Optional.of(ledgers.apply(dlt).agreement(proposal))
                : Optional.empty());
    int approvers = approvers(TransferSide.RECIPIENT, proposal, peer);
    return approvers > 0 ? new AskApprover(agreed, approvers) : agreed;
  }

  @Override
  public Optional<Asking> judgeOrder(InitializationRequest terms, String peer, long now) {
    int approvers = approvers(TransferSide.SENDER, terms, peer);
    return approvers > 0
        ? Optional.of(new Asking(approvers, now + rules.approvalWait().toMillis()))
        : Optional.empty();
  }

  /** How many must approve; 0 = nobody. */
  private int approvers(TransferSide side, InitializationRequest terms, String peer) {
    String profile = terms.getAssetProfile().getProfileId();
    boolean proposalAsks =
        side == TransferSide.RECIPIENT
            && (rules.approval() == Approval.ALWAYS || rules.approvalProfiles().contains(profile));
    int ruled =
        rules.approvals().stream()
            .filter(rule -> rule.side() == TransferSide.BOTH || rule.side() == side)
            .filter(rule -> isAmong(rule.assetProfiles(), profile))
            .filter(rule -> isAmong(rule.counterparties(), peer))
            .filter(rule ->
                rule.amountAbove().isEmpty()
                    || Amounts.of(terms.getAsset())
                            .compareTo(new BigInteger(rule.amountAbove().get()))
                        > 0)
            .mapToInt(ApprovalRule::approvers)
            .max()
            .orElse(0);
    return Math.max(ruled, proposalAsks ? 1 : 0);
  }

  private static boolean isAmong(List<String> names, String name) {
    return names.isEmpty() || names.contains(name);
  }

  @Override
  public Optional<InitializationRequest> nextRound(
      InitializationRequest proposal, InitializationDenied denied, long now) {
    if (!rules.acceptAlternatives() || !denied.hasAlternative()) {
      return Optional.empty();
    }
    Alternative wanted = denied.getAlternative();
    if (wanted.getAssetProfileIdsCount() > 0
        && !wanted.getAssetProfileIdsList().contains(proposal.getAssetProfile().getProfileId())) {
      // Other assets are another order, and that is the client's to give.
      return Optional.empty();
    }
    InitializationRequest.Builder next = proposal.toBuilder();
    if (wanted.getEscrowType() != EscrowType.ESCROW_TYPE_UNSPECIFIED) {
      if (!ESCROWS.contains(wanted.getEscrowType())) {
        return Optional.empty();
      }
      next.setEscrowType(wanted.getEscrowType());
    }
    if (wanted.getCommitProtocol() != CommitProtocol.COMMIT_PROTOCOL_UNSPECIFIED) {
      if (!commitProtocols.contains(wanted.getCommitProtocol())) {
        return Optional.empty();
      }
      next.setCommitProtocol(wanted.getCommitProtocol());
    }
    if (wanted.getExpiryTime() != 0) {
      boolean longer = wanted.getExpiryTime() > proposal.getExpiryTime();
      if (longer || wanted.getExpiryTime() < now + timing.lockMin().toMillis()) {
        // Nobody may keep the asset locked for longer than its owner ordered.
        return Optional.empty();
      }
      next.setExpiryTime(wanted.getExpiryTime());
    }
    if (wanted.getLockClaimFormatsCount() > 0) {
      List<String> common = new ArrayList<>(proposal.getLockClaimFormatsList());
      common.retainAll(wanted.getLockClaimFormatsList());
      if (common.isEmpty()) {
        return Optional.empty();
      }
      next.clearLockClaimFormats().addAllLockClaimFormats(common);
    }
    InitializationRequest terms = next.build();
    return terms.equals(proposal) ? Optional.empty() : Optional.of(terms);
  }

  private Optional<Asset> judgeProfile(
      InitializationRequest proposal,
      String dlt,
      long now,
      List<Rejection> rejections,
      Alternative.Builder alternative) {
    AssetProfile proposed = proposal.getAssetProfile();
    String id = proposed.getProfileId();
    boolean same =
        profiles
            .look(id)
            .filter(known ->
                Hash.of(CanonicalJson.of(known)).equals(Hash.of(CanonicalJson.of(proposed))))
            .isPresent();
    Optional<Asset> asset = profiles.onLedger(id, dlt, proposal.getAsset());
    // Of a ledger nobody knows it need not be said too that it holds no such assets.
    boolean noClass = asset.isEmpty() && dltSystems.contains(dlt);
    List<String> taken = taken(dlt, now);
    boolean denied = rules.deniedProfiles().contains(id) || !same || noClass;
    List<Rejection> against =
        denied || !dltSystems.contains(dlt)
            ? List.of()
            : profileRules.ofArrival(proposed, () -> ledgers.apply(dlt).capabilities(), now);
    if (denied || !against.isEmpty()) {
      reject(
          rejections,
          ProfileRules.FIELD,
          id
              + " is not taken here"
              + (same ? "" : ", or not in this form")
              + " (expected: one of "
              + taken
              + ")");
      rejections.addAll(against);
      alternative.addAllAssetProfileIds(taken.stream().limit(ALTERNATIVES_MAX).toList());
      return Optional.empty();
    }
    return asset;
  }

  /** Profiles whose assets would be taken onto a ledger. */
  private List<String> taken(String dlt, long now) {
    return profiles.ids().stream()
        .filter(known -> !rules.deniedProfiles().contains(known))
        .filter(known -> profiles.onLedger(known, dlt, Asset.getDefaultInstance()).isPresent())
        .filter(known ->
            profileRules
                .ofArrival(
                    profiles.find(known).orElseThrow(),
                    () -> ledgers.apply(dlt).capabilities(),
                    now)
                .isEmpty())
        .sorted()
        .toList();
  }

  /** A ledger whose participants are known proves its locks with their signature, or not at all. */
  private Optional<String> format(InitializationRequest proposal) {
    String dlt = proposal.getSourceGatewayDltSystem();
    if (proposal.getLockClaimFormatsList().isEmpty()) {
      return rules.evidenceFormats().isEmpty() && quorums.takes("", dlt)
          ? Optional.of("")
          : Optional.empty();
    }
    return proposal.getLockClaimFormatsList().stream()
        .filter(offered -> quorums.takes(offered, dlt))
        .filter(offered -> !offered.equals(Statements.INTERTRUST) || canSetUp(proposal))
        .filter(offered ->
            rules.evidenceFormats().isEmpty() || rules.evidenceFormats().contains(offered))
        .findFirst();
  }

  /** Each side's participants vouch for their ledger, and are known to the other. */
  private boolean canSetUp(InitializationRequest proposal) {
    String dlt = proposal.getRecipientGatewayDltSystem();
    return proposal.hasIntertrust()
        && quorums.fault(proposal.getIntertrust().getGroup()).isEmpty()
        && dltSystems.contains(dlt)
        && ledgers.apply(dlt).hasParticipants();
  }

  private static CommitProtocol protocol(CommitFlow flow) {
    return switch (flow) {
      case TWO_PHASE -> CommitProtocol.COMMIT_PROTOCOL_TWO_PHASE;
      case THREE_PHASE -> CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE;
    };
  }

  /** Whether other terms help; other assets are another order, and end this one. */
  private static boolean mendable(Rejection rejection) {
    return switch (rejection.getField().split("\\.", 2)[0]) {
      case ProfileRules.FIELD,
          "recipient_gateway_dlt_system",
          "destination",
          "source_gateway_pubkey",
          "travel_rule_payload" ->
          false;
      default -> true;
    };
  }

  private static void reject(List<Rejection> rejections, String field, String description) {
    rejections.add(Rejection.newBuilder().setField(field).setDescription(description).build());
  }
}
