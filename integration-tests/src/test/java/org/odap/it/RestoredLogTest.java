package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.ResolveTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.OdapCommand;
import org.odap.it.system.OdapCommand.Result;
import org.odap.it.system.Organization;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** The disk of a log service is lost, and a backup takes its place that knows less. */
@ExtendWith(SharedSystem.class)
class RestoredLogTest {
  private static Result odap(StorySystem system, String... arguments) {
    Result result = OdapCommand.run(system.folder().resolve("odap-log.out"), arguments);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result;
  }

  private static void backUp(StorySystem system, Organization side) {
    assertThat(
            odap(system, "log", "backup", "--log-profile", side.logProfile().toString()).output())
        .startsWith("generation ");
  }

  /** As the documents tell an operator to. */
  private static void loseTheDiskAndRestore(
      StorySystem system, Organization side, String log, Runnable beforeTheGateway)
      throws IOException {
    system.kill("gateway-" + side.name());
    system.kill("log-" + side.name());
    try (Stream<Path> files = Files.walk(side.logData())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(
            odap(
                    system,
                    "log",
                    "restore",
                    "--from",
                    side.logBackups().toString(),
                    "--to",
                    side.logData().toString())
                .output())
        .contains("what was acknowledged after that moment is not in it", log);
    assertThat(odap(system, "log", "verify", side.logData().toString()).output())
        .endsWith("whole\n");
    beforeTheGateway.run();
    system.startAll(List.of("log-" + side.name(), "gateway-" + side.name()));
    assertThat(odap(system, "log", "held", "--log-profile", side.logProfile().toString()).output())
        .contains(log);
  }

  private static void release(StorySystem system, Organization side, String log) {
    assertThat(
            odap(system, "log", "release", log, "--log-profile", side.logProfile().toString())
                .output())
        .contains("released " + log);
  }

  @Test
  @Tag("OURS-8")
  void transferThatStoodStillSinceTheBackupGoesOnOnceItIsReleased(StorySystem system)
      throws IOException {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    backUp(system, system.alpha());
    String log = journey.id() + "/sender";

    loseTheDiskAndRestore(system, system.alpha(), log, () -> system.thaw("sql-alpha"));
    release(system, system.alpha(), log);

    journey.assertUnitsArrived();
  }

  @Test
  @Tag("OURS-8")
  void sendersLogThatForgotTheEndMovesNothingTwice(StorySystem system) throws IOException {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    backUp(system, system.alpha());
    String log = journey.id() + "/sender";
    system.thaw("sql-alpha");
    journey.assertUnitsArrived();

    loseTheDiskAndRestore(system, system.alpha(), log, () -> {});
    assertThat(journey.awaitSender("LOCKING").getState()).isEqualTo("LOCKING");
    release(system, system.alpha(), log);

    // Ledgers and peer answer each step as they did the first time.
    assertThat(journey.senderEnd().getState()).isEqualTo("COMPLETED");
    assertThat(journey.atOrigin()).containsExactly("70 cash");
    assertThat(journey.atDestination()).containsExactly("30 cash");
  }

  @Test
  @Tag("OURS-8")
  void recipientsLogThatForgotWhatItSaidDoesNothingMore(StorySystem system) throws IOException {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    backUp(system, system.beta());
    String log = journey.id() + "/recipient";
    system.kill("sql-beta");
    system.thaw("sql-alpha");
    journey.awaitRecipient("CREATING");
    journey.awaitSender("COMMITTING");

    loseTheDiskAndRestore(system, system.beta(), log, () -> system.start("sql-beta"));
    release(system, system.beta(), log);

    assertThat(disputed(journey.beta(), journey, GatewayRole.GATEWAY_ROLE_RECIPIENT))
        .contains("this gateway's log lacks its own LOCK_EVIDENCE_ACK");
    assertThat(disputed(journey.alpha(), journey, GatewayRole.GATEWAY_ROLE_SENDER)).isNotEmpty();
    assertThat(journey.atOrigin()).containsExactly("70 cash");
    assertThat(journey.atDestination()).isEmpty();
    resolve(journey.beta(), journey, GatewayRole.GATEWAY_ROLE_RECIPIENT);
    resolve(journey.alpha(), journey, GatewayRole.GATEWAY_ROLE_SENDER);
  }

  /** Waits until a side does nothing more because the logs disagree; gives why it says so. */
  private static String disputed(Client side, Journey journey, GatewayRole role) {
    return Conditions.await(
            "a dispute", () -> side.transfer(journey.id(), role), Transfer::getDisputed)
        .getDescription();
  }

  private static void resolve(Client side, Journey journey, GatewayRole role) {
    assertThat(
            side.gateway()
                .resolveTransfer(
                    ResolveTransferRequest.newBuilder()
                        .setTransferId(journey.id())
                        .setRole(role)
                        .setReason("to be settled by hand")
                        .build())
                .getTransfer()
                .getState())
        .isEqualTo("RESOLVED");
  }
}
