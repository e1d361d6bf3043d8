package org.odap.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.peer.v1.Alternative;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.envelope.Base64Url;
import org.odap.core.initiation.InitiationPolicy.Agree;
import org.odap.core.initiation.InitiationPolicy.AskApprover;
import org.odap.core.initiation.InitiationPolicy.Asking;
import org.odap.core.initiation.InitiationPolicy.Deny;
import org.odap.core.initiation.InitiationPolicy.Verdict;
import org.odap.core.quorum.Statements;
import org.odap.gateway.GatewayConfig.Approval;
import org.odap.gateway.GatewayConfig.ApprovalRule;
import org.odap.gateway.GatewayConfig.CommitFlow;
import org.odap.gateway.GatewayConfig.PolicyConfig;
import org.odap.gateway.GatewayConfig.ProfileConfig;
import org.odap.gateway.GatewayConfig.ProfileRulesConfig;
import org.odap.gateway.GatewayConfig.QuorumKeyConfig;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.GatewayConfig.TransferSide;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.gateway.quorum.QuorumKeys;
import org.odap.threshold.Polynomial;

/** What a gateway agrees to by its rules, what it denies, and what it offers instead (ODAP 6.2). */
@Tag("ODAP-15")
class RulePolicyTest {
  private static final long NOW = 1_000_000;
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final String CASH = "urn:example:cash";
  private static final String ART = "urn:example:art";
  private static final String ARMS = "urn:example:arms";
  private static final TimingConfig TIMING =
      new TimingConfig(
          Duration.ZERO,
          Duration.ofSeconds(1),
          Duration.ZERO,
          Duration.ofSeconds(15),
          Duration.ofMinutes(10),
          Duration.ofMinutes(1));

  /** Takes whatever is known. */
  private static final ProfileRulesConfig RULES =
      new ProfileRulesConfig(
          List.of(), List.of(), List.of(), List.of(), Optional.empty(), true, List.of());

  @TempDir Path folder;
  private AssetProfiles profiles;

  @BeforeEach
  void knowProfiles() throws IOException {
    profiles = AssetProfiles.read(List.of(profile(CASH), profile(ART), profile(ARMS)));
  }

  private ProfileConfig profile(String id) throws IOException {
    Path file = folder.resolve(id.substring(id.lastIndexOf(':') + 1) + ".json");
    Files.writeString(
        file,
        """
        {"profile_id": "%s", "profile_version": "1", "kind": "ASSET_KIND_FUNGIBLE",
         "issuer": "Example", "asset_code": "X"}\
        """
            .formatted(id));
    return new ProfileConfig(Optional.of(file), Optional.empty(), Map.of("here", "class-here"));
  }

  private List<QuorumKeyConfig> quorumKeys = List.of();

  private RulePolicy policy(Approval approval, String... formats) {
    return new RulePolicy(
        new PolicyConfig(
            approval,
            List.of(ART),
            List.of(
                new ApprovalRule(
                    TransferSide.BOTH, 2, List.of(CASH), List.of(), Optional.of("1000")),
                new ApprovalRule(
                    TransferSide.SENDER,
                    3,
                    List.of(),
                    List.of("odapgw://gamma.example/gateway-1"),
                    Optional.empty())),
            Duration.ofHours(2),
            List.of(ARMS),
            List.of(formats),
            List.of(CommitFlow.TWO_PHASE),
            Duration.ofHours(1),
            true,
            false,
            RULES),
        TIMING,
        profiles,
        Set.of("here"),
        dlt -> new NoParticipants(),
        new QuorumKeys(quorumKeys, List.of()),
        List.of());
  }

  private InitializationRequest.Builder proposal(String profile) {
    return InitializationRequest.newBuilder()
        .setRecipientGatewayDltSystem("here")
        .setAssetProfile(profiles.get(profile))
        .setAsset(Asset.newBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount("5"))
        .setEscrowType(EscrowType.ESCROW_TYPE_TIMELOCK)
        .setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_TWO_PHASE)
        .setExpiryTime(NOW + HOUR)
        .setDestination("bob")
        .addLockClaimFormats("format-a")
        .addLockClaimFormats("format-b")
        .addSignatureAlgorithms("ES256");
  }

  private Verdict judged(UnaryOperator<InitializationRequest.Builder> change) {
    return policy(Approval.NONE)
        .judge(change.apply(proposal(CASH)).build(), "odapgw://alpha.example/gateway-1", NOW);
  }

  @Test
  void agreesToWhatItsRulesTake() {
    assertThat(judged(proposal -> proposal))
        .isEqualTo(
            new Agree(
                Asset.newBuilder()
                    .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
                    .setAssetClass("class-here")
                    .setAmount("5")
                    .build(),
                "bob",
                "format-a",
                "ES256",
                LoggingProfile.LOGGING_PROFILE_LOCAL_STORE));
  }

  @Test
  void takesTheFirstFormatItKnows() {
    Verdict verdict =
        policy(Approval.NONE, "format-b")
            .judge(proposal(CASH).build(), "odapgw://alpha.example/gateway-1", NOW);

    assertThat(((Agree) verdict).lockClaimFormat()).isEqualTo("format-b");
  }

  @Test
  void asksPersonForSomeProfilesOrForAll() {
    String peer = "odapgw://alpha.example/gateway-1";
    assertThat(policy(Approval.NONE).judge(proposal(ART).build(), peer, NOW))
        .isInstanceOf(AskApprover.class);
    assertThat(policy(Approval.NONE).judge(proposal(CASH).build(), peer, NOW))
        .isInstanceOf(Agree.class);
    assertThat(policy(Approval.ALWAYS).judge(proposal(CASH).build(), peer, NOW))
        .isInstanceOf(AskApprover.class);
  }

  /**
   * A proposal with one thing wrong.
   *
   * @param field what it is denied for
   * @param mended whether the next round has what is offered instead
   */
  record Denial(
      String field, boolean mended, UnaryOperator<InitializationRequest.Builder> change) {}

  static List<Denial> denials() {
    return List.of(
        new Denial(
            "recipient_gateway_dlt_system",
            false,
            proposal -> proposal.setRecipientGatewayDltSystem("there")),
        new Denial(
            "asset_profile",
            false,
            proposal ->
                proposal.setAssetProfile(
                    proposal.getAssetProfile().toBuilder().setIssuer("Another"))),
        new Denial(
            "escrow_type",
            true,
            proposal -> proposal.setEscrowType(EscrowType.ESCROW_TYPE_HASHLOCK)),
        new Denial(
            "commit_protocol",
            true,
            proposal -> proposal.setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE)),
        new Denial("expiry_time", true, proposal -> proposal.setExpiryTime(NOW + HOUR + 1)),
        new Denial(
            "signature_algorithms",
            false,
            proposal -> proposal.clearSignatureAlgorithms().addSignatureAlgorithms("XY")),
        new Denial("destination", false, proposal -> proposal.clearDestination()));
  }

  @ParameterizedTest
  @MethodSource("denials")
  void deniesForOneReasonOnly(Denial denial) {
    Deny deny = (Deny) judged(denial.change());

    assertThat(deny.rejections())
        .singleElement()
        .extracting(Rejection::getField)
        .isEqualTo(denial.field());
  }

  @ParameterizedTest
  @MethodSource("denials")
  void agreesToItsOwnAlternative(Denial denial) {
    InitializationRequest proposal = denial.change().apply(proposal(CASH)).build();
    Deny deny = (Deny) judged(denial.change());
    Optional<InitializationRequest> next =
        deny.alternative().flatMap(offered -> nextRound(proposal, offered));

    assertThat(next.isPresent()).isEqualTo(denial.mended());
    next.ifPresent(again -> assertThat(judged(any -> again.toBuilder())).isInstanceOf(Agree.class));
  }

  @Test
  void deniedProfileComesWithThoseTaken() {
    Deny deny =
        (Deny)
            policy(Approval.NONE)
                .judge(proposal(ARMS).build(), "odapgw://alpha.example/gateway-1", NOW);

    assertThat(deny.rejections().getFirst().getDescription())
        .isEqualTo(ARMS + " is not taken here (expected: one of [" + ART + ", " + CASH + "])");
  }

  @Test
  @Tag("ODAP-8")
  void aProfileTheRulesSpeakAgainstIsDeniedByFieldWithThoseTaken() {
    ProfileRulesConfig cashOnly =
        new ProfileRulesConfig(
            List.of(CASH), List.of(), List.of(), List.of(), Optional.empty(), true, List.of());
    InitializationRequest art = proposal(ART).build();

    Deny deny = (Deny) judge(cashOnly, art);

    assertThat(deny.rejections())
        .extracting(Rejection::getField)
        .containsExactly("asset_profile", "asset_profile.profile_id");
    assertThat(deny.rejections().getFirst().getDescription()).contains("one of [" + CASH + "]");
    // Which asset is moved is not for gateways to bargain about: this order has ended.
    assertThat(deny.alternative()).isEmpty();
    assertThat(judge(cashOnly, proposal(CASH).build())).isInstanceOf(Agree.class);
  }

  @Test
  void locksNothingForLongerThanOrderedNorTooShortly() {
    InitializationRequest proposal = proposal(CASH).build();

    assertThat(nextRound(proposal, offer(NOW + HOUR + 1))).isEmpty();
    assertThat(nextRound(proposal, offer(NOW + 14_999))).isEmpty();
    assertThat(nextRound(proposal, offer(NOW + 15_000)))
        .hasValueSatisfying(next -> assertThat(next.getExpiryTime()).isEqualTo(NOW + 15_000));
  }

  @Test
  @Tag("2PC-10")
  void takesTheCommitmentFlowsItIsToldToAndNamesThemToOthers() {
    InitializationRequest three =
        proposal(CASH).setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE).build();
    Alternative wantsThree =
        Alternative.newBuilder()
            .setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE)
            .build();

    assertThat(judge(three))
        .isInstanceOfSatisfying(
            Agree.class,
            agreed ->
                assertThat(agreed.loggingProfile())
                    .isEqualTo(LoggingProfile.LOGGING_PROFILE_LEDGER_HASH));
    assertThat(judge(three, CommitFlow.THREE_PHASE)).isInstanceOf(Agree.class);
    Deny deny = (Deny) judge(proposal(CASH).build(), CommitFlow.THREE_PHASE);
    assertThat(deny.alternative()).hasValue(wantsThree);
    assertThat(nextRound(proposal(CASH).build(), wantsThree)).isEmpty();
  }

  private Verdict judge(InitializationRequest proposal, CommitFlow... flows) {
    return judge(RULES, proposal, flows);
  }

  private Verdict judge(
      ProfileRulesConfig rules, InitializationRequest proposal, CommitFlow... flows) {
    return new RulePolicy(
            new PolicyConfig(
                Approval.NONE,
                List.of(),
                List.of(),
                Duration.ofHours(2),
                List.of(),
                List.of(),
                List.of(flows),
                Duration.ofHours(1),
                true,
                true,
                rules),
            TIMING,
            profiles,
            Set.of("here"),
            dlt -> new NoParticipants(),
            new QuorumKeys(List.of(), List.of()),
            List.of())
        .judge(proposal, "odapgw://alpha.example/gateway-1", NOW);
  }

  @Test
  @Tag("IT-3")
  void aLedgerWhoseParticipantsAreKnownProvesItsLocksWithTheirSignature() {
    InitializationRequest.Builder proposal = proposal(CASH).setSourceGatewayDltSystem("there");
    quorumKeys =
        List.of(
            new QuorumKeyConfig(
                "there",
                Base64Url.encode(Polynomial.random(1, new SecureRandom()).publicKey().bytes())));
    Deny denied =
        (Deny)
            policy(Approval.NONE).judge(proposal.build(), "odapgw://alpha.example/gateway-1", NOW);
    assertThat(denied.alternative().orElseThrow().getLockClaimFormatsList())
        .containsExactly(Statements.FORMAT);

    proposal.addLockClaimFormats(Statements.FORMAT);
    assertThat(
            ((Agree)
                    policy(Approval.NONE)
                        .judge(proposal.build(), "odapgw://alpha.example/gateway-1", NOW))
                .lockClaimFormat())
        .isEqualTo(Statements.FORMAT);

    quorumKeys = List.of();
    assertThat(
            ((Agree)
                    policy(Approval.NONE)
                        .judge(proposal.build(), "odapgw://alpha.example/gateway-1", NOW))
                .lockClaimFormat())
        .isEqualTo("format-a");
  }

  @Test
  void anOfferThatChangesNothingIsNoNewRound() {
    assertThat(nextRound(proposal(CASH).build(), Alternative.getDefaultInstance())).isEmpty();
  }

  private static Alternative offer(long expiry) {
    return Alternative.newBuilder().setExpiryTime(expiry).build();
  }

  private Optional<InitializationRequest> nextRound(
      InitializationRequest proposal, Alternative offered) {
    return policy(Approval.NONE)
        .nextRound(
            proposal, InitializationDenied.newBuilder().setAlternative(offered).build(), NOW);
  }

  @Test
  @Tag("OURS-3")
  void ofTheRulesThatFitTheStrictestSaysHowManyApprove() {
    RulePolicy policy = policy(Approval.NONE);
    String alpha = "odapgw://alpha.example/gateway-1";
    InitializationRequest.Builder large = proposal(CASH);
    large.getAssetBuilder().setAmount("1001");
    InitializationRequest.Builder limit = proposal(CASH);
    limit.getAssetBuilder().setAmount("1000");

    assertThat(policy.judge(limit.build(), alpha, NOW)).isInstanceOf(Agree.class);
    assertThat(policy.judge(large.build(), alpha, NOW))
        .isInstanceOfSatisfying(
            AskApprover.class, asks -> assertThat(asks.approvers()).isEqualTo(2));
    assertThat(policy.judgeOrder(limit.build(), alpha, NOW)).isEmpty();
    assertThat(policy.judgeOrder(large.build(), alpha, NOW))
        .hasValue(new Asking(2, NOW + 2 * HOUR));
    assertThat(policy.judgeOrder(large.build(), "odapgw://gamma.example/gateway-1", NOW))
        .hasValue(new Asking(3, NOW + 2 * HOUR));
    assertThat(policy.judge(proposal(ART).build(), alpha, NOW))
        .isInstanceOfSatisfying(
            AskApprover.class, asks -> assertThat(asks.approvers()).isEqualTo(1));
  }

  /** A ledger that can do nothing special. */
  private static final class NoParticipants implements OwnLedger {
    @Override
    public Set<String> capabilities() {
      return Set.of();
    }

    @Override
    public boolean hasParticipants() {
      return false;
    }

    @Override
    public InterTrustAgreement agreement(InitializationRequest proposal) {
      throw new AssertionError("nobody vouches for this ledger");
    }
  }
}
