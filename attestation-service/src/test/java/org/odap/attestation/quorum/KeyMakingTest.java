package org.odap.attestation.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.threshold.v1.ActivateKeyRequest;
import org.odap.api.threshold.v1.ActivateKeyResponse;
import org.odap.api.threshold.v1.Complaint;
import org.odap.api.threshold.v1.ConcludeKeyRequest;
import org.odap.api.threshold.v1.ConcludeKeyResponse;
import org.odap.api.threshold.v1.Confirmation;
import org.odap.api.threshold.v1.Deal;
import org.odap.api.threshold.v1.DealSharesRequest;
import org.odap.api.threshold.v1.DealSharesResponse;
import org.odap.api.threshold.v1.GenerateKeyResponse;
import org.odap.api.threshold.v1.GroupKey;
import org.odap.api.threshold.v1.Justification;
import org.odap.api.threshold.v1.JustifyDealRequest;
import org.odap.api.threshold.v1.JustifyDealResponse;
import org.odap.api.threshold.v1.KeyPlan;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ReceiveDealsRequest;
import org.odap.api.threshold.v1.ReceiveDealsResponse;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.SignPartiallyResponse;
import org.odap.api.threshold.v1.Statement;
import org.odap.attestation.group.Member;
import org.odap.attestation.group.ShareLetters;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.KeyForms;
import org.odap.quorum.Signed;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.KeyShare;
import org.odap.threshold.Polynomial;

/** Keys without a dealer, made by members of whom some cheat, and so may who collects. */
@Tag("IT-10")
class KeyMakingTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int CHEATER = 2;

  @TempDir Path folder;
  private TestQuorum quorum;

  @AfterEach
  void close() {
    quorum.close();
  }

  /** How a dealer deals wrongly. */
  enum Cheat {
    SILENT,
    WRONG_TO_ONE,
    WRONG_TO_ALL,
    UNREADABLE_TO_ONE,
    COMMITMENTS_OF_ANOTHER_KEY,
    ONE_COMMITMENT_TOO_FEW,
    ONE_LETTER_TOO_FEW,
    INFINITE_PUBLIC_KEY,
    UNSIGNED,
    OTHER_PLAN,
    RIGHT_BUT_OF_ANOTHER_SECRET;

    Deal deal(KeyPlan plan, SigningKey own) {
      Polynomial polynomial = Polynomial.random(plan.getGroup().getThreshold(), RANDOM);
      Polynomial other = Polynomial.random(plan.getGroup().getThreshold(), RANDOM);
      Deal.Builder deal =
          Deal.newBuilder()
              .setHashPlan(Signed.hash(plan))
              .setDealer(CHEATER)
              .setPublicKey(KeyForms.text(polynomial.publicKey().bytes()))
              .addAllCommitments(KeyForms.texts(polynomial.commitments()));
      var dealers = plan.hasReshared() ? plan.getReshared().getGroup() : plan.getGroup();
      String name = dealers.getParticipants(CHEATER - 1).getParticipant();
      for (Participant member : plan.getGroup().getParticipantsList()) {
        int index = member.getIndex();
        boolean isWrong = this == WRONG_TO_ALL || (this == WRONG_TO_ONE && index == 3);
        KeyShare share = (isWrong ? other : polynomial).share(index);
        boolean isUnreadable = this == UNREADABLE_TO_ONE && index == 3;
        deal.addShares(
            ShareLetters.seal(share, member, isUnreadable ? "x" : name, plan.getKeyId()));
      }
      switch (this) {
        case COMMITMENTS_OF_ANOTHER_KEY ->
            deal.setPublicKey(KeyForms.text(other.publicKey().bytes()));
        case ONE_COMMITMENT_TOO_FEW ->
            deal.clearCommitments()
                .addAllCommitments(KeyForms.texts(polynomial.commitments()).subList(1, 2));
        case ONE_LETTER_TOO_FEW -> deal.removeShares(0);
        case INFINITE_PUBLIC_KEY -> {
          byte[] infinity = new byte[96];
          infinity[0] = (byte) 0xc0;
          deal.setPublicKey(KeyForms.text(infinity));
        }
        case OTHER_PLAN -> deal.setHashPlan(Signed.hash(plan.toBuilder().setKeyId("x").build()));
        default -> {}
      }
      return this == UNSIGNED ? deal.build() : Signed.by(own, deal.build());
    }

    Function<Member, Member> by(SigningKey own) {
      return honest ->
          new ForwardingMember(honest) {
            @Override
            public DealSharesResponse dealShares(DealSharesRequest request) {
              if (Cheat.this == SILENT) {
                throw silence();
              }
              return DealSharesResponse.newBuilder().setDeal(deal(request.getPlan(), own)).build();
            }
          };
    }
  }

  private static OdapException silence() {
    return new OdapException(ErrorReason.ERROR_REASON_UNAVAILABLE, "silent");
  }

  private Statement statement() {
    return quorum.ledger().stated(TestLedger.transfer(), LedgerStep.LEDGER_STEP_LOCK);
  }

  /** Any enough of the members give the group's one signature. */
  private void assertSigns(String keyId, int from, int to) {
    Statement statement = statement();
    String signature = quorum.collect(keyId, statement).getSignature().getSignature();
    for (int silent = from; silent <= to; silent++) {
      TestMember member = quorum.member(silent);
      member.cheat(honest ->
          new ForwardingMember(honest) {
            @Override
            public SignPartiallyResponse signPartially(SignPartiallyRequest request) {
              throw silence();
            }
          });
      assertThat(quorum.collect(keyId, statement).getSignature().getSignature())
          .isEqualTo(signature);
      member.cheat(Function.identity());
    }
  }

  @Test
  void honestMembersMakeAKeyAndSignWithIt() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    GenerateKeyResponse made = quorum.generate("key");
    assertThat(made.getExcludedList()).isEmpty();
    assertSigns("key", 1, 4);
    assertThat(quorum.generate("key")).isEqualTo(made);
    assertThat(quorum.generate("other").getKey().getPublicKey())
        .isNotEqualTo(made.getKey().getPublicKey());
  }

  @ParameterizedTest
  @EnumSource(
      value = Cheat.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "RIGHT_BUT_OF_ANOTHER_SECRET")
  void whoDealsWronglyIsLeftOut(Cheat cheat) {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    quorum.member(CHEATER).cheat(cheat.by(quorum.member(CHEATER).own()));
    assertThat(quorum.generate("key").getExcludedList()).containsExactly(CHEATER);
    assertSigns("key", 1, 4);
  }

  @ParameterizedTest
  @EnumSource(Cheat.class)
  void whoDealsAKeyAnewWronglyIsLeftOut(Cheat cheat) {
    quorum = new TestQuorum(folder, "ledger-a", 7);
    GroupConfig before = quorum.group(1, 4, 1, 2);
    GroupConfig after = quorum.group(3, 7, 1, 3);
    quorum.start(List.of(before, after), List.of());
    GroupKey old = quorum.generate("old").getKey();
    quorum.member(CHEATER).cheat(cheat.by(quorum.member(CHEATER).own()));

    GenerateKeyResponse made = quorum.reshare("new", "old", after.group());

    assertThat(made.getExcludedList()).containsExactly(CHEATER);
    assertThat(made.getKey().getPublicKey()).isEqualTo(old.getPublicKey());
    assertSigns("new", 3, 7);
  }

  @Test
  void aKeyDealtAnewSignsAsBeforeAndOldSharesAreDestroyed() {
    quorum = new TestQuorum(folder, "ledger-a", 7);
    GroupConfig before = quorum.group(1, 4, 1, 2);
    GroupConfig after = quorum.group(3, 7, 1, 3);
    quorum.start(List.of(before, after), List.of());
    quorum.generate("old");
    Statement statement = statement();
    String signature = quorum.collect("old", statement).getSignature().getSignature();

    assertThat(quorum.reshare("new", "old", after.group()).getExcludedList()).isEmpty();

    assertThat(quorum.collect("new", statement).getSignature().getSignature()).isEqualTo(signature);
    for (int i = 1; i <= 4; i++) {
      Member member = quorum.member(i).reached();
      assertThat(
              TestQuorum.refusal(() ->
                      member.signPartially(
                          SignPartiallyRequest.newBuilder()
                              .setKeyId("old")
                              .setStatement(statement())
                              .build()))
                  .description())
          .contains("dealt anew: new");
    }
  }

  @Test
  void nobodyDealsAKeyToAGroupItsOperatorHasNotNamed() {
    quorum = new TestQuorum(folder, "ledger-a", 6);
    quorum.start(List.of(quorum.group(1, 4, 1, 2)), List.of());
    GroupKey old = quorum.generate("old").getKey();
    KeyPlan plan =
        KeyPlan.newBuilder()
            .setKeyId("stolen")
            .setGroup(quorum.group(5, 6, 0, 1).group())
            .setReshared(old)
            .build();
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_KEY_UNKNOWN,
        () ->
            quorum
                .member(1)
                .reached()
                .dealShares(DealSharesRequest.newBuilder().setPlan(plan).build()));
  }

  @Test
  void whoIsAccusedWronglyShowsTheShareAndStays() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    accuse(4, 1);
    assertThat(quorum.generate("key").getExcludedList()).isEmpty();
    assertSigns("key", 1, 4);
  }

  @Test
  void whoDealsWronglyToOneAndShowsTheRightShareStays() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    SigningKey own = quorum.member(CHEATER).own();
    quorum
        .member(CHEATER)
        .cheat(honest ->
            new ForwardingMember(honest) {
              @Override
              public DealSharesResponse dealShares(DealSharesRequest request) {
                // The honest deal, but for a letter that member 3 can't open.
                Deal deal = super.dealShares(request).getDeal();
                Deal unreadable =
                    deal.toBuilder()
                        .setShares(2, deal.getShares(2).toBuilder().setEncryptedShare("x"))
                        .build();
                return DealSharesResponse.newBuilder().setDeal(Signed.by(own, unreadable)).build();
              }
            });
    assertThat(quorum.generate("key").getExcludedList()).isEmpty();
    assertSigns("key", 1, 4);
  }

  @Test
  void whoMoreComplainOfThanMayBeFaultyIsLeftOutWhateverItShows() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    accuse(3, 1);
    accuse(4, 1);
    assertThat(quorum.generate("key").getExcludedList()).containsExactly(1);
  }

  /** Has a member complain of a dealer without a reason. */
  private void accuse(int member, int dealer) {
    SigningKey own = quorum.member(member).own();
    quorum
        .member(member)
        .cheat(honest ->
            new ForwardingMember(honest) {
              @Override
              public ReceiveDealsResponse receiveDeals(ReceiveDealsRequest request) {
                return super.receiveDeals(request).toBuilder()
                    .addComplaints(complaint(request.getPlan(), member, dealer, own))
                    .build();
              }
            });
  }

  private static Complaint complaint(KeyPlan plan, int member, int dealer, SigningKey by) {
    return Signed.by(
        by,
        Complaint.newBuilder()
            .setHashPlan(Signed.hash(plan))
            .setParticipant(member)
            .setDealer(dealer)
            .build());
  }

  @Test
  void aJustificationThatShowsAnotherShareIsNone() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    SigningKey own = quorum.member(CHEATER).own();
    quorum
        .member(CHEATER)
        .cheat(honest ->
            new ForwardingMember(Cheat.WRONG_TO_ONE.by(own).apply(honest)) {
              @Override
              public JustifyDealResponse justifyDeal(JustifyDealRequest request) {
                Complaint complaint = request.getComplaint();
                byte[] share = Polynomial.random(2, RANDOM).share(3).bytes();
                return JustifyDealResponse.newBuilder()
                    .setJustification(
                        Signed.by(
                            own,
                            Justification.newBuilder()
                                .setHashPlan(complaint.getHashPlan())
                                .setDealer(CHEATER)
                                .setParticipant(complaint.getParticipant())
                                .setShare(KeyForms.text(share))
                                .build()))
                    .build();
              }
            });
    assertThat(quorum.generate("key").getExcludedList()).containsExactly(CHEATER);
    assertSigns("key", 1, 4);
  }

  @Test
  void noShareIsShownOnAForgedComplaint() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    KeyPlan plan = plan();
    deals(plan);
    Complaint forged = complaint(plan, 3, 1, quorum.member(4).own());
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID,
        () ->
            quorum
                .member(1)
                .reached()
                .justifyDeal(
                    JustifyDealRequest.newBuilder().setKeyId("key").setComplaint(forged).build()));
  }

  private KeyPlan plan() {
    return KeyPlan.newBuilder().setKeyId("key").setGroup(quorum.group()).build();
  }

  private List<Deal> deals(KeyPlan plan) {
    return IntStream.rangeClosed(1, plan.getGroup().getParticipantsCount())
        .mapToObj(i -> quorum.member(i).reached())
        .map(member ->
            member.dealShares(DealSharesRequest.newBuilder().setPlan(plan).build()).getDeal())
        .toList();
  }

  private static ReceiveDealsRequest receive(KeyPlan plan, List<Deal> deals) {
    return ReceiveDealsRequest.newBuilder().setPlan(plan).addAllDeals(deals).build();
  }

  private Confirmation concluded(int member, List<Complaint> complaints) {
    return quorum
        .member(member)
        .reached()
        .concludeKey(
            ConcludeKeyRequest.newBuilder().setKeyId("key").addAllComplaints(complaints).build())
        .getConfirmation();
  }

  @Test
  void whoCollectsCanNotTellOneMemberTwoThings() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    KeyPlan plan = plan();
    List<Deal> deals = deals(plan);
    Member member = quorum.member(3).reached();
    member.receiveDeals(receive(plan, deals.subList(0, 3)));
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_STEP_CONFLICT, () -> member.receiveDeals(receive(plan, deals)));
    concluded(3, List.of());
    Complaint late = complaint(plan, 4, 1, quorum.member(4).own());
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_STEP_CONFLICT, () -> concluded(3, List.of(late)));
    KeyPlan other = plan.toBuilder().setReshared(GroupKey.getDefaultInstance()).build();
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_STEP_CONFLICT,
        () -> member.dealShares(DealSharesRequest.newBuilder().setPlan(other).build()));
  }

  @Test
  void whoCollectsCanNotHaveTwoHalvesBelieveInTwoKeys() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    KeyPlan plan = plan();
    List<Deal> deals = deals(plan);
    for (int i = 1; i <= 4; i++) {
      quorum
          .member(i)
          .reached()
          .receiveDeals(receive(plan, i <= 2 ? deals.subList(0, 3) : deals.subList(1, 4)));
    }
    List<Confirmation> all =
        IntStream.rangeClosed(1, 4).mapToObj(i -> concluded(i, List.of())).toList();
    assertThat(all.get(0).getPublicKey()).isNotEqualTo(all.get(3).getPublicKey());
    for (int i = 1; i <= 4; i++) {
      Member member = quorum.member(i).reached();
      TestQuorum.assertRefused(
          ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET,
          () ->
              member.activateKey(
                  ActivateKeyRequest.newBuilder()
                      .setKeyId("key")
                      .addAllConfirmations(all)
                      .build()));
    }
  }

  @Test
  void aComplaintCanNotBeHushedUp() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    quorum.member(CHEATER).cheat(Cheat.WRONG_TO_ONE.by(quorum.member(CHEATER).own()));
    KeyPlan plan = plan();
    List<Deal> deals = deals(plan);
    assertThat(quorum.member(3).reached().receiveDeals(receive(plan, deals)).getComplaintsList())
        .hasSize(1);
    TestQuorum.assertRefused(ErrorReason.ERROR_REASON_SHARE_INVALID, () -> concluded(3, List.of()));
  }

  @Test
  void tooFewWhoDealtMakeNoKeyOfWhichTheFaultyMightKnowAll() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    KeyPlan plan = plan();
    List<Deal> deals = deals(plan);
    TestQuorum.assertRefused(
        ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET,
        () -> quorum.member(3).reached().receiveDeals(receive(plan, deals.subList(0, 2))));
  }

  @Test
  void crashesBetweenAllRoundsChangeNothing() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    for (int i = 1; i <= 4; i++) {
      TestMember member = quorum.member(i);
      member.cheat(ignored -> new RestartingMember(member));
    }
    quorum.generate("key");
    IntStream.rangeClosed(1, 4).forEach(i -> quorum.member(i).cheat(Function.identity()));
    assertSigns("key", 1, 4);
  }

  /** Crashes before each round, and answers each twice alike. */
  private static final class RestartingMember extends ForwardingMember {
    private final TestMember member;

    RestartingMember(TestMember member) {
      super(member.honest());
      this.member = member;
    }

    @Override
    public DealSharesResponse dealShares(DealSharesRequest request) {
      DealSharesResponse first = member.restarted().dealShares(request);
      assertThat(member.restarted().dealShares(request)).isEqualTo(first);
      return first;
    }

    @Override
    public ReceiveDealsResponse receiveDeals(ReceiveDealsRequest request) {
      ReceiveDealsResponse first = member.restarted().receiveDeals(request);
      assertThat(member.restarted().receiveDeals(request)).isEqualTo(first);
      return first;
    }

    @Override
    public ConcludeKeyResponse concludeKey(ConcludeKeyRequest request) {
      var first = member.restarted().concludeKey(request);
      assertThat(member.restarted().concludeKey(request)).isEqualTo(first);
      return first;
    }

    @Override
    public ActivateKeyResponse activateKey(ActivateKeyRequest request) {
      var first = member.restarted().activateKey(request);
      assertThat(member.restarted().activateKey(request)).isEqualTo(first);
      return first;
    }
  }

  @Test
  void whoCollectsGoesOnAfterACrash() {
    quorum = TestQuorum.of(folder, 4, 1, 2);
    for (int i = 3; i <= 4; i++) {
      quorum
          .member(i)
          .cheat(honest ->
              new ForwardingMember(honest) {
                @Override
                public ReceiveDealsResponse receiveDeals(ReceiveDealsRequest request) {
                  throw silence();
                }
              });
    }
    OdapException refusal = TestQuorum.refusal(() -> quorum.generate("key"));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET);
    assertThat(refusal.description()).contains("3=UNAVAILABLE: silent", "4=UNAVAILABLE: silent");
    quorum.restart();
    quorum.member(3).cheat(Function.identity());
    quorum.member(4).cheat(Function.identity());
    // A dealer that is silent now has dealt before: its deal stays.
    quorum.member(1).cheat(Cheat.SILENT.by(quorum.member(1).own()));
    assertThat(quorum.generate("key").getExcludedList()).isEmpty();
    assertSigns("key", 1, 4);
  }
}
