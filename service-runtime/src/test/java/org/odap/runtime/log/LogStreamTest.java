package org.odap.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.api.log.v1.WriteLogEntriesResponse;
import org.odap.api.log.v1.WriteRefused;
import org.odap.runtime.rpc.OdapException;

/** Many writers on one stream, and what log services of two versions get to see of it. */
@Tag("2PC-3")
@Timeout(60)
class LogStreamTest {
  private final SlowCall service = new SlowCall();
  private LogStream stream;

  @BeforeEach
  void open() {
    stream = LogStream.open(service.channel());
  }

  private CompletableFuture<Void> append(String logId) {
    return stream.append(WriteLogEntriesRequest.newBuilder().setLogId(logId).build(), "");
  }

  private void appendAll(String... logIds) {
    for (String logId : logIds) {
      CompletableFuture<Void> _ = append(logId);
    }
  }

  private static StreamLogEntriesResponse.Builder written(StreamLogEntriesRequest request) {
    return StreamLogEntriesResponse.newBuilder()
        .setTag(request.getTag())
        .setWritten(WriteLogEntriesResponse.getDefaultInstance());
  }

  private static List<String> logs(StreamLogEntriesRequest message) {
    List<String> logs = new ArrayList<>(List.of(message.getWrite().getLogId()));
    message.getMoreList().forEach(request -> logs.add(request.getWrite().getLogId()));
    return logs;
  }

  /** The service says with its first answer that it reads more. */
  private void beToldThatMoreIsRead() throws InterruptedException {
    CompletableFuture<Void> first = append("first");
    service.answer(written(service.next()).setTakesMore(true).build());
    first.join();
  }

  @Test
  void appendsThatWaitTogetherGoAsOneMessageAndAreAnsweredEach() throws Exception {
    beToldThatMoreIsRead();
    service.block();
    CompletableFuture<Void> a = append("a");
    assertThat(logs(service.next())).containsExactly("a");
    CompletableFuture<Void> b = append("b");
    CompletableFuture<Void> c = append("c");
    CompletableFuture<Void> d = append("d");
    service.unblock();

    StreamLogEntriesRequest message = service.next();
    assertThat(logs(message)).containsExactly("b", "c", "d");
    assertThat(message.getTakesMore()).isTrue();
    service.answer(
        written(message.getMore(1))
            .addMore(written(message))
            .addMore(
                StreamLogEntriesResponse.newBuilder()
                    .setTag(message.getMore(0).getTag())
                    .setRefused(WriteRefused.newBuilder().setReason("LEASE_LOST")))
            .build());

    assertThat(b).isCompleted();
    assertThat(d).isCompleted();
    assertThat(reason(c)).isEqualTo(ErrorReason.ERROR_REASON_LEASE_LOST);
    assertThat(a).as("an append nobody answered").isNotDone();
  }

  @Test
  void aServiceThatDoesNotSayItReadsMoreGetsOneAppendAMessage() throws Exception {
    service.block();
    CompletableFuture<Void> first = append("0");
    service.answer(written(service.next()).build());
    appendAll("1", "2", "3");
    service.unblock();

    for (int i = 1; i < 4; i++) {
      assertThat(logs(service.next())).containsExactly("" + i);
    }
    assertThat(first).isCompleted();
  }

  @Test
  void aMessageCarriesNoMoreThanAnyServiceTakes() throws Exception {
    beToldThatMoreIsRead();
    service.block();
    appendAll("a");
    assertThat(logs(service.next())).containsExactly("a");
    String large = "x".repeat(40_000);
    appendAll(Collections.nCopies(300, "of many").toArray(String[]::new));
    appendAll(large, large, "x".repeat(5_000_000), "x".repeat(10));
    service.unblock();

    assertThat(logs(service.next())).hasSize(256);
    assertThat(logs(service.next())).as("the rest and the first large one").hasSize(44 + 1);
    assertThat(logs(service.next())).as("the second large one").hasSize(1);
    assertThat(logs(service.next())).as("one that is larger than messages get").hasSize(1);
    assertThat(logs(service.next())).hasSize(1);
  }

  @Test
  void aStreamThatBreaksFailsAllThatWaitAndAllThatComeLater() throws Exception {
    CompletableFuture<Void> sent = append("sent");
    StreamLogEntriesRequest _ = service.next();
    assertThat(stream.isBroken()).isFalse();
    service.end(Status.UNAVAILABLE.withDescription("gone"));

    assertThat(stream.isBroken()).isTrue();
    assertThat(reason(sent)).isEqualTo(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE);
    assertThat(reason(append("late"))).isEqualTo(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE);
  }

  @Test
  void anAppendThatCantBeSentFailsAndSoDoTheOthers() {
    service.refuseToSend();

    assertThat(reason(append("a"))).isEqualTo(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE);
    assertThat(reason(append("b"))).isEqualTo(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE);
    assertThat(stream.isBroken()).isTrue();
  }

  private static ErrorReason reason(CompletableFuture<Void> append) {
    Throwable thrown = catchThrowable(append::join);
    assertThat(thrown).isInstanceOf(CompletionException.class);
    assertThat(thrown.getCause()).isInstanceOf(OdapException.class);
    return ((OdapException) thrown.getCause()).reason();
  }
}
