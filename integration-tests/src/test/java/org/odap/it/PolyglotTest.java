package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.it.system.Conditions;
import org.odap.it.system.OdapCommand.Result;
import org.odap.it.system.Organization;
import org.odap.it.system.PolyglotClient;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.runtime.identity.TlsFiles;

/**
 * Clients in other languages, which have nothing of ours but the published schemas and documents,
 * run transfers and verify what both gateways recorded.
 */
@ExtendWith(SharedSystem.class)
@Tag("CARD-6")
@Tag("CARD-2")
class PolyglotTest {
  private static final Pattern TRANSFER = Pattern.compile("^transfer (\\S+)$", Pattern.MULTILINE);

  @ParameterizedTest
  @EnumSource
  void runsATransferAndVerifiesItsEvidence(PolyglotClient client, StorySystem system)
      throws IOException {
    Path folder = folder();
    Path evidence = folder.resolve("evidence.json");
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    List<String> arguments = arguments(system, journey);
    arguments.addAll(List.of("--asset-id", journey.order().getAsset().getAssetId()));
    arguments.addAll(List.of("--out", evidence.toString()));

    Result transfer = client.run(folder.resolve("transfer.out"), "transfer", arguments);

    assertThat(transfer.output())
        .containsSubsequence(
            "transfer ",
            "sender    p2.3 done-lock\n",
            "sender    p3.3 done-lock-final\n",
            "sender    COMPLETED\n",
            "recipient p3.5 done-create\n",
            "recipient COMPLETED\n",
            "The evidence holds: COMPLETED.");
    assertThat(transfer.exitCode()).isZero();
    journey.begun(id(transfer)).assertUniqueArrived();
    eachVerifierTakesItAndRefusesItTouched(system, folder, evidence);
  }

  @ParameterizedTest
  @EnumSource
  void showsATransferThatIsRolledBackAndProvesThatToo(PolyglotClient client, StorySystem system)
      throws IOException {
    Path folder = folder();
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    List<String> arguments = arguments(system, journey);
    arguments.addAll(List.of("--amount", "101"));

    Result transfer = client.run(folder.resolve("transfer.out"), "transfer", arguments);

    assertThat(transfer.output())
        .contains("expected: at least 101", "The evidence holds: ROLLED_BACK.");
    assertThat(transfer.exitCode()).isEqualTo(1);
    journey.begun(id(transfer)).assertNothingMoved();
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWhereItWasWhenItsGatewayHasBeenAway(PolyglotClient client, StorySystem system)
      throws IOException {
    Path folder = folder();
    Path output = folder.resolve("transfer.out");
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    List<String> arguments = arguments(system, journey);
    arguments.addAll(List.of("--amount", "30"));
    system.freeze("sql-alpha");
    CompletableFuture<Result> running =
        // Not in the common pool: with few processors that has one thread, which the kill waits
        // for.
        CompletableFuture.supplyAsync(
            () -> client.run(output, "transfer", arguments), Thread::startVirtualThread);
    Conditions.await(
        "the client to see that its ledger is asked",
        () -> written(output),
        text -> text.contains("exec-lock\n") || running.isDone());

    system.kill("gateway-alpha");
    system.thaw("sql-alpha");
    system.start("gateway-alpha");

    Result transfer = running.join();
    assertThat(transfer.output())
        .containsOnlyOnce("sender    p2.3 exec-lock\n")
        .containsOnlyOnce("sender    p2.3 done-lock\n")
        .contains("The evidence holds: COMPLETED.");
    assertThat(transfer.exitCode()).isZero();
    journey.begun(id(transfer)).assertUnitsArrived();
  }

  private static String written(Path output) {
    try {
      return Files.exists(output) ? Files.readString(output) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void followsATransferOverHttpAndJsonToItsEnd(PolyglotClient client, StorySystem system)
      throws IOException {
    Path folder = folder();
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();

    Result sender =
        client.run(
            folder.resolve("sender.out"), "watch", watching(system.alpha(), journey, "sender"));
    assertThat(sender.output())
        .containsSubsequence(
            "now ",
            "sender    p1.1 init-transfer\n",
            "sender    p3.3 done-lock-final\n",
            "sender    p3.9 ack-transfer-complete\n",
            "ended COMPLETED\n");
    assertThat(sender.exitCode()).isZero();

    Result recipient =
        client.run(
            folder.resolve("recipient.out"),
            "watch",
            watching(system.beta(), journey, "recipient"));
    assertThat(recipient.output())
        .containsSubsequence("recipient p3.5 done-create\n", "ended COMPLETED\n");
    assertThat(recipient.exitCode()).isZero();
    journey.assertUnitsArrived();
  }

  @ParameterizedTest
  @EnumSource
  void isToldOverHttpWhatIsNotThere(PolyglotClient client, StorySystem system) throws IOException {
    Journey nowhere =
        Journey.ofUnits(system, Profile.CASH).begun("0b6a3c1e-0000-4b1e-9a51-000000000000");

    Result refused =
        client.run(
            folder().resolve("watch.out"), "watch", watching(system.alpha(), nowhere, "sender"));

    assertThat(refused.output()).contains("404", "TRANSFER_UNKNOWN");
    assertThat(refused.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void talksToNoOtherServerThanTheGatewayNamed(PolyglotClient client, StorySystem system)
      throws IOException {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    List<String> arguments = arguments(system, journey);
    arguments.addAll(List.of("--amount", "30", "--identity", "odapgw://alpha.example/gateway-2"));

    Result transfer = client.run(folder().resolve("transfer.out"), "transfer", arguments);

    assertThat(transfer.output()).contains("odapgw://alpha.example/gateway-2");
    assertThat(transfer.exitCode()).isEqualTo(2);
    journey.assertNothingMoved();
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithThePublishedTestVectors(PolyglotClient client) throws IOException {
    Result tests = client.runOwnTests(folder().resolve("tests.out"));

    assertThat(tests.exitCode()).as(tests.output()).isZero();
    assertThat(tests.output()).contains("values made canonical");
  }

  private static void eachVerifierTakesItAndRefusesItTouched(
      StorySystem system, Path folder, Path evidence) throws IOException {
    Path touched = folder.resolve("touched.json");
    String text = Files.readString(evidence);
    String other = text.replaceFirst("\"final\": true", "\"final\": false");
    assertThat(other).isNotEqualTo(text);
    Files.writeString(touched, other);
    for (PolyglotClient verifier : PolyglotClient.values()) {
      Result holds = verify(verifier, folder, evidence, system.alpha(), system.beta());
      assertThat(holds.output()).contains("The evidence holds: COMPLETED.");
      assertThat(holds.exitCode()).isZero();

      Result refused = verify(verifier, folder, touched, system.alpha(), system.beta());
      assertThat(refused.output()).contains("NOT chain: ", "The evidence does not hold");
      assertThat(refused.exitCode()).isEqualTo(1);

      Result unknown = verify(verifier, folder, evidence, system.alpha(), system.gamma());
      assertThat(unknown.output()).contains("NOT certificate: recipient: ");
      assertThat(unknown.exitCode()).isEqualTo(1);
    }
  }

  private static Result verify(
      PolyglotClient verifier, Path folder, Path evidence, Organization... known)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(evidence.toString()));
    for (Organization one : known) {
      arguments.add("--trust");
      arguments.add(one.entity().organization() + "=" + one.entity().certificate());
    }
    return verifier.run(Files.createTempFile(folder, "verify-", ".out"), "verify", arguments);
  }

  private static List<String> arguments(StorySystem system, Journey journey) {
    List<String> arguments = new ArrayList<>();
    addConnection(arguments, "--", system.alpha());
    addConnection(arguments, "--peer-", system.beta());
    arguments.addAll(List.of("--from", journey.order().getSenderDltSystem()));
    arguments.addAll(List.of("--to", journey.order().getRecipientDltSystem()));
    arguments.addAll(List.of("--asset-profile", journey.order().getAssetProfileId()));
    arguments.addAll(List.of("--origin", journey.origin()));
    arguments.addAll(List.of("--destination", journey.destination()));
    return arguments;
  }

  private static List<String> watching(Organization own, Journey journey, String role) {
    List<String> arguments = new ArrayList<>(List.of(journey.id(), "--role", role));
    arguments.addAll(List.of("--edge", own.gatewayEdge().toString()));
    addIdentities(arguments, "--", own);
    return arguments;
  }

  private static void addConnection(List<String> arguments, String prefix, Organization own) {
    arguments.addAll(List.of(prefix + "gateway", own.gateway().address()));
    addIdentities(arguments, prefix, own);
  }

  private static void addIdentities(List<String> arguments, String prefix, Organization own) {
    TlsFiles tls = own.certificate("odapclient", "treasury", List.of());
    arguments.addAll(List.of(prefix + "identity", own.gateway().identity()));
    arguments.addAll(List.of(prefix + "ca", own.entity().certificate().toString()));
    arguments.addAll(List.of(prefix + "cert", tls.certificate().toString()));
    arguments.addAll(List.of(prefix + "key", tls.key().toString()));
  }

  private static String id(Result transfer) {
    Matcher found = TRANSFER.matcher(transfer.output());
    assertThat(found.find()).as(transfer.output()).isTrue();
    return found.group(1);
  }

  /** Files stay there for who wants to know why a client failed; the next clean removes them. */
  private static Path folder() throws IOException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    return Files.createTempDirectory(Files.createDirectories(target), "polyglot-");
  }
}
