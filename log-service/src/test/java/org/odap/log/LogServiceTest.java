package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.ClaimLogsRequest;
import org.odap.api.log.v1.GetLastEntryRequest;
import org.odap.api.log.v1.GetLogEntryRequest;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.GetLogRequest;
import org.odap.api.log.v1.GetLogResponse;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LeaseServiceGrpc.LeaseServiceBlockingStub;
import org.odap.api.log.v1.ListLogsRequest;
import org.odap.api.log.v1.ListLogsResponse;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc.LogStorageServiceBlockingStub;
import org.odap.api.log.v1.ReleaseLeaseRequest;
import org.odap.api.log.v1.RenewLeaseRequest;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.UpdateLogRequest;
import org.odap.api.log.v1.UpdateLogResponse;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.api.log.v1.WriteLogEntriesResponse;
import org.odap.log.store.Chain;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.rpc.OdapErrors;

/** The service as its callers meet it: over mutual TLS. */
@Timeout(60)
class LogServiceTest {
  @TempDir Path directory;
  private LogServiceFixture fixture;
  private Channel channel;
  private LogStorageServiceBlockingStub logs;
  private LeaseServiceBlockingStub leases;
  private long epoch;

  @BeforeEach
  void start() throws Exception {
    fixture = new LogServiceFixture(directory);
    channel = fixture.channel(LogServiceFixture.GATEWAY);
    logs = LogStorageServiceGrpc.newBlockingStub(channel);
    leases = LeaseServiceGrpc.newBlockingStub(channel);
    epoch = leases.acquireLease(lease("gateway-1", 60_000)).getEpoch();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static AcquireLeaseRequest lease(String holder, int durationMillis) {
    return AcquireLeaseRequest.newBuilder()
        .setHolder(holder)
        .setDurationMillis(durationMillis)
        .build();
  }

  private static List<LogEntry> entries(Chain chain, int count) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(chain.nextEntry().build());
    }
    return entries;
  }

  private WriteLogEntriesRequest write(Chain chain, List<LogEntry> entries, boolean close) {
    return WriteLogEntriesRequest.newBuilder()
        .setLogId(chain.log().value())
        .setEpoch(epoch)
        .addAllEntries(entries)
        .setClose(close)
        .build();
  }

  private static String reasonOf(ThrowingCallable call) {
    try {
      call.call();
      return "done";
    } catch (StatusRuntimeException e) {
      return OdapErrors.name(OdapErrors.fromGrpc(e).reason());
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Tag("2PC-1")
  void theLogPrimitives() {
    Chain chain = Chain.fresh();
    String id = chain.log().value();
    List<LogEntry> written = entries(chain, 3);

    assertThat(logs.writeLogEntries(write(chain, written, false)).getIndex()).isEqualTo(3);

    assertThat(logs.getLogLength(GetLogLengthRequest.newBuilder().setLogId(id).build()).getLength())
        .isEqualTo(3);
    assertThat(
            logs.getLogEntry(GetLogEntryRequest.newBuilder().setLogId(id).setIndex(2).build())
                .getLogEntry())
        .isEqualTo(written.get(1));
    assertThat(
            logs.getLastEntry(GetLastEntryRequest.newBuilder().setLogId(id).build()).getLogEntry())
        .isEqualTo(written.get(2));
    assertThat(read(id, 0)).isEqualTo(written);
    assertThat(read(id, 3)).isEqualTo(written.subList(2, 3));
    assertThat(read(id, 4)).isEmpty();
  }

  private List<LogEntry> read(String id, int from) {
    Iterator<GetLogResponse> answers =
        logs.getLog(GetLogRequest.newBuilder().setLogId(id).setFromIndex(from).build());
    List<LogEntry> read = new ArrayList<>();
    answers.forEachRemaining(answer -> read.add(answer.getLogEntry()));
    return read;
  }

  @Test
  void aLongLogIsStreamedWhole() {
    Chain chain = Chain.fresh();
    List<LogEntry> written = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      List<LogEntry> some = entries(chain, 50);
      written.addAll(some);
      logs.writeLogEntries(write(chain, some, false));
    }
    assertThat(read(chain.log().value(), 0)).isEqualTo(written);
  }

  @Test
  void refusalsCarryTheSuitesReasons() {
    Chain chain = Chain.fresh();
    List<LogEntry> written = entries(chain, 2);
    logs.writeLogEntries(write(chain, written, true));
    WriteLogEntriesRequest good = write(chain, entries(chain, 1), false);

    assertThat(reasonOf(() -> logs.writeLogEntries(good))).isEqualTo("LOG_CLOSED");
    assertThat(reasonOf(() -> logs.writeLogEntries(good.toBuilder().setEpoch(99).build())))
        .isEqualTo("EPOCH_STALE");
    assertThat(reasonOf(() -> logs.writeLogEntries(good.toBuilder().clearLogId().build())))
        .isEqualTo("FIELD_MISSING");
    assertThat(reasonOf(() -> logs.writeLogEntries(good.toBuilder().setLogId("log").build())))
        .isEqualTo("FIELD_INVALID");
    assertThat(reasonOf(() -> read("log", 0))).isEqualTo("FIELD_INVALID");
    assertThat(reasonOf(() -> read(Chain.fresh().log().value(), 0))).isEqualTo("LOG_UNKNOWN");
    assertThat(reasonOf(() -> logs.writeLogEntries(write(Chain.fresh(), written, false))))
        .isEqualTo("FIELD_INVALID");
  }

  @Test
  void aWrongFieldIsNamed() {
    Chain chain = Chain.fresh();
    assertThatThrownBy(() -> logs.writeLogEntries(write(chain, List.of(), false)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(OdapErrors.fromGrpc(e).reason())
                  .isEqualTo(ErrorReason.ERROR_REASON_FIELD_MISSING);
              assertThat(OdapErrors.fromGrpc(e).fieldViolations())
                  .extracting(violation -> violation.field())
                  .containsExactly("entries");
            });
  }

  @Test
  void updateLogTellsTheLastCommonEntry() {
    Chain chain = Chain.fresh();
    List<LogEntry> all = entries(chain, 5);
    logs.writeLogEntries(write(chain, all.subList(0, 2), false));
    UpdateLogResponse updated =
        logs.updateLog(
            UpdateLogRequest.newBuilder()
                .setLogId(chain.log().value())
                .setEpoch(epoch)
                .addAllEntries(all)
                .build());
    assertThat(updated.getLastCommonIndex()).isEqualTo(2);
    assertThat(updated.getLength()).isEqualTo(5);
    assertThat(updated.hasFork()).isFalse();
  }

  /** recovery-01 4.5: each call of the log storage API, with the answers of its figures. */
  @Test
  @Tag("2PC-1")
  void theLogStorageApiOfTheDraft() {
    Chain chain = Chain.fresh();
    String id = chain.log().value();
    List<LogEntry> written = entries(chain, 4);

    // 4.5.1: "Returns the index of the saved log entry."
    assertThat(logs.writeLogEntries(write(chain, written.subList(0, 1), false)).getIndex())
        .isEqualTo(1);
    assertThat(logs.writeLogEntries(write(chain, written.subList(1, 2), false)).getIndex())
        .isEqualTo(2);
    // 4.5.2: "Obtains the latest log entry from the log."
    assertThat(
            logs.getLastEntry(GetLastEntryRequest.newBuilder().setLogId(id).build()).getLogEntry())
        .isEqualTo(written.get(1));
    // 4.5.3: "Obtains a log entry with specified ID."
    assertThat(
            logs.getLogEntry(GetLogEntryRequest.newBuilder().setLogId(id).setIndex(1).build())
                .getLogEntry())
        .isEqualTo(written.get(0));
    assertThat(
            reasonOf(() ->
                logs.getLogEntry(GetLogEntryRequest.newBuilder().setLogId(id).setIndex(3).build())))
        .isEqualTo("LOG_ENTRY_UNKNOWN");
    // 4.5.5: "The log is updated if there are new log entries. Returns the index of the last
    // common log entry (common prefix)."
    assertThat(logs.updateLog(update(chain, written)))
        .isEqualTo(UpdateLogResponse.newBuilder().setLastCommonIndex(2).setLength(4).build());
    assertThat(logs.updateLog(update(chain, written)))
        .isEqualTo(UpdateLogResponse.newBuilder().setLastCommonIndex(4).setLength(4).build());
    // 3: getLogLength; 4.5.4: "Obtains the whole log."
    assertThat(logs.getLogLength(GetLogLengthRequest.newBuilder().setLogId(id).build()).getLength())
        .isEqualTo(4);
    assertThat(read(id, 0)).isEqualTo(written);
  }

  private UpdateLogRequest update(Chain chain, List<LogEntry> entries) {
    return UpdateLogRequest.newBuilder()
        .setLogId(chain.log().value())
        .setEpoch(epoch)
        .addAllEntries(entries)
        .build();
  }

  @Test
  @Tag("2PC-1")
  void updateLogTellsWhereTwoCopiesFork() {
    Chain chain = Chain.fresh();
    List<LogEntry> ours = entries(chain, 2);
    Chain fork = chain.fork("fork");
    ours.addAll(entries(chain, 2));
    logs.writeLogEntries(write(chain, ours, false));
    List<LogEntry> theirs = new ArrayList<>(ours.subList(0, 2));
    theirs.addAll(entries(fork, 3));

    UpdateLogResponse answer = logs.updateLog(update(chain, theirs));

    assertThat(answer.getLastCommonIndex()).isEqualTo(2);
    assertThat(answer.getLength()).isEqualTo(4);
    assertThat(answer.getFork().getIndex()).isEqualTo(3);
    assertThat(answer.getFork().getStoredEntryHash()).isEqualTo(ours.get(2).getLogEntryHash());
    assertThat(answer.getFork().getGivenEntryHash()).isEqualTo(theirs.get(2).getLogEntryHash());
    assertThat(answer.getFork().getDescription()).contains(chain.log().value(), "entry 3");
    assertThat(read(chain.log().value(), 0)).isEqualTo(ours);
  }

  @Test
  void logsAreListedWithFilters() {
    long other = leases.acquireLease(lease("gateway-2", 60_000)).getEpoch();
    List<String> open = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Chain chain = Chain.fresh();
      (i % 2 == 0 ? closed : open).add(chain.log().value());
      logs.writeLogEntries(write(chain, entries(chain, 1), i % 2 == 0));
    }
    Chain others = Chain.fresh();
    logs.writeLogEntries(
        write(others, entries(others, 1), false).toBuilder().setEpoch(other).build());

    assertThat(list(ListLogsRequest.getDefaultInstance())).hasSize(7).isSorted();
    assertThat(list(ListLogsRequest.newBuilder().setOpenOnly(true).setEpoch(epoch).build()))
        .containsExactlyInAnyOrderElementsOf(open);
    assertThat(list(ListLogsRequest.newBuilder().setEpoch(other).build()))
        .containsExactly(others.log().value());
    List<String> firstPage = list(ListLogsRequest.newBuilder().setLimit(3).build());
    assertThat(firstPage).hasSize(3);
    assertThat(list(ListLogsRequest.newBuilder().setAfterLogId(firstPage.getLast()).build()))
        .hasSize(4)
        .doesNotContainAnyElementsOf(firstPage);
  }

  private List<String> list(ListLogsRequest request) {
    List<String> ids = new ArrayList<>();
    logs.listLogs(request).forEachRemaining((ListLogsResponse log) -> ids.add(log.getLogId()));
    return ids;
  }

  @Test
  @Tag("2PC-7")
  void leasesOverTheWire() {
    Chain chain = Chain.fresh();
    logs.writeLogEntries(write(chain, entries(chain, 1), false));
    assertThat(leases.renewLease(RenewLeaseRequest.newBuilder().setEpoch(epoch).build()))
        .extracting(answer -> answer.getRemainingMillis())
        .isEqualTo(60_000);
    ReleaseLeaseRequest release = ReleaseLeaseRequest.newBuilder().setEpoch(epoch).build();
    leases.releaseLease(release);
    leases.releaseLease(release);
    long backup = leases.acquireLease(lease("gateway-2", 60_000)).getEpoch();

    assertThat(
            leases
                .claimLogs(ClaimLogsRequest.newBuilder().setEpoch(backup).build())
                .getLogIdsList())
        .containsExactly(chain.log().value());
    assertThat(reasonOf(() -> logs.writeLogEntries(write(chain, entries(chain, 1), false))))
        .isEqualTo("EPOCH_STALE");
    assertThat(
            reasonOf(
                () -> leases.renewLease(RenewLeaseRequest.newBuilder().setEpoch(epoch).build())))
        .isEqualTo("LEASE_LOST");
  }

  @Test
  void leaseRequestsAreChecked() {
    assertThat(reasonOf(() -> leases.acquireLease(lease("", 60_000)))).isEqualTo("FIELD_MISSING");
    assertThat(reasonOf(() -> leases.acquireLease(lease("x".repeat(129), 60_000))))
        .isEqualTo("FIELD_INVALID");
    assertThat(reasonOf(() -> leases.acquireLease(lease("x", 999)))).isEqualTo("FIELD_INVALID");
    assertThat(reasonOf(() -> leases.acquireLease(lease("x", 600_001)))).isEqualTo("FIELD_INVALID");
    assertThat(reasonOf(() -> leases.acquireLease(lease("x", -1)))).isEqualTo("FIELD_INVALID");
  }

  /** What a stream answered, and how it ended. */
  private static final class Answers implements StreamObserver<StreamLogEntriesResponse> {
    final BlockingQueue<StreamLogEntriesResponse> received = new LinkedBlockingQueue<>();
    final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    @Override
    public void onNext(StreamLogEntriesResponse answer) {
      received.add(answer);
    }

    @Override
    public void onError(Throwable error) {
      ended.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      ended.complete(true);
    }

    StreamLogEntriesResponse next() throws InterruptedException {
      StreamLogEntriesResponse answer = received.poll(30, TimeUnit.SECONDS);
      assertThat(answer).isNotNull();
      return answer;
    }
  }

  @Test
  @Tag("2PC-3")
  void aStreamAnswersEveryRequestAndSurvivesRefusals() throws Exception {
    Chain chain = Chain.fresh();
    Answers answers = new Answers();
    StreamObserver<StreamLogEntriesRequest> requests =
        LogStorageServiceGrpc.newStub(channel).streamLogEntries(answers);
    LogEntry first = entries(chain, 1).getFirst();
    LogEntry skipped = entries(chain, 1).getFirst();
    requests.onNext(streamed(7, write(chain, List.of(first), false)));
    requests.onNext(streamed(8, write(chain, entries(chain, 1), false)));
    requests.onNext(streamed(9, write(chain, List.of(skipped), false)));
    requests.onNext(streamed(10, WriteLogEntriesRequest.getDefaultInstance()));
    requests.onCompleted();

    assertThat(answers.ended.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(answers.received)
        .anySatisfy(answer -> assertThat(summary(answer)).isEqualTo("7 written 1"))
        .anySatisfy(answer -> assertThat(summary(answer)).isEqualTo("8 LOG_NOT_CONTINUED"))
        .anySatisfy(answer -> assertThat(summary(answer)).isEqualTo("9 written 2"))
        .anySatisfy(answer -> assertThat(summary(answer)).isEqualTo("10 FIELD_MISSING"))
        .hasSize(4);
  }

  private static String summary(StreamLogEntriesResponse answer) {
    return answer.getTag()
        + " "
        + (answer.hasWritten()
            ? "written " + answer.getWritten().getIndex()
            : answer.getRefused().getReason());
  }

  private static StreamLogEntriesRequest streamed(long tag, WriteLogEntriesRequest write) {
    return StreamLogEntriesRequest.newBuilder().setTag(tag).setWrite(write).build();
  }

  @Test
  void aStreamTakesMoreRequestsThanItsWindow() throws Exception {
    int count = 2000;
    Chain chain = Chain.fresh();
    Answers answers = new Answers();
    StreamObserver<StreamLogEntriesRequest> requests =
        LogStorageServiceGrpc.newStub(channel).streamLogEntries(answers);
    for (int i = 1; i <= count; i++) {
      requests.onNext(streamed(i, write(chain, entries(chain, 1), i == count)));
    }
    for (int i = 1; i <= count; i++) {
      StreamLogEntriesResponse answer = answers.next();
      assertThat(summary(answer)).isEqualTo(answer.getTag() + " written " + answer.getTag());
    }
    requests.onCompleted();
    assertThat(answers.ended.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @Tag("2PC-3")
  void aMessageOfSeveralAppendsIsTakenInItsOrder() throws Exception {
    Chain chain = Chain.fresh();
    Chain other = Chain.fresh();
    Answers answers = new Answers();
    StreamObserver<StreamLogEntriesRequest> requests =
        LogStorageServiceGrpc.newStub(channel).streamLogEntries(answers);
    requests.onNext(
        streamed(1, write(chain, entries(chain, 1), false)).toBuilder()
            .setTakesMore(true)
            .addMore(streamed(2, write(chain, entries(chain, 2), false)))
            .addMore(streamed(3, write(other, List.of(), false)))
            .addMore(streamed(4, write(chain, entries(chain, 1), false)))
            .build());
    requests.onCompleted();

    assertThat(answers.ended.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(
            answers.received.stream()
                .peek(answer -> assertThat(answer.getTakesMore()).isTrue())
                .flatMap(answer -> Stream.concat(Stream.of(answer), answer.getMoreList().stream()))
                .map(LogServiceTest::summary))
        .containsExactlyInAnyOrder("1 written 1", "2 written 3", "3 FIELD_MISSING", "4 written 4");
    assertThat(read(chain.log().value(), 0)).hasSize(4);
  }

  @Test
  @Tag("2PC-3")
  void ofAMessageThatCantBeReadNothingIsStored() throws Exception {
    Chain chain = Chain.fresh();
    Answers answers = new Answers();
    StreamObserver<StreamLogEntriesRequest> requests =
        LogStorageServiceGrpc.newStub(channel).streamLogEntries(answers);
    StreamLogEntriesRequest first = streamed(1, write(chain, entries(chain, 1), false));
    requests.onNext(
        first.toBuilder()
            .addMore(streamed(2, first.getWrite()).toBuilder().addMore(first))
            .build());
    assertThat(List.of(summary(answers.next()), summary(answers.next())))
        .containsExactlyInAnyOrder("1 FIELD_INVALID", "2 FIELD_INVALID");

    StreamLogEntriesRequest.Builder tooMany = first.toBuilder();
    IntStream.range(2, 258).forEach(tag -> tooMany.addMore(streamed(tag, first.getWrite())));
    requests.onNext(tooMany.build());
    for (int i = 1; i < 257; i++) {
      assertThat(answers.next().getRefused().getDescription()).contains("more than 255 in more");
    }

    requests.onNext(first);
    assertThat(summary(answers.next())).as("the stream goes on").isEqualTo("1 written 1");
  }

  @Test
  @Tag("CARD-3")
  void aCallerTheConfigurationDoesNotNameIsRefused() {
    Channel stranger = fixture.channel(new Identity("odapgw://alpha.example/gateway-9"));
    Chain chain = Chain.fresh();
    assertThat(
            reasonOf(() ->
                LogStorageServiceGrpc.newBlockingStub(stranger)
                    .writeLogEntries(write(chain, entries(chain, 1), false))))
        .isEqualTo("CALLER_UNKNOWN");
    assertThat(
            reasonOf(() ->
                LeaseServiceGrpc.newBlockingStub(stranger)
                    .acquireLease(lease("gateway-9", 60_000))))
        .isEqualTo("CALLER_UNKNOWN");
    assertThat(list(ListLogsRequest.getDefaultInstance())).isEmpty();
  }

  @Test
  void numbersForOperators() throws IOException, InterruptedException {
    Chain chain = Chain.fresh();
    logs.writeLogEntries(write(chain, entries(chain, 2), false));
    assertThat(reasonOf(() -> logs.writeLogEntries(write(Chain.fresh(), List.of(), false))))
        .isEqualTo("FIELD_MISSING");
    HttpResponse<String> metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + fixture.operationsPort() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(metrics.body())
        .contains("odap_log_entries_total 2.0")
        .contains("odap_log_open_logs 1.0")
        .contains("odap_log_leases 1.0")
        .contains("odap_log_refusals_total{reason=\"FIELD_MISSING\"} 1.0")
        .contains("odap_log_commit_seconds_count")
        .contains("odap_log_commit_changes_count");
  }

  @Test
  void bytesThatAreNoRequestAreRefused() {
    byte[] noise = {(byte) 0x0A, 0x7F, 0x01};
    MethodDescriptor<byte[], WriteLogEntriesResponse> raw =
        LogStorageServiceGrpc.getWriteLogEntriesMethod().toBuilder(
                new Bytes(),
                LogStorageServiceGrpc.getWriteLogEntriesMethod().getResponseMarshaller())
            .build();
    assertThat(
            reasonOf(() -> ClientCalls.blockingUnaryCall(channel, raw, CallOptions.DEFAULT, noise)))
        .isEqualTo("FIELD_INVALID");
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void entriesAreKeptWithFieldsOfLaterVersions() throws InvalidProtocolBufferException {
    Chain chain = Chain.fresh();
    LogEntry later =
        LogEntry.parseFrom(
            chain.next().concat(ByteString.copyFrom(new byte[] {(byte) 0xFA, 0x3F, 1, 'x'})));
    logs.writeLogEntries(write(chain, List.of(later), false));
    assertThat(read(chain.log().value(), 0)).containsExactly(later);
  }
}
