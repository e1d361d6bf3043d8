package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.Signer;
import org.odap.core.envelope.TestKeys;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.TwoGateways.Way;

/** What backups have signed is evidence too. */
@Tag("ARCH-6")
@Tag("2PC-7")
class EvidenceOfTakeoversTest {
  private static final Signer BACKUP = TestKeys.STRANGER;
  private static final Set<String> BACKUPS = Set.of(BACKUP.publicKey());

  /** An answer of phase 1 has no place for the key of the backup that gave it. */
  @Test
  void holdsWhenABackupAnswersTheProposal() {
    TwoGateways gateways = Places.ordered(Mood.ASKS_APPROVER);
    gateways.send(Role.SENDER, Way.OPEN);
    assertThat(gateways.recipient().transfer().awaitsDecision()).isTrue();

    gateways.takeOver(Role.RECIPIENT, BACKUP);
    gateways.send(Role.RECIPIENT, Way.OPEN);
    gateways.send(Role.RECIPIENT, Way.OPEN);
    gateways.take(Role.RECIPIENT, new Input.Approved("approver"));
    gateways.run();

    completed(gateways, Map.of(Role.SENDER, Set.of(), Role.RECIPIENT, BACKUPS));
  }

  /** The replica that was named is gone before it took the proposal. */
  @Test
  void holdsWhenABackupTakesTheProposal() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.replace(Role.RECIPIENT, Bargain.backup(Mood.AGREES));
    gateways.run();

    completed(gateways, Map.of(Role.SENDER, Set.of(), Role.RECIPIENT, BACKUPS));
  }

  /** Both replicas that the proposal was between are gone. */
  @Test
  void holdsWhenABackupTakesWhatABackupBrings() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.takeOver(Role.SENDER, TestKeys.OTHER_STRANGER);
    gateways.replace(Role.RECIPIENT, Bargain.backup(Mood.AGREES));
    gateways.run();

    completed(
        gateways,
        Map.of(Role.SENDER, Set.of(TestKeys.OTHER_STRANGER.publicKey()), Role.RECIPIENT, BACKUPS));
  }

  /**
   * The peer never heard of the backup itself, but of the primary that took over from it in its
   * turn; and then it has taken over once more, and speaks before that is heard.
   */
  @Test
  void holdsWhenThePrimaryHasSpokenForABackup() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.takeOver(Role.SENDER, BACKUP);
    gateways.takeOver(Role.SENDER, TestKeys.SENDER);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.send(Role.SENDER, Way.ANSWER_LOST);
    gateways.takeOver(Role.SENDER, TestKeys.SENDER);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.crash(Role.RECIPIENT);
    gateways.restart(Role.RECIPIENT);
    gateways.send(Role.RECIPIENT, Way.OPEN);
    gateways.takeOver(Role.SENDER, BACKUP);
    gateways.send(Role.RECIPIENT, Way.OPEN);
    gateways.run();

    completed(gateways, Map.of(Role.SENDER, BACKUPS, Role.RECIPIENT, Set.of()));
  }

  private static void completed(TwoGateways gateways, Map<Role, Set<String>> backups) {
    Transfer sender = gateways.sender().transfer();
    Transfer recipient = gateways.recipient().transfer();
    assertThat(sender.state()).isEqualTo(SenderState.COMPLETED);
    assertThat(recipient.state()).isEqualTo(RecipientState.COMPLETED);
    assertThat(new EndEvidence(Messages.frame(), backups).fault(sender, recipient)).isEmpty();
  }
}
