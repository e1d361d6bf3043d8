package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitiateTransferRequest;
import org.odap.api.peer.v1.PeerServiceGrpc;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.Directory;
import org.odap.it.system.Organization;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcChannels;

/**
 * Alpha and delta have never heard of each other but from their directories: no configuration has
 * an address, a certificate or a key of the other's gateways (ARCH 9.3).
 */
@ExtendWith(SharedSystem.class)
@Tag("ARCH-8")
class DirectoryPeersTest {
  @TempDir Path folder;

  @BeforeEach
  void start(StorySystem system) {
    system.startDelta();
  }

  @AfterEach
  void end(StorySystem system) {
    system.endDelta();
  }

  @Test
  void whoMeetInTheDirectoryTransferBothWays(StorySystem system) throws IOException {
    assertThat(settings(system.delta())).doesNotContain("alpha");
    assertThat(settings(system.alpha()))
        .doesNotContain("odapgw://delta", system.delta().entity().certificate().toString());

    Journey there = Journey.ofUnits(system.alpha(), system.delta(), Profile.CASH);
    there
        .order()
        .clearRecipientGateway()
        .clearRecipientDltSystem()
        .clearDestination()
        .clearBeneficiaryPubkey()
        .setBeneficiaryId("payments@delta.example");
    there.begin();
    assertThat(there.senderEnd().getState()).isEqualTo("COMPLETED");
    assertThat(there.beta().holdings("sql-delta", Directory.ACCOUNT)).containsExactly("30 cash");
    there.assertProven();

    // Delta's directory says that alpha is spoken to with JSON over HTTP.
    Journey back = Journey.ofUnits(system.delta(), system.alpha(), Profile.CASH);
    Conditions.await("alpha to be listed", () -> began(back), began -> began);
    back.assertUnitsArrived();
    back.assertProven();
  }

  @Test
  void nobodyIsAPeerByAnotherOrganizationsEntityNorWithAKeyThatIsNotListed(StorySystem system) {
    Identity gateway = new Identity(system.delta().gateway().identity());
    DevelopmentPki zeta = DevelopmentPki.create(folder, "delta.example");
    // The directory vouches for this entity, but as another organization's.
    system.directory(system.alpha()).entity("zeta.example", zeta.entityCertificate());
    TlsFiles listed = system.delta().gatewayFiles(List.of(system.alpha().entity()));
    Conditions.await(
        "the listed gateway to be let in",
        () -> proposing(system.alpha(), listed),
        reason -> reason == ErrorReason.ERROR_REASON_FIELD_MISSING);

    assertThat(
            proposing(
                system.alpha(), zeta.issue(gateway, "impostor", List.of(system.alpha().entity()))))
        .as("another entity's certificate")
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(
            proposing(
                system.alpha(),
                system
                    .delta()
                    .certificate("odapgw", "gateway-2", List.of(system.alpha().entity()))))
        .as("a gateway that is not listed")
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(
            proposing(
                system.alpha(),
                system
                    .delta()
                    .certificate("odapclient", "visitor", List.of(system.alpha().entity()))))
        .as("a client")
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  @Test
  @Tag("2PC-7")
  void aBackupThatTheDirectoryListsTakesOver(StorySystem system) {
    system.start("backup-1-delta");
    try {
      Journey journey = Journey.ofUnits(system.delta(), system.alpha(), Profile.CASH);
      journey.untilOnlyTheLockIsMissing(system);
      system.kill("gateway-delta");
      system.thaw("sql-delta");

      Client backup = new Client(system.delta(), system.delta().backup(1));
      assertThat(backup.awaitEnd(journey.id(), GatewayRole.GATEWAY_ROLE_SENDER).getState())
          .isEqualTo("COMPLETED");
      system.start("gateway-delta");
      journey.assertUnitsArrived();
      assertThat(journey.assertProven().story())
          .extracting(line -> line.act().text())
          .filteredOn(text -> text.contains("a backup takes over"))
          .as("once in each log")
          .hasSize(2);
    } finally {
      system.end("backup-1-delta");
    }
  }

  @Test
  void ofASuspendedVaspOnlyWhatIsUnderWayEnds(StorySystem system) {
    Journey journey = Journey.ofUnits(system.alpha(), system.delta(), Profile.CASH);
    Journey later = Journey.ofUnits(system.alpha(), system.delta(), Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    try {
      system.directory(system.alpha()).status(system.delta(), "suspended");
      OdapException refusal =
          Conditions.await(
              "alpha to hear of the suspension",
              () -> attempt(later),
              last -> last.reason() == ErrorReason.ERROR_REASON_VASP_NOT_ACTIVE);
      assertThat(refusal.description()).contains("suspended");
      system.thaw("sql-alpha");
      journey.assertUnitsArrived();
    } finally {
      system.directory(system.alpha()).status(system.delta(), "active");
    }
  }

  /** Delta asks of nobody but of those it knows from the directory whether they are active. */
  @Test
  void whoIsKnownFromTheDirectoryIsAskedAboutThoughOthersAreNot(StorySystem system) {
    try {
      system.directory(system.delta()).status(system.alpha(), "suspended");
      Journey refused = Journey.ofUnits(system.delta(), system.alpha(), Profile.CASH);
      Conditions.await(
          "delta to hear of the suspension",
          () -> attempt(refused),
          last -> last.reason() == ErrorReason.ERROR_REASON_VASP_NOT_ACTIVE);
    } finally {
      system.directory(system.delta()).status(system.alpha(), "active");
    }
  }

  private static String settings(Organization one) throws IOException {
    return Files.readString(one.accessFile().resolveSibling("gateway.yaml"));
  }

  private static boolean began(Journey journey) {
    return attempt(journey).reason() == ErrorReason.ERROR_REASON_UNSPECIFIED;
  }

  /** The refusal of an order, or a stand-in when it was taken. */
  private static OdapException attempt(Journey journey) {
    try {
      return Client.refusal(() -> journey.begin());
    } catch (AssertionError taken) {
      return new OdapException(ErrorReason.ERROR_REASON_UNSPECIFIED, "taken");
    }
  }

  private static ErrorReason proposing(Organization whom, TlsFiles as) {
    ManagedChannel channel = RpcChannels.channel(whom.gateway(), TlsMaterial.load(as));
    try {
      return Client.reason(() ->
          PeerServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .initiateTransfer(InitiateTransferRequest.getDefaultInstance()));
    } finally {
      channel.shutdownNow();
    }
  }
}
