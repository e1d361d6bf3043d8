package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.odap.api.client.v1.GatewayRole.GATEWAY_ROLE_RECIPIENT;
import static org.odap.api.client.v1.GatewayRole.GATEWAY_ROLE_SENDER;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_ATTESTATION_REFUSED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_ATTESTATION_REQUIRED;
import static org.odap.cli.system.AttestedMachine.IN_ORDER;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.cli.demo.LedgerAccess;
import org.odap.cli.evidence.EvidenceFile;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.AttestedMachine;
import org.odap.cli.system.Attesting;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.core.evidence.EvidenceBundles;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.OdapCommand;
import org.odap.it.system.RelayingGateway;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TrustedOrganization;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.tpm.Measurement;

/**
 * Gateways on machines with TPMs deal with each other only while these prove that they are in
 * order.
 */
@Tag("ARCH-2")
@Tag("IT-8")
class AttestationTest {
  private static final Duration START_MAX = Duration.ofSeconds(60);

  /** The same machine with another kernel. */
  private static final List<Measurement> TAMPERED =
      List.of(
          IN_ORDER.get(0),
          IN_ORDER.get(1),
          new Measurement(4, "kernel 6.12 evil"),
          IN_ORDER.get(3));

  private static RunningSystem system;
  private static Owner alpha;
  private static Owner beta;

  /** What machines have started since, where that is not what they should. */
  private static final Map<Owner, List<Measurement>> started = new HashMap<>();

  /** What undoes what a story did to gateways; machines stay until another story wants others. */
  private final Deque<Remedy> remedies = new ArrayDeque<>();

  /** One of them. */
  @FunctionalInterface
  private interface Remedy {
    void apply() throws IOException, InterruptedException;
  }

  /** A side's client: at its gateway, and on its ledger. */
  private record Owner(RunningSide about, GatewayConnection gateway, LedgerAccess ledger) {
    static Owner of(RunningSide side) {
      Owner owner =
          new Owner(
              side,
              GatewayConnection.open(ProfileOption.read(side.profile())),
              new LedgerAccess(side));
      owner.ledger.approve();
      return owner;
    }

    String process() {
      return Side.gatewayName(0) + "-" + about.side().name();
    }

    Path folder() {
      return system.folder(about.side());
    }

    void close() {
      gateway.close();
      ledger.close();
    }
  }

  @BeforeAll
  static void startAttestedSides() throws IOException, InterruptedException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    Path folder = Files.createTempDirectory(Files.createDirectories(target), "attestation-");
    SystemPlan plan =
        new SystemPlan(
            folder,
            new Side("alpha", LedgerKind.SQL),
            new Side("beta", LedgerKind.SQL),
            true,
            SystemPlan.SMALL,
            0,
            Map.of("fail-points", "fail-points"));
    system =
        RunningSystem.start(plan.with(Attesting.REQUIRED), Installation.here(), progress -> {});
    alpha = Owner.of(system.alpha());
    beta = Owner.of(system.beta());
  }

  @AfterAll
  static void stop() {
    alpha.close();
    beta.close();
    system.close();
  }

  @AfterEach
  void heal() throws IOException, InterruptedException {
    while (!remedies.isEmpty()) {
      remedies.pop().apply();
    }
  }

  /** Has an owner's machine be one that has started this; nothing = one without a TPM. */
  private static void machine(Owner owner, List<Measurement> wanted) throws InterruptedException {
    if (wanted.equals(started.getOrDefault(owner, IN_ORDER))) {
      return;
    }
    AttestedMachine machine = system.machine(owner.about().side());
    if (wanted.isEmpty()) {
      machine.removeTpm();
    } else {
      machine.reboot(wanted);
    }
    started.put(owner, wanted);
  }

  private void kill(Owner owner) throws InterruptedException {
    remedies.push(() -> {
      if (!runs(owner)) {
        start(owner);
      }
    });
    system.processes().kill(List.of(owner.process()));
  }

  private static boolean runs(Owner owner) {
    return system.processes().running().stream()
        .filter(process -> process.name().equals(owner.process()))
        .anyMatch(
            process -> ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive).isPresent());
  }

  private static void start(Owner owner) throws InterruptedException {
    system.processes().restart(START_MAX, List.of(owner.process()));
  }

  /** A title on its way. */
  private record Journey(String title, String id) {
    static Asset asset(String title) {
      return Asset.newBuilder().setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(title).build();
    }

    Transfer ended(Owner by, GatewayRole role) {
      return Conditions.await(
              by.process() + "'s transfer to end",
              () -> seen(by, role),
              transfer ->
                  transfer
                      .filter(now -> now.getOutcome() != TransferOutcome.TRANSFER_OUTCOME_RUNNING)
                      .isPresent())
          .orElseThrow();
    }

    private Optional<Transfer> seen(Owner by, GatewayRole role) {
      try {
        return Optional.of(
            by.gateway()
                .transfers()
                .getTransfer(
                    GetTransferRequest.newBuilder().setTransferId(id).setRole(role).build())
                .getTransfer());
      } catch (StatusRuntimeException down) {
        return Optional.empty();
      }
    }

    EvidenceBundle evidence(Owner by) {
      return by.gateway()
          .transfers()
          .exportEvidence(ExportEvidenceRequest.newBuilder().setTransferId(id).build())
          .getBundle();
    }
  }

  private static String newTitle(Owner owner) {
    String title = Integer.toString(Client.number());
    owner.ledger().issueTitle(title, owner.about().holder());
    return title;
  }

  private static StartTransferRequest order(Owner from, Owner to, String title) {
    return StartTransferRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setSenderDltSystem(from.about().side().dltSystem())
        .setRecipientGateway(to.about().side().gateway().uri())
        .setRecipientDltSystem(to.about().side().dltSystem())
        .setAssetProfileId(AssetNames.TITLE_PROFILE)
        .setAsset(Journey.asset(title))
        .setOrigin(from.about().holder())
        .setOriginatorPubkey(from.gateway().publicKey())
        .setDestination(to.about().holder())
        .setBeneficiaryPubkey(to.gateway().publicKey())
        .build();
  }

  private static Journey start(Owner from, Owner to, String title) {
    return new Journey(
        title,
        from.gateway()
            .transfers()
            .startTransfer(order(from, to, title))
            .getTransfer()
            .getTransferId());
  }

  /** What an order meets once it can be found out. */
  private static OdapException refusal(Owner from, Owner to, String title) {
    StartTransferRequest order = order(from, to, title);
    return Conditions.await(
        "a refusal",
        () -> Client.refusal(() -> from.gateway().transfers().startTransfer(order)),
        refused -> refused.reason() != ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  private static void assertAt(Owner here, Owner notHere, String title) throws IOException {
    try (LedgerView one = LedgerView.of(here.about());
        LedgerView other = LedgerView.of(notHere.about())) {
      assertThat(one.whereabouts(titled(here, title)))
          .isEqualTo(here.about().holder() + " RECORD_STATE_AVAILABLE");
      assertThat(other.whereabouts(titled(notHere, title))).isEqualTo("nowhere");
    }
  }

  private static Asset titled(Owner owner, String title) {
    return Journey.asset(title).toBuilder().setAssetClass(owner.about().names().title()).build();
  }

  private static void assertCompletes(Owner from, Owner to) throws IOException {
    String title = newTitle(from);
    Journey journey = start(from, to, title);
    assertThat(journey.ended(from, GATEWAY_ROLE_SENDER).getState()).isEqualTo("COMPLETED");
    assertThat(journey.ended(to, GATEWAY_ROLE_RECIPIENT).getState()).isEqualTo("COMPLETED");
    assertAt(to, from, title);
  }

  @Test
  void machinesInOrderTransferAndTheirResultsAreEvidence()
      throws IOException, InterruptedException {
    machine(alpha, IN_ORDER);
    machine(beta, IN_ORDER);
    String title = newTitle(alpha);
    Journey journey = start(alpha, beta, title);

    assertThat(journey.ended(alpha, GATEWAY_ROLE_SENDER).getState()).isEqualTo("COMPLETED");
    assertThat(journey.ended(beta, GATEWAY_ROLE_RECIPIENT).getState()).isEqualTo("COMPLETED");
    assertAt(beta, alpha, title);
    EvidenceBundle bySender = journey.evidence(alpha);
    EvidenceBundle byRecipient = journey.evidence(beta);
    for (EvidenceBundle bundle : List.of(bySender, byRecipient)) {
      assertThat(results(bundle))
          .extracting(AttestationResult::verifier, AttestationResult::gateway)
          .containsExactlyInAnyOrder(
              tuple(
                  "odapattestation://alpha.example/attestation",
                  beta.about().side().gateway().uri()),
              tuple(
                  "odapattestation://beta.example/attestation",
                  alpha.about().side().gateway().uri()));
      assertThat(results(bundle)).allMatch(result -> result.sessionId().equals(journey.id()));
    }
    assertVerifies(EvidenceBundles.merge(bySender, byRecipient));
  }

  private static List<AttestationResult> results(EvidenceBundle bundle) {
    return bundle.getLogsList().stream()
        .flatMap(log -> log.getEntriesList().stream())
        .flatMap(entry -> token(entry).stream())
        .distinct()
        .map(token -> ResultToken.read(token).orElseThrow())
        .toList();
  }

  /** The first messages of both hold what each found about the other. */
  private static Optional<String> token(LogEntry entry) {
    Any content = entry.getPayload().getContent();
    try {
      if (content.is(InitializationRequest.class)) {
        return Optional.of(content.unpack(InitializationRequest.class).getAttestationResult());
      }
      return content.is(InitializationResponse.class)
          ? Optional.of(content.unpack(InitializationResponse.class).getAttestationResult())
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertVerifies(EvidenceBundle bundle) {
    Path folder = system.folder(alpha.about().side()).getParent();
    Path file = folder.resolve("evidence.json");
    EvidenceFile.write(bundle, file);
    OdapCommand.Result verdict =
        OdapCommand.run(
            folder.resolve("verify.out"),
            "evidence",
            "verify",
            file.toString(),
            "--trust",
            alpha.about().entity().toString(),
            "--trust",
            beta.about().entity().toString());
    assertThat(verdict.output())
        .contains(
            "ok  Each attestation result in the sender's log (2)",
            "ok  Each attestation result in the recipient's log (2)",
            "COMPLETED",
            "The evidence holds");
    assertThat(verdict.exitCode()).isZero();
  }

  @Test
  void aMachineWithAnotherKernelIsRefusedAsRecipientAndAsSender()
      throws IOException, InterruptedException {
    machine(alpha, IN_ORDER);
    machine(beta, TAMPERED);
    String there = newTitle(alpha);
    String back = newTitle(beta);

    OdapException refused = refusal(alpha, beta, there);
    assertThat(refused.reason()).isEqualTo(ERROR_REASON_ATTESTATION_REFUSED);
    assertThat(refused.description()).contains("event_log", TAMPERED.get(2).digest(), "PCR 4");
    Transfer denied = start(beta, alpha, back).ended(beta, GATEWAY_ROLE_SENDER);
    assertThat(denied.getReason()).isEqualTo(ERROR_REASON_ATTESTATION_REFUSED);
    assertThat(denied.getDescription()).contains("event_log", TAMPERED.get(2).digest(), "PCR 4");

    assertAt(alpha, beta, there);
    assertAt(beta, alpha, back);
  }

  @Test
  void aGatewayWithoutTpmIsRefusedWhereProofIsRequiredAndTakenWhereItIsPreferred()
      throws IOException, InterruptedException {
    String title = newTitle(alpha);
    machine(alpha, IN_ORDER);
    machine(beta, List.of());

    OdapException refused = refusal(alpha, beta, title);
    assertThat(refused.reason()).isEqualTo(ERROR_REASON_ATTESTATION_REQUIRED);
    assertThat(refused.description()).contains("there is no TPM");
    assertAt(alpha, beta, title);

    remedies.push(() -> configure(alpha, Attesting.PREFERRED, Attesting.REQUIRED));
    configure(alpha, Attesting.REQUIRED, Attesting.PREFERRED);
    assertCompletes(alpha, beta);
  }

  private static void configure(Owner owner, Attesting now, Attesting then)
      throws IOException, InterruptedException {
    Path file = owner.folder().resolve("gateway.yaml");
    String before = Files.readString(file);
    String after = before.replace("\"" + now.label() + "\"", "\"" + then.label() + "\"");
    assertThat(after).isNotEqualTo(before);
    Files.writeString(file, after);
    system.processes().kill(List.of(owner.process()));
    start(owner);
  }

  /** Both machines run the same, their TPMs are of one vendor: only whose quote it is differs. */
  @Test
  void aQuoteThatAnotherMachineGaveIsRefused() throws IOException, InterruptedException {
    machine(alpha, IN_ORDER);
    String title = newTitle(alpha);
    kill(beta);
    try (RelayingGateway _ = relay()) {
      OdapException refused = refusal(alpha, beta, title);

      assertThat(refused.reason()).isEqualTo(ERROR_REASON_ATTESTATION_REFUSED);
      assertThat(refused.description()).contains("attest.extraData");
    }
    assertAt(alpha, beta, title);
  }

  /** In beta's place, with its certificate, and with alpha's machine. */
  private static RelayingGateway relay() throws IOException {
    Path pki = beta.folder().resolve("pki");
    int port =
        new YAMLMapper()
            .readTree(beta.folder().resolve("gateway.yaml").toFile())
            .at("/server/port")
            .asInt();
    return new RelayingGateway(
        new TlsFiles(
            pki.resolve("gateway.pem"),
            pki.resolve("gateway-key.pem"),
            List.of(
                new TrustedOrganization(beta.about().side().organization(), beta.about().entity()),
                new TrustedOrganization(
                    alpha.about().side().organization(), alpha.about().entity()))),
        port,
        ProfileOption.read(alpha.about().profile()).gateway());
  }

  /** Whoever is away between the phases must prove anew what it is. */
  @ParameterizedTest
  @CsvSource({"alpha, sender.ack-validate.after", "beta, recipient.ack-lock-evidence.after"})
  void whoComesBackAsAnotherMachineGetsNoFurther(String name, String point)
      throws IOException, InterruptedException {
    machine(alpha, IN_ORDER);
    machine(beta, IN_ORDER);
    Owner victim = name.equals("alpha") ? alpha : beta;
    Path armed = Files.createDirectories(victim.folder().resolve("fail-points")).resolve(point);
    String title = newTitle(alpha);
    remedies.push(() -> Files.deleteIfExists(armed));
    Files.createFile(armed);
    Journey journey = start(alpha, beta, title);
    Path held = armed.resolveSibling(point + "." + journey.id() + ".held");
    boolean _ =
        Conditions.await("the transfer to be held", () -> Files.exists(held), there -> there);

    kill(victim);
    machine(victim, TAMPERED);
    Files.delete(held);
    start(victim);

    Transfer sent = journey.ended(alpha, GATEWAY_ROLE_SENDER);
    Transfer received = journey.ended(beta, GATEWAY_ROLE_RECIPIENT);
    assertThat(sent.getState()).isEqualTo("ROLLED_BACK");
    assertThat(received.getOutcome()).isNotEqualTo(TransferOutcome.TRANSFER_OUTCOME_COMPLETED);
    assertThat(sent.getReason()).isEqualTo(ERROR_REASON_ATTESTATION_REFUSED);
    assertThat(sent.getDescription()).contains("event_log", "PCR 4");
    assertAt(alpha, beta, title);
  }
}
