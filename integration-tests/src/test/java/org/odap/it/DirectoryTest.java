package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTravelRuleDataResponse;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.resource.v1.GetTravelRuleDataRequest;
import org.odap.api.resource.v1.OffDltResourceServiceGrpc;
import org.odap.core.access.Permission;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.Directory;
import org.odap.it.system.Organization;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.runtime.rpc.OdapException;

/** Transfers with what lies outside any ledger: VASPs, beneficiaries, travel-rule data (ARCH 6). */
@ExtendWith(SharedSystem.class)
class DirectoryTest {
  /** Stands nowhere else. */
  private static final String SURNAME = "Quenstedt-Ypsilanti";

  private static final String BIRTHDAY = "1931-02-13";

  @Test
  @Tag("ARCH-4")
  void travelRuleDataReachBothArchivesAndNothingElse(StorySystem system) throws IOException {
    Journey journey = Journey.ofUnits(system, Profile.WIRE);
    journey.order().setTravelRule(data(system, journey.origin(), journey.destination()));
    journey.begin();
    journey.assertUnitsArrived();

    String sent = archived(system.alpha(), journey.id());
    assertThat(archived(system.beta(), journey.id())).isEqualTo(sent);
    assertThat(sent.split("\\.", -1)).hasSize(5);
    GetTravelRuleDataResponse there = read(journey.beta(), journey.id());
    assertThat(there.getPayload()).isEqualTo(sent);
    assertThat(there.getDocument()).as("only the recipient can read it").contains(SURNAME);
    GetTravelRuleDataResponse here = read(journey.alpha(), journey.id());
    assertThat(here.getPayload()).isEqualTo(sent);
    assertThat(here.getDocument()).isEmpty();
    assertThat(lines(system.beta(), "resources-data/access.log"))
        .as("the gateway's reading is on record")
        .anyMatch(line ->
            line.contains(journey.id()) && line.contains("odapgw") && line.contains("read"));
    // The same order again is the same transfer, though its data are encrypted anew.
    assertThat(journey.alpha().start(journey.order().build())).isEqualTo(journey.id());

    assertThat(journey.alpha().evidence(journey.id()).toString())
        .contains(sent)
        .doesNotContain(SURNAME, BIRTHDAY);
    assertThat(filesWith(system.folder(), SURNAME)).isEmpty();
    assertThat(filesWith(system.folder(), BIRTHDAY)).isEmpty();
    // The search finds what is there.
    assertThat(filesWith(system.folder(), journey.id())).isNotEmpty();
  }

  @Test
  @Tag("ARCH-4")
  void whoMaySeeATransferMayNotReadItsData(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.WIRE);
    journey.order().setTravelRule(data(system, journey.origin(), journey.destination()));
    journey.begin();
    journey.assertUnitsArrived();
    Journey without = Journey.ofUnits(system, Profile.CASH).begin();
    without.assertUnitsArrived();
    ManagedChannel clerk = system.beta().gatewayAs("clerk");
    try {
      system.beta().allowClerk(Permission.VIEW);
      assertThat(awaited(clerk, journey.id(), ErrorReason.ERROR_REASON_PERMISSION_DENIED))
          .doesNotContain(SURNAME);
      system.beta().allowClerk(Permission.READ_TRAVEL_RULE);
      assertThat(awaited(clerk, journey.id(), ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN))
          .as("who may not see the transfer is told of none")
          .contains("no transfer");
    } finally {
      clerk.shutdownNow();
      system.beta().allowClerk();
    }
    assertThat(Client.refusal(() -> read(without.beta(), without.id())).description())
        .contains("no travel-rule data");
  }

  /** What a clerk is told once the rules are in force. */
  private static String awaited(ManagedChannel clerk, String transfer, ErrorReason reason) {
    return Conditions.await(
            "the rules to be in force",
            () ->
                Client.refusal(() ->
                    TransferServiceGrpc.newBlockingStub(clerk)
                        .getTravelRuleData(
                            org.odap.api.client.v1.GetTravelRuleDataRequest.newBuilder()
                                .setTransferId(transfer)
                                .build())),
            refusal -> refusal.reason() == reason)
        .description();
  }

  @Test
  @Tag("ARCH-4")
  void withoutItsDataOrWithOtherPeoplesATransferIsNotOrdered(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.WIRE);
    OdapException none = Client.refusal(() -> journey.begin());
    assertThat(none.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_MISSING);

    journey.order().setTravelRule(data(system, "somebody", journey.destination()));
    OdapException others = Client.refusal(() -> journey.begin());
    assertThat(others.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(others.description()).contains("originator").doesNotContain(SURNAME);
    journey.assertNothingMoved();
  }

  @Test
  @Tag("ARCH-8")
  void aBeneficiaryIsFoundByName(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    journey
        .order()
        .clearRecipientGateway()
        .clearRecipientDltSystem()
        .clearDestination()
        .clearBeneficiaryPubkey()
        .setBeneficiaryId(Directory.BENEFICIARY);
    journey.begin();

    assertThat(journey.senderEnd().getState()).isEqualTo("COMPLETED");
    assertThat(journey.senderEnd().getDestination()).isEqualTo(Directory.ACCOUNT);
    assertThat(journey.beta().holdings("sql-beta", Directory.ACCOUNT))
        .contains("titles/" + journey.order().getAsset().getAssetId());
    assertThat(journey.alpha().start(journey.order().build())).isEqualTo(journey.id());

    Journey nobody = Journey.ofUnique(system, Profile.TITLE);
    nobody
        .order()
        .clearRecipientGateway()
        .clearRecipientDltSystem()
        .clearDestination()
        .clearBeneficiaryPubkey()
        .setBeneficiaryId("nobody@beta.example");
    assertThat(Client.refusal(() -> nobody.begin()).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_ACCOUNT_INVALID);
  }

  @Test
  @Tag("ARCH-3")
  @Tag("ODAP-21")
  void aSuspendedVaspIsRefusedOnBothSides(StorySystem system) {
    try {
      system.directory(system.alpha()).status(system.beta(), "suspended");
      Journey refused = Journey.ofUnique(system, Profile.TITLE);
      OdapException refusal =
          Conditions.await(
              "alpha to hear of the suspension",
              () -> attempt(refused),
              last -> last.reason() == ErrorReason.ERROR_REASON_VASP_NOT_ACTIVE);
      assertThat(refusal.description()).contains("suspended");
    } finally {
      system.directory(system.alpha()).status(system.beta(), "active");
    }
    try {
      system.directory(system.beta()).status(system.alpha(), "suspended");
      Conditions.await(
          "beta to hear of the suspension",
          () -> {
            Journey journey = Journey.ofUnique(system, Profile.TITLE);
            Conditions.await(
                "alpha to hear that beta is active again", () -> began(journey), began -> began);
            return journey.alpha().awaitEnd(journey.id(), GatewayRole.GATEWAY_ROLE_SENDER);
          },
          end ->
              end.getOutcome() == TransferOutcome.TRANSFER_OUTCOME_REFUSED
                  && end.getDescription().contains("suspended"));
    } finally {
      system.directory(system.beta()).status(system.alpha(), "active");
    }
    Conditions.await(
        "all to be well again",
        () -> {
          Journey journey = Journey.ofUnique(system, Profile.TITLE).begin();
          return journey.senderEnd().getOutcome();
        },
        end -> end == TransferOutcome.TRANSFER_OUTCOME_COMPLETED);
  }

  @Test
  @Tag("ODAP-21")
  void withoutDirectoryTransfersGoOnButNoneBegin(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    Journey probe = Journey.ofUnits(system, Profile.CASH);
    Journey later = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    system.kill("resources-alpha");
    system.kill("resources-beta");
    system.thaw("sql-alpha");
    journey.assertUnitsArrived();

    OdapException refusal =
        Conditions.await(
            "what alpha has heard to be too old",
            () -> attempt(probe),
            last -> last.reason() == ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(refusal.description()).contains("resource server");
    system.heal();
    Conditions.await("the directory to be heard again", () -> began(later), began -> began);
    later.assertUnitsArrived();
  }

  /** The refusal of an order, or a stand-in when it was taken: its key is then used up. */
  private static OdapException attempt(Journey journey) {
    try {
      return Client.refusal(() -> journey.begin());
    } catch (AssertionError taken) {
      journey.order().setRequestId("again-" + Client.number());
      return new OdapException(ErrorReason.ERROR_REASON_UNSPECIFIED, "taken");
    }
  }

  private static boolean began(Journey journey) {
    return attempt(journey).reason() == ErrorReason.ERROR_REASON_UNSPECIFIED;
  }

  private static GetTravelRuleDataResponse read(Client client, String transfer) {
    return client
        .gateway()
        .getTravelRuleData(
            org.odap.api.client.v1.GetTravelRuleDataRequest.newBuilder()
                .setTransferId(transfer)
                .build());
  }

  private static List<String> lines(Organization one, String file) throws IOException {
    return Files.readAllLines(one.accessFile().resolveSibling(file));
  }

  private static String archived(Organization one, String transfer) {
    return OffDltResourceServiceGrpc.newBlockingStub(one.channel(one.resourceServer()))
        .getTravelRuleData(GetTravelRuleDataRequest.newBuilder().setTransferId(transfer).build())
        .getPayload();
  }

  private static List<Path> filesWith(Path folder, String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(file -> contains(file, text)).toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException gone) {
      // Databases remove files while they run; what they keep is in another one.
      return false;
    }
  }

  private static String data(StorySystem system, String origin, String destination) {
    return """
    {"originator": {"originatorPersons": [{"naturalPerson": {
        "name": {"nameIdentifier": [{"primaryIdentifier": "%s", "nameIdentifierType": "LEGL"}]},
        "dateAndPlaceOfBirth": {"dateOfBirth": "%s", "placeOfBirth": "Tuebingen"}}}],
      "accountNumber": ["%s"]},
     "beneficiary": {"beneficiaryPersons": [{"naturalPerson": {
        "name": {"nameIdentifier": [{"primaryIdentifier": "%s", "nameIdentifierType": "LEGL"}]}}}],
      "accountNumber": ["%s"]},
     "originatingVASP": {"originatingVASP": %s},
     "beneficiaryVASP": {"beneficiaryVASP": %s}}
    """
        .formatted(
            SURNAME,
            BIRTHDAY,
            origin,
            SURNAME,
            destination,
            vasp(system.alpha()),
            vasp(system.beta()));
  }

  private static String vasp(Organization one) {
    return """
    {"legalPerson": {"name": {"nameIdentifier": [{"legalPersonName": "Bank %s",
      "legalPersonNameIdentifierType": "LEGL"}]},
      "nationalIdentification": {"nationalIdentifier": "%s", "nationalIdentifierType": "LEIX"}}}\
    """
        .formatted(one.name(), one.vasp());
  }
}
