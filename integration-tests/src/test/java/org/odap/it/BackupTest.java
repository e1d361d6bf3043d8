package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.ListTransfersRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/**
 * A gateway falls silent and another one with its identity goes on with what it left (recovery-01
 * 4.2, primary-backup mode).
 */
@ExtendWith(SharedSystem.class)
class BackupTest {
  /** The lease's time-out in these stories, and the time a take-over may need beyond it. */
  private static final Duration TAKEOVER_MAX = Duration.ofSeconds(3 + 1);

  private final List<String> started = new ArrayList<>();

  @AfterEach
  void endBackups(StorySystem system) {
    started.forEach(system::end);
  }

  @Test
  @Tag("2PC-7")
  void backupOfTheSenderTakesOverBeforeTheCommitPoint(StorySystem system) {
    start(system, "backup-1-alpha");
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);

    system.kill("gateway-alpha");
    assertTakenOverInTime(backup(system, 1), journey.id());
    system.thaw("sql-alpha");

    assertThat(ended(backup(system, 1), journey).getState()).isEqualTo("COMPLETED");
    system.start("gateway-alpha");
    journey.assertUnitsArrived();
    assertProven(journey);
  }

  @Test
  @Tag("2PC-7")
  void backupOfTheSenderTakesOverAfterTheCommitPoint(StorySystem system) {
    start(system, "backup-1-alpha");
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheCreationIsMissing(system);

    system.kill("gateway-alpha");
    assertTakenOverInTime(backup(system, 1), journey.id());
    system.start("sql-beta");

    assertThat(ended(backup(system, 1), journey).getState()).isEqualTo("COMPLETED");
    system.start("gateway-alpha");
    journey.assertUnitsArrived();
    assertProven(journey);
  }

  @Test
  @Tag("2PC-7")
  void backupOfTheRecipientTakesOverWhatItsGatewayIsBoundTo(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheCreationIsMissing(system);
    // Earlier, the session might have been proposed to the backup.
    start(system, "backup-1-beta");

    system.kill("gateway-beta");
    system.start("sql-beta");

    assertThat(journey.senderEnd().getState()).isEqualTo("COMPLETED");
    system.start("gateway-beta");
    journey.assertUnitsArrived();
    assertProven(journey);
  }

  @Test
  @Tag("2PC-7")
  void gatewayThatWakesUpAfterItsBackupTookOverDoesNoHarm(StorySystem system) {
    start(system, "backup-1-alpha");
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);

    system.freeze("gateway-alpha");
    assertTakenOverInTime(backup(system, 1), journey.id());
    system.thaw("gateway-alpha");
    system.thaw("sql-alpha");

    assertThat(ended(backup(system, 1), journey).getState()).isEqualTo("COMPLETED");
    journey.assertUnitsArrived();
    assertProven(journey);
  }

  @Test
  @Tag("2PC-7")
  void ofThreeBackupsOneTakesEachTransfer(StorySystem system) {
    start(system, "backup-1-alpha", "backup-2-alpha", "backup-3-alpha");
    List<Journey> journeys =
        IntStream.range(0, 4).mapToObj(any -> Journey.ofUnits(system, Profile.CASH)).toList();
    system.freeze("sql-alpha");
    for (Journey journey : journeys) {
      journey.begin().awaitSender("LOCKING");
      journey.awaitRecipient("ANNOUNCED");
    }

    system.kill("gateway-alpha");
    system.thaw("sql-alpha");

    for (Journey journey : journeys) {
      assertThat(ended(backup(system, 1), journey).getState()).isEqualTo("COMPLETED");
    }
    system.start("gateway-alpha");
    for (Journey journey : journeys) {
      journey.assertUnitsArrived();
      assertProven(journey);
    }
  }

  private void start(StorySystem system, String... backups) {
    system.startAll(List.of(backups));
    started.addAll(List.of(backups));
  }

  private static Client backup(StorySystem system, int number) {
    return new Client(system.alpha(), system.alpha().backup(number));
  }

  private static Transfer ended(Client gateway, Journey journey) {
    return gateway.awaitEnd(journey.id(), GatewayRole.GATEWAY_ROLE_SENDER);
  }

  /** A gateway lists the transfers that it runs itself. */
  private static void assertTakenOverInTime(Client backup, String id) {
    long from = System.nanoTime();
    List<String> _ =
        Conditions.await(
            "the backup to run the transfer",
            () ->
                backup
                    .gateway()
                    .listTransfers(ListTransfersRequest.getDefaultInstance())
                    .getTransfersList()
                    .stream()
                    .map(Transfer::getTransferId)
                    .toList(),
            ids -> ids.contains(id));
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(TAKEOVER_MAX);
  }

  /** Verified with all certificates, and found out without the backup's. */
  private static void assertProven(Journey journey) {
    EvidenceReport report = journey.assertProven();
    assertThat(report.story())
        .extracting(line -> line.act().text())
        .anySatisfy(text -> assertThat(text).contains("a backup takes over"))
        .as("once in each log")
        .filteredOn(text -> text.contains("a backup takes over"))
        .hasSize(2);

    EvidenceBundle.Builder uncertified = journey.evidence().toBuilder();
    uncertified
        .getLogsBuilderList()
        .forEach(log -> {
          List<String> own = log.getCertificatesList().subList(0, 2);
          List<String> peer = log.getPeerCertificatesList().subList(0, 2);
          List<String> first = List.copyOf(own);
          List<String> second = List.copyOf(peer);
          log.clearCertificates().addAllCertificates(first);
          log.clearPeerCertificates().addAllPeerCertificates(second);
        });
    assertThat(EvidenceVerifier.verify(uncertified.build(), journey.entities()).findings())
        .extracting(finding -> finding.what())
        .anySatisfy(what -> assertThat(what).contains("RECOVER", "certificates vouch for"));
  }
}
