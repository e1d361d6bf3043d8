package org.odap.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.api.resource.v1.GetAssetProfileRequest;
import org.odap.api.resource.v1.GetTravelRuleDataRequest;
import org.odap.api.resource.v1.GetVaspRequest;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.api.resource.v1.ListVaspsRequest;
import org.odap.api.resource.v1.ListVaspsResponse;
import org.odap.api.resource.v1.OffDltResourceServiceGrpc;
import org.odap.api.resource.v1.OffDltResourceServiceGrpc.OffDltResourceServiceBlockingStub;
import org.odap.api.resource.v1.PutTravelRuleDataRequest;
import org.odap.api.resource.v1.ResolveBeneficiaryRequest;
import org.odap.api.resource.v1.ResolveBeneficiaryResponse;
import org.odap.core.envelope.Hash;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.RunningService;
import org.odap.runtime.lifecycle.StartException;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServerConfig;

/** API type 3 as gateways meet it: over mutual TLS, with files an operator edits (ODAP 4.3). */
@Tag("ODAP-21")
class ResourceServiceTest {
  private static final Identity SERVER = new Identity("odapdir://alpha.example/resources");
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  private static final Identity OFFICER = new Identity("odapclient://alpha.example/compliance");
  private static final Identity OTHER = new Identity("odapgw://beta.example/gateway-1");
  private static final Identity STRANGER = new Identity("odapgw://beta.example/gateway-9");
  private static final String TRANSFER = "0f8fad5b-d9cb-469f-a165-70867728950e";
  private static final String PAYLOAD = "eyJhbGciOiJFQ0RILUVTIn0..aXY.Y2lwaGVy.dGFn";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private DevelopmentPki alpha;
  private DevelopmentPki beta;
  private RunningService service;

  @BeforeEach
  void start() throws Exception {
    alpha = DevelopmentPki.create(folder.resolve("alpha"), "alpha.example");
    beta = DevelopmentPki.create(folder.resolve("beta"), "beta.example");
    write("asset-profiles/bond-1.json", profile("1", "Old AG"));
    write("asset-profiles/bond-10.json", profile("1.10", "New AG"));
    write("asset-profiles/bond-9.json", profile("1.9", "Middle AG"));
    write("vasps/beta.json", vasp("active"));
    write("beneficiaries/bob.json", beneficiary("LEI-BETA"));
    service = ResourceMain.service().start(config(), Set.of());
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    service.close();
  }

  private ResourceConfig config() {
    List<CallerRule> callers =
        Stream.of(GATEWAY, OFFICER, OTHER)
            .map(caller ->
                new CallerRule(caller.uri(), List.of("odap.resource.v1.OffDltResourceService")))
            .toList();
    return new ResourceConfig(
        alpha.issue(SERVER, "resources", List.of(beta.asTrusted())),
        RpcServerConfig.loopback(callers),
        OperationsConfig.standard(),
        Optional.empty(),
        folder.resolve("catalog"),
        Duration.ofMillis(100),
        folder.resolve("data"));
  }

  @Test
  @Tag("ARCH-8")
  void vaspsAreListedPageByPage() throws IOException {
    for (String name : List.of("delta", "alpha", "gamma")) {
      write(
          "vasps/" + name + ".json",
          """
          {"vaspId": "LEI-%s", "organization": "%s.example", "legalName": "%s", "status": "active",
           "jurisdiction": "DE", "entityCertificate": "%s"}
          """
              .formatted(name, name, name, vaspCertificate()));
    }
    await(() -> list("", 0, "").getVaspsCount() == 4);

    assertThat(list("", 0, "").getVaspsList())
        .extracting(GetVaspResponse::getOrganization)
        .containsExactly("alpha.example", "beta.example", "delta.example", "gamma.example");
    ListVaspsResponse first = list("", 2, "");
    assertThat(first.getVaspsCount()).isEqualTo(2);
    ListVaspsResponse second = list("", 2, first.getNextPageToken());
    assertThat(second.getVaspsList())
        .extracting(GetVaspResponse::getOrganization)
        .containsExactly("delta.example", "gamma.example");
    assertThat(second.getNextPageToken()).isEmpty();
    assertThat(list("other", 0, "").getVaspsList())
        .extracting(GetVaspResponse::getVaspId)
        .containsExactly("LEI-BETA");
    assertThat(list("nowhere", 0, "").getVaspsList()).isEmpty();
    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> list("", 1_001, "")))
        .hasMessageContaining("page_size");
  }

  private ListVaspsResponse list(String dltSystem, int size, String token) {
    return stub(GATEWAY)
        .listVasps(
            ListVaspsRequest.newBuilder()
                .setDltSystem(dltSystem)
                .setPageSize(size)
                .setPageToken(token)
                .build());
  }

  @Test
  void givesTheNewestVersionOfAProfileOrTheOneAskedFor() {
    assertThat(issuerOf("")).isEqualTo("New AG");
    assertThat(issuerOf("1.9")).isEqualTo("Middle AG");
    assertThat(refusal(() -> issuerOf("7")))
        .isEqualTo(ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED);
  }

  @Test
  @Tag("ARCH-3")
  void givesAVaspByItsIdAndByItsOrganization() {
    GetVaspResponse byId = vaspOf("LEI-BETA");

    assertThat(byId.getStatus()).isEqualTo("active");
    assertThat(byId.getEntityCertificate()).startsWith("-----BEGIN CERTIFICATE-----");
    assertThat(byId.getGatewaysList()).hasSize(2);
    assertThat(vaspOf("beta.example")).isEqualTo(byId);
    assertThat(refusal(() -> vaspOf("gamma.example")))
        .isEqualTo(ErrorReason.ERROR_REASON_PEER_UNKNOWN);
  }

  @Test
  @Tag("ARCH-8")
  void resolvesABeneficiaryToAccountKeyAndGatewaysPrimariesFirst() {
    ResolveBeneficiaryResponse bob = resolve("bob@beta");

    assertThat(bob.getAccount()).isEqualTo("bob");
    assertThat(bob.getDltSystem()).isEqualTo("sql-beta");
    assertThat(bob.getVaspId()).isEqualTo("LEI-BETA");
    assertThat(bob.getGatewaysList())
        .extracting(DirectoryGateway::getBackup)
        .containsExactly(false, true);
    assertThat(refusal(() -> resolve("eve@beta")))
        .isEqualTo(ErrorReason.ERROR_REASON_ACCOUNT_INVALID);
  }

  @Test
  void aChangedFileIsInForceSoonAndAWrongOneIsNot() throws IOException {
    write("vasps/beta.json", vasp("suspended"));
    await(() -> vaspOf("LEI-BETA").getStatus().equals("suspended"));

    write("beneficiaries/bob.json", beneficiary("LEI-NOBODY"));
    write("vasps/beta.json", vasp("revoked"));
    // As long as one file is wrong the catalog stays what it was: whole.
    assertThat(vaspOf("LEI-BETA").getStatus()).isEqualTo("suspended");
    write("beneficiaries/bob.json", beneficiary("LEI-BETA"));
    await(() -> vaspOf("LEI-BETA").getStatus().equals("revoked"));
  }

  @Test
  void doesNotStartOnFilesThatAreWrongAndNamesAllOfThem() throws IOException {
    write("vasps/beta.json", vasp("fine"));
    write("asset-profiles/bond-1.json", "{}");
    write("beneficiaries/x.json", "{\"unknown\": 1}");

    assertThatThrownBy(() -> ResourceMain.service().start(config(), Set.of()).close())
        .isInstanceOf(StartException.class)
        .hasMessageContainingAll("beta.json", "status", "bond-1.json", "issuer", "x.json");
  }

  @Test
  @Tag("ARCH-4")
  void travelRuleDataAreReadByWhomTheyAreForAndNobodyElse() {
    put(GATEWAY, PAYLOAD);

    assertThat(get(GATEWAY)).isEqualTo(PAYLOAD);
    assertThat(get(OFFICER)).isEqualTo(PAYLOAD);
    assertThat(refusal(() -> get(OTHER))).isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
    assertThat(refusal(() -> get(STRANGER))).isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
    assertThat(
            refusal(() ->
                stub(GATEWAY)
                    .getTravelRuleData(
                        GetTravelRuleDataRequest.newBuilder()
                            .setTransferId(TRANSFER.replace('0', '1'))
                            .build())))
        .isEqualTo(ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN);
  }

  @Test
  @Tag("ARCH-4")
  void aRepeatChangesNothingAndOtherDataAreRefused() {
    String hash = put(GATEWAY, PAYLOAD);

    assertThat(hash).isEqualTo(Hash.of(PAYLOAD.getBytes(StandardCharsets.UTF_8)));
    assertThat(put(GATEWAY, PAYLOAD)).isEqualTo(hash);
    assertThat(refusal(() -> put(GATEWAY, PAYLOAD + "x")))
        .isEqualTo(ErrorReason.ERROR_REASON_STEP_CONFLICT);
    // The other side of the same transfer has data of its own.
    put(OTHER, PAYLOAD + "y");
    assertThat(get(OTHER)).isEqualTo(PAYLOAD + "y");
    assertThat(get(GATEWAY)).isEqualTo(PAYLOAD);
  }

  @Test
  @Tag("ARCH-4")
  void storedDataOutliveTheServiceAndEveryAccessIsOnRecord() throws Exception {
    put(GATEWAY, PAYLOAD);
    service.close();
    service = ResourceMain.service().start(config(), Set.of());

    assertThat(get(OFFICER)).isEqualTo(PAYLOAD);
    assertThat(refusal(() -> get(OTHER))).isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
    List<String> lines = Files.readAllLines(folder.resolve("data/access.log"));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains(GATEWAY.uri(), "\"put\"", TRANSFER, "stored");
    assertThat(lines.get(1)).contains(OFFICER.uri(), "\"get\"", TRANSFER, "read");
    assertThat(lines.get(2)).contains(OTHER.uri(), "\"get\"", TRANSFER, "refused");
    assertThat(lines).noneMatch(line -> line.contains("eyJ"));
  }

  @Test
  @Tag("ARCH-4")
  void plainDataAndPathsAreNotTaken() {
    assertThat(refusal(() -> put(GATEWAY, "{\"originator\": {}}")))
        .isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(refusal(() -> put(GATEWAY, PAYLOAD + "x".repeat(65_536))))
        .isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(
            refusal(() ->
                stub(GATEWAY)
                    .putTravelRuleData(
                        PutTravelRuleDataRequest.newBuilder()
                            .setTransferId("../../../etc/passwd")
                            .setPayload(PAYLOAD)
                            .build())))
        .isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
  }

  private String issuerOf(String version) {
    return stub(GATEWAY)
        .getAssetProfile(
            GetAssetProfileRequest.newBuilder()
                .setProfileId("urn:example:bond")
                .setProfileVersion(version)
                .build())
        .getAssetProfile()
        .getIssuer();
  }

  private GetVaspResponse vaspOf(String id) {
    return stub(GATEWAY).getVasp(GetVaspRequest.newBuilder().setVaspId(id).build());
  }

  private ResolveBeneficiaryResponse resolve(String id) {
    return stub(GATEWAY)
        .resolveBeneficiary(ResolveBeneficiaryRequest.newBuilder().setBeneficiaryId(id).build());
  }

  private String put(Identity caller, String payload) {
    return stub(caller)
        .putTravelRuleData(
            PutTravelRuleDataRequest.newBuilder()
                .setTransferId(TRANSFER)
                .setPayload(payload)
                .addReaders(OFFICER.uri())
                .build())
        .getPayloadHash();
  }

  private String get(Identity caller) {
    return stub(caller)
        .getTravelRuleData(GetTravelRuleDataRequest.newBuilder().setTransferId(TRANSFER).build())
        .getPayload();
  }

  private static ErrorReason refusal(ThrowingCallable call) {
    return OdapErrors.fromGrpc(catchThrowableOfType(StatusRuntimeException.class, call)).reason();
  }

  private OffDltResourceServiceBlockingStub stub(Identity caller) {
    DevelopmentPki issuer = caller.organization().equals("alpha.example") ? alpha : beta;
    TlsFiles files =
        issuer.issue(
            caller,
            caller.uri().substring(caller.uri().lastIndexOf('/') + 1),
            List.of((issuer == alpha ? beta : alpha).asTrusted()));
    ManagedChannel channel =
        RpcChannels.channel("127.0.0.1", service.port(), TlsMaterial.load(files), SERVER);
    channels.add(channel);
    return OffDltResourceServiceGrpc.newBlockingStub(channel);
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve("catalog").resolve(name);
    Files.createDirectories(file.getParent());
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, content);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String profile(String version, String issuer) {
    return """
    {"profile_id": "urn:example:bond", "profile_version": "%s", "kind": "ASSET_KIND_FUNGIBLE",
     "issuer": "%s", "asset_code": "BOND"}
    """
        .formatted(version, issuer);
  }

  private String vaspCertificate() throws IOException {
    return Files.readString(beta.entityCertificate()).replace("\r", "").replace("\n", "\\n");
  }

  private String vasp(String status) throws IOException {
    String certificate = vaspCertificate();
    return """
    {"vaspId": "LEI-BETA", "organization": "beta.example", "legalName": "Beta Bank",
     "status": "%s", "jurisdiction": "DE", "entityCertificate": "%s",
     "gateways": [
      {"gateway": "odapgw://beta.example/gateway-1", "pubkey": "%s", "endpoint": "backup:1",
       "dltSystems": ["sql-beta"], "backup": true},
      {"gateway": "odapgw://beta.example/gateway-1", "pubkey": "%s", "endpoint": "primary:1",
       "dltSystems": ["sql-beta", "other"], "encryptionKey": "%s"}]}
    """
        .formatted(status, certificate, key("b"), key("p"), key("e"));
  }

  private String beneficiary(String vasp) {
    return """
    {"beneficiaryId": "bob@beta", "vaspId": "%s", "dltSystem": "sql-beta", "account": "bob",
     "pubkey": "%s"}
    """
        .formatted(vasp, key("k"));
  }

  private String key(String name) {
    return SigningKey.encode(
        TlsMaterial.load(beta.issue(OTHER, "key-" + name, List.of())).certificate().getPublicKey());
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within %s", LIMIT).isLessThan(deadline);
      pause();
    }
  }

  private static void pause() {
    try {
      boolean _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
