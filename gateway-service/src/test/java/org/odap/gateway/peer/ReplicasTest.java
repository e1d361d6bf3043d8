package org.odap.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.Rollback;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.session.Role;
import org.odap.runtime.rpc.OdapException;

/** Which of a gateway's replicas is asked, and what counts as its answer (recovery-01 4.2). */
@Timeout(20)
class ReplicasTest {
  private static final OdapMessage REQUEST = OdapMessage.of(Rollback.getDefaultInstance());

  private final FakeReplica primary = new FakeReplica("primary");
  private final FakeReplica backup = new FakeReplica("backup");
  private final Replicas replicas = new Replicas(List.of(primary.replica(), backup.replica()));

  @AfterEach
  void close() {
    primary.close();
    backup.close();
  }

  private String answerer(String pubkey) {
    return replicas.send(REQUEST, Role.SENDER, pubkey).serverPubkey();
  }

  private OdapException refusal(String pubkey) {
    return catchThrowableOfType(
        OdapException.class, () -> replicas.send(REQUEST, Role.SENDER, pubkey));
  }

  @Test
  @Tag("2PC-7")
  void replicaWhoseKeyTheSessionHasIsAskedFirst() {
    assertThat(answerer("backup")).isEqualTo("backup");
    assertThat(primary.timesAsked()).isZero();
    assertThat(answerer("primary")).isEqualTo("primary");
    assertThat(answerer("nobody's key")).isEqualTo("primary");
  }

  @Test
  @Tag("2PC-7")
  void oneThatDoesNotRunTheSessionIsPassedOver() {
    primary.refuses(ErrorReason.ERROR_REASON_UNAVAILABLE);

    assertThat(answerer("primary")).isEqualTo("backup");
    assertThat(primary.timesAsked()).isEqualTo(1);
  }

  @Test
  @Tag("2PC-7")
  void oneThatIsGoneIsPassedOver() throws InterruptedException {
    primary.end();

    assertThat(answerer("primary")).isEqualTo("backup");
  }

  @Test
  @Tag("2PC-7")
  void anyOtherRefusalIsTheGateways() {
    primary.refuses(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);
    assertThat(refusal("primary").reason()).isEqualTo(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);

    primary.refuses(ErrorReason.ERROR_REASON_TOO_EARLY);
    assertThat(refusal("primary").reason()).isEqualTo(ErrorReason.ERROR_REASON_TOO_EARLY);
    assertThat(backup.timesAsked()).isZero();
  }

  @Test
  @Tag("2PC-7")
  void whenNoneAnswersTheOneThatOughtToSaysWhy() {
    primary.refuses(ErrorReason.ERROR_REASON_UNAVAILABLE);
    backup.refuses(ErrorReason.ERROR_REASON_UNAVAILABLE);

    assertThat(refusal("primary").description()).contains("primary can't answer");
    assertThat(refusal("backup").description()).contains("backup can't answer");
    assertThat(primary.timesAsked()).isEqualTo(2);
    assertThat(backup.timesAsked()).isEqualTo(2);
  }

  /** It takes only what is proposed to itself; the one that is away will be back. */
  @Test
  @Tag("2PC-7")
  void anotherReplicaThatRefusesAProposalForItsKeyDoesNotSpeakForTheGateway() {
    primary.refuses(ErrorReason.ERROR_REASON_UNAVAILABLE);
    backup.refuses(ErrorReason.ERROR_REASON_KEY_WRONG);

    assertThat(refusal("primary").reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(refusal("backup").reason()).isEqualTo(ErrorReason.ERROR_REASON_KEY_WRONG);
  }

  /** A frozen replica neither answers nor breaks the connection. */
  @Test
  @Tag("2PC-7")
  void takeoverEndsTheWaitForTheOthers() throws InterruptedException {
    primary.keepsSilent();
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> answerer("primary"));
    primary.awaitAsked();
    assertThat(answer).isNotDone();

    replicas.tookOver("backup");

    assertThat(answer.join()).isEqualTo("backup");
  }

  @Test
  @Tag("2PC-7")
  void takeoverDoesNotEndTheWaitForWhoTookOver() throws InterruptedException {
    backup.keepsSilent();
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> answerer("backup"));
    backup.awaitAsked();

    replicas.tookOver("backup");
    backup.speaks();

    assertThat(answer.join()).isEqualTo("backup");
    assertThat(primary.timesAsked()).isZero();
  }

  @Test
  @Tag("2PC-7")
  @Tag("OURS-8")
  void newSessionsAreProposedToEachReplicaInTurn() {
    assertThat(proposedTo(6))
        .containsExactlyInAnyOrder("primary", "backup", "primary", "backup", "primary", "backup");
  }

  private List<String> proposedTo(int sessions) {
    return IntStream.range(0, sessions).mapToObj(any -> replicas.pubkey()).toList();
  }

  /** A frozen replica is connected all the same. */
  @Test
  @Tag("2PC-7")
  void oneThatDidNotAnswerIsPassedOverUntilItAnswers() {
    primary.refuses(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(answerer("primary")).isEqualTo("backup");
    assertThat(proposedTo(4)).containsOnly("backup");

    // A refusal that is the gateway's is an answer.
    primary.refuses(ErrorReason.ERROR_REASON_SESSION_UNKNOWN);
    assertThat(refusal("primary").reason()).isEqualTo(ErrorReason.ERROR_REASON_SESSION_UNKNOWN);
    assertThat(proposedTo(4)).contains("primary", "backup");
  }

  @Test
  @Tag("2PC-7")
  void whenNoneCanBeConnectedToThePrimaryIsProposedToAndSaysWhy() throws InterruptedException {
    primary.end();
    backup.end();
    assertThat(proposedTo(3)).containsOnly("primary");
  }

  @Test
  @Tag("2PC-7")
  void whenNoneAnsweredLastAllHaveTheirTurns() {
    primary.refuses(ErrorReason.ERROR_REASON_UNAVAILABLE);
    backup.refuses(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(refusal("primary").reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);

    assertThat(proposedTo(4)).contains("primary", "backup");
  }

  @Test
  @Tag("2PC-7")
  void whenNoneCanBeConnectedToItIsProposedAllTheSame() throws InterruptedException {
    primary.end();
    backup.end();

    assertThat(replicas.pubkey()).isIn("primary", "backup");
  }

  @Test
  @Tag("2PC-7")
  void newSessionIsNotProposedToAReplicaThatCanNotBeConnectedTo() throws InterruptedException {
    primary.end();
    assertThat(proposedTo(4)).containsOnly("backup");
  }
}
