package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.log.LogServiceFixture.BACKUP;
import static org.odap.log.LogServiceFixture.CLIENT;
import static org.odap.log.LogServiceFixture.COUNTERPARTY;
import static org.odap.log.LogServiceFixture.GATEWAY;
import static org.odap.log.LogServiceFixture.THIRD;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.log.v1.ClaimLogsRequest;
import org.odap.api.log.v1.GetLastEntryRequest;
import org.odap.api.log.v1.GetLogEntryRequest;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.ListLogsRequest;
import org.odap.api.log.v1.ListLogsResponse;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc.LogStorageServiceBlockingStub;
import org.odap.api.log.v1.ReleaseLeaseRequest;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.UpdateLogRequest;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.log.store.Chain;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.rpc.OdapErrors;

/** A log's access-control profile, checked against the certificate at every call over TLS. */
@Timeout(120)
@Tag("2PC-9")
class AccessControlTest {
  private static final AccessControlProfile CREATOR_ONLY =
      AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY;
  private static final AccessControlProfile ORGANISATION =
      AccessControlProfile.ACCESS_CONTROL_PROFILE_ORGANISATION;
  private static final AccessControlProfile SHARED =
      AccessControlProfile.ACCESS_CONTROL_PROFILE_COUNTERPARTY;
  private static final List<AccessControlProfile> PROFILES =
      List.of(CREATOR_ONLY, ORGANISATION, SHARED);

  @TempDir Path directory;
  private LogServiceFixture fixture;
  private final Map<Identity, Channel> channels = new LinkedHashMap<>();
  private final Map<AccessControlProfile, Chain> chains = new EnumMap<>(AccessControlProfile.class);
  private long epoch;

  @BeforeEach
  void writeALogOfEachProfile() throws Exception {
    fixture = new LogServiceFixture(directory);
    for (Identity caller : List.of(GATEWAY, BACKUP, CLIENT, COUNTERPARTY, THIRD)) {
      channels.put(caller, fixture.channel(caller));
    }
    epoch = lease(GATEWAY);
    for (AccessControlProfile profile : PROFILES) {
      Chain chain = Chain.fresh();
      chains.put(profile, chain);
      assertThat(logs(GATEWAY).writeLogEntries(write(profile, epoch)).getIndex()).isEqualTo(1);
    }
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private LogStorageServiceBlockingStub logs(Identity caller) {
    return LogStorageServiceGrpc.newBlockingStub(channels.get(caller));
  }

  private long lease(Identity holder) {
    return Leases.acquire(channels.get(holder), holder.uri(), 60_000);
  }

  private LogEntry next(AccessControlProfile profile) {
    return chains
        .get(profile)
        .nextEntry()
        .setAccessControlProfile(profile)
        .setSourceGatewayUid(GATEWAY.uri())
        .setRecipientGatewayUid(COUNTERPARTY.uri())
        .build();
  }

  private WriteLogEntriesRequest write(AccessControlProfile profile, long under) {
    return WriteLogEntriesRequest.newBuilder()
        .setLogId(chains.get(profile).log().value())
        .setEpoch(under)
        .addEntries(next(profile))
        .build();
  }

  private static String outcome(Runnable call) {
    try {
      call.run();
      return "done";
    } catch (StatusRuntimeException e) {
      return OdapErrors.name(OdapErrors.fromGrpc(e).reason());
    }
  }

  @Test
  void everyReadIsCheckedAgainstTheCertificate() {
    Map<Identity, List<AccessControlProfile>> letIn =
        Map.of(
            GATEWAY, PROFILES,
            BACKUP, List.of(ORGANISATION, SHARED),
            CLIENT, List.of(),
            COUNTERPARTY, List.of(SHARED),
            THIRD, List.of());
    letIn.forEach((caller, profiles) -> {
      for (AccessControlProfile profile : PROFILES) {
        String expected = profiles.contains(profile) ? "done" : "LOG_ACCESS_DENIED";
        reads(caller, profile)
            .forEach((name, read) ->
                assertThat(outcome(read))
                    .describedAs("%s of a %s log by %s", name, profile, caller)
                    .isEqualTo(expected));
      }
      assertThat(listed(caller))
          .containsExactlyInAnyOrderElementsOf(
              profiles.stream().map(profile -> chains.get(profile).log().value()).toList());
    });
  }

  private Map<String, Runnable> reads(Identity caller, AccessControlProfile profile) {
    String id = chains.get(profile).log().value();
    LogStorageServiceBlockingStub logs = logs(caller);
    return Map.of(
        "length",
        () -> discard(logs.getLogLength(GetLogLengthRequest.newBuilder().setLogId(id).build())),
        "entry",
        () ->
            discard(
                logs.getLogEntry(GetLogEntryRequest.newBuilder().setLogId(id).setIndex(1).build())),
        "last entry",
        () -> discard(logs.getLastEntry(GetLastEntryRequest.newBuilder().setLogId(id).build())),
        "log",
        () ->
            logs.getLog(GetLogRequest.newBuilder().setLogId(id).build())
                .forEachRemaining(AccessControlTest::discard));
  }

  private static void discard(Object answer) {
    assertThat(answer).isNotNull();
  }

  private List<String> listed(Identity caller) {
    Iterable<ListLogsResponse> answers =
        () -> logs(caller).listLogs(ListLogsRequest.getDefaultInstance());
    return StreamSupport.stream(answers.spliterator(), false)
        .map(ListLogsResponse::getLogId)
        .toList();
  }

  @Test
  void everyWriteIsCheckedAgainstTheCertificate() throws Exception {
    for (AccessControlProfile profile : PROFILES) {
      for (Identity caller : List.of(CLIENT, COUNTERPARTY, THIRD)) {
        assertWritesEnd(caller, profile, lease(caller), "LOG_ACCESS_DENIED");
        // Not even under the owner's epoch, which is no secret.
        assertWritesEnd(caller, profile, epoch, "LOG_ACCESS_DENIED");
      }
    }
    long backups = lease(BACKUP);
    assertWritesEnd(BACKUP, CREATOR_ONLY, backups, "LOG_ACCESS_DENIED");
    assertWritesEnd(BACKUP, ORGANISATION, backups, "EPOCH_STALE");
  }

  private void assertWritesEnd(
      Identity caller, AccessControlProfile profile, long under, String reason) throws Exception {
    Function<String, String> where = call -> call + " to a " + profile + " log by " + caller;
    WriteLogEntriesRequest write = write(profile, under);
    assertThat(outcome(() -> discard(logs(caller).writeLogEntries(write))))
        .describedAs(where.apply("write"))
        .isEqualTo(reason);
    UpdateLogRequest update =
        UpdateLogRequest.newBuilder()
            .setLogId(write.getLogId())
            .setEpoch(under)
            .addAllEntries(write.getEntriesList())
            .build();
    assertThat(outcome(() -> discard(logs(caller).updateLog(update))))
        .describedAs(where.apply("update"))
        .isEqualTo(reason);
    assertThat(streamed(caller, write).getRefused().getReason())
        .describedAs(where.apply("streamed write"))
        .isEqualTo(reason);
  }

  private StreamLogEntriesResponse streamed(Identity caller, WriteLogEntriesRequest write)
      throws Exception {
    CompletableFuture<StreamLogEntriesResponse> answer = new CompletableFuture<>();
    StreamObserver<StreamLogEntriesRequest> requests =
        LogStorageServiceGrpc.newStub(channels.get(caller))
            .streamLogEntries(
                new StreamObserver<>() {
                  @Override
                  public void onNext(StreamLogEntriesResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable broken) {
                    answer.completeExceptionally(broken);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(StreamLogEntriesRequest.newBuilder().setTag(1).setWrite(write).build());
    requests.onCompleted();
    return answer.get(30, TimeUnit.SECONDS);
  }

  @Test
  void onlyWhoIsLetInTakesALogOver() {
    LeaseServiceGrpc.LeaseServiceBlockingStub own =
        LeaseServiceGrpc.newBlockingStub(channels.get(GATEWAY));
    discard(own.releaseLease(ReleaseLeaseRequest.newBuilder().setEpoch(epoch).build()));
    assertThat(claimed(COUNTERPARTY)).isEmpty();
    assertThat(claimed(BACKUP))
        .containsExactlyInAnyOrder(
            chains.get(ORGANISATION).log().value(), chains.get(SHARED).log().value());
    assertThat(claimed(GATEWAY)).containsExactly(chains.get(CREATOR_ONLY).log().value());
  }

  private List<String> claimed(Identity claimer) {
    return LeaseServiceGrpc.newBlockingStub(channels.get(claimer))
        .claimLogs(ClaimLogsRequest.newBuilder().setEpoch(lease(claimer)).build())
        .getLogIdsList();
  }

  @Test
  void aLaterEntryWidensNothing() {
    LogEntry second = next(ORGANISATION).toBuilder().setAccessControlProfile(SHARED).build();
    discard(
        logs(GATEWAY)
            .writeLogEntries(
                WriteLogEntriesRequest.newBuilder()
                    .setLogId(chains.get(ORGANISATION).log().value())
                    .setEpoch(epoch)
                    .addEntries(second)
                    .build()));
    assertThat(listed(COUNTERPARTY)).containsExactly(chains.get(SHARED).log().value());
  }

  @Test
  void refusalsAreCounted() throws Exception {
    reads(THIRD, SHARED).values().forEach(AccessControlTest::outcome);
    HttpResponse<String> metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + fixture.operationsPort() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(metrics.body()).contains("odap_log_access_denied_total 4.0");
  }
}
