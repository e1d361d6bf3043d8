package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.odap.log.store.StoreFixture.GATEWAY;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.reason;
import static org.odap.log.store.StoreFixture.value;
import static org.odap.log.store.StoreFixture.writer;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.runtime.encryption.EntryKeys;

/** Many writers at once, and what they are told when the disk fails. */
class GroupCommitTest {
  @TempDir Path directory;

  private static Committer.Writer holding(Committer.Writer real, CountDownLatch gate) {
    return batch -> {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      real.write(batch);
    };
  }

  @Test
  @Tag("2PC-3")
  void nothingIsAnsweredOrSeenBeforeItIsDurable() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicBoolean hold = new AtomicBoolean();
    try (LogStore store =
        LogStore.open(
            directory,
            EntryKeys.NONE,
            System::nanoTime,
            CommitListener.NONE,
            real -> batch -> (hold.get() ? holding(real, gate) : real).write(batch))) {
      long epoch = value(get(store.acquireLease("gateway-1", GATEWAY, 60_000))).epoch();
      Chain chain = Chain.fresh();
      hold.set(true);
      CompletableFuture<Outcome<Integer>> answer =
          store.append(chain.log(), writer(epoch), chain.next(1), false);

      assertThat(answer).isNotDone();
      assertThat(reason(store.length(chain.log()))).isEqualTo("LOG_UNKNOWN");
      gate.countDown();
      assertThat(value(get(answer))).isEqualTo(1);
      assertThat(value(store.length(chain.log()))).isEqualTo(1);
    }
  }

  @Test
  void changesThatWaitShareOneSyncAndAreJudgedInOrder() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    List<Integer> groups = new ArrayList<>();
    AtomicBoolean hold = new AtomicBoolean();
    try (LogStore store =
        LogStore.open(
            directory,
            EntryKeys.NONE,
            System::nanoTime,
            (changes, entries, nanos) -> groups.add(changes),
            real -> batch -> (hold.get() ? holding(real, gate) : real).write(batch))) {
      long epoch = value(get(store.acquireLease("gateway-1", GATEWAY, 60_000))).epoch();
      hold.set(true);
      Chain chain = Chain.fresh();
      List<CompletableFuture<Outcome<Integer>>> answers = new ArrayList<>();
      List<ByteString> first = chain.next(1);
      for (int i = 0; i < 50; i++) {
        answers.add(
            store.append(chain.log(), writer(epoch), i == 0 ? first : chain.next(1), i == 49));
      }
      // Judged after all of the above: a repeat of what only waits, and one beyond the end.
      CompletableFuture<Outcome<Integer>> repeat =
          store.append(chain.log(), writer(epoch), first, false);
      CompletableFuture<Outcome<Integer>> late =
          store.append(chain.log(), writer(epoch), chain.next(1), false);
      gate.countDown();

      for (int i = 0; i < 50; i++) {
        assertThat(value(get(answers.get(i)))).isEqualTo(i + 1);
      }
      assertThat(value(get(repeat))).isEqualTo(1);
      assertThat(reason(get(late))).isEqualTo("LOG_CLOSED");
      // The lease, the group that was held at the gate, and all that gathered behind it.
      assertThat(groups).hasSizeLessThanOrEqualTo(3);
      assertThat(groups.stream().mapToInt(Integer::intValue).sum()).isEqualTo(53);
    }
  }

  @Test
  void manyWritersLoseNothing() throws Exception {
    int writers = 32;
    int appends = 40;
    AtomicInteger groups = new AtomicInteger();
    List<Chain> chains = new ArrayList<>();
    try (LogStore store =
            LogStore.open(
                directory,
                EntryKeys.NONE,
                System::nanoTime,
                (c, e, n) -> groups.incrementAndGet());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long epoch = value(get(store.acquireLease("gateway-1", GATEWAY, 600_000))).epoch();
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Chain chain = Chain.fresh();
        chains.add(chain);
        done.add(
            threads.submit(() -> {
              for (int n = 1; n <= appends; n++) {
                Outcome<Integer> answer =
                    store.append(chain.log(), writer(epoch), chain.next(1), n == appends).join();
                assertThat(value(answer)).isEqualTo(n);
              }
            }));
      }
      for (Future<?> writer : done) {
        writer.get(60, TimeUnit.SECONDS);
      }
      assertThat(groups.get()).isLessThanOrEqualTo(writers * appends);
      assertThat(store.openLogCount()).isZero();
    }
    try (StoreFixture reopened = new StoreFixture(directory)) {
      for (Chain chain : chains) {
        assertThat(value(reopened.store().length(chain.log()))).isEqualTo(appends);
      }
    }
  }

  @Test
  void manyWritersOfOneLogMakeOneChain() throws Exception {
    int writers = 16;
    try (StoreFixture fixture = new StoreFixture(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long epoch = fixture.lease("gateway-1");
      LogId log = StoreFixture.log();
      List<Future<Integer>> won = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String salt = "writer " + i;
        won.add(
            threads.submit(() -> {
              Outcome<Integer> answer = fixture.append(epoch, log, new Chain(log, salt).next(1));
              return answer instanceof Outcome.Done<Integer> ? 1 : 0;
            }));
      }
      int winners = 0;
      for (Future<Integer> writer : won) {
        winners += writer.get(60, TimeUnit.SECONDS);
      }
      assertThat(winners).isEqualTo(1);
      assertThat(value(fixture.store().length(log))).isEqualTo(1);
    }
  }

  @Test
  void afterAFailedWriteTheLogIsReadOnlyUntilARestart() throws Exception {
    AtomicBoolean fail = new AtomicBoolean();
    Chain chain = Chain.fresh();
    long epoch;
    List<ByteString> lost;
    try (LogStore store =
        LogStore.open(
            directory,
            EntryKeys.NONE,
            System::nanoTime,
            CommitListener.NONE,
            real ->
                batch -> {
                  if (fail.get()) {
                    throw new StoreException("no space left on device", false);
                  }
                  real.write(batch);
                })) {
      epoch = value(get(store.acquireLease("gateway-1", GATEWAY, 60_000))).epoch();
      value(get(store.append(chain.log(), writer(epoch), chain.next(1), false)));
      fail.set(true);
      lost = chain.next(1);
      assertThat(reason(get(store.append(chain.log(), writer(epoch), lost, false))))
          .isEqualTo("LOG_UNAVAILABLE");
      fail.set(false);
      assertThat(reason(get(store.append(chain.log(), writer(epoch), lost, false))))
          .isEqualTo("LOG_UNAVAILABLE");
      assertThat(reason(get(store.acquireLease("gateway-2", GATEWAY, 60_000))))
          .isEqualTo("LOG_UNAVAILABLE");
      assertThat(store.unwritable()).hasValueSatisfying(why -> assertThat(why).contains("space"));
      assertThat(value(store.length(chain.log()))).isEqualTo(1);
    }
    try (StoreFixture reopened = new StoreFixture(directory)) {
      assertThat(value(reopened.append(epoch, chain.log(), lost))).isEqualTo(2);
    }
  }

  @Test
  void anErrorWhileWritingLeavesNobodyWithoutAnAnswer() throws Exception {
    CompletableFuture<String> told = new CompletableFuture<>();
    CommitListener listener =
        new CommitListener() {
          @Override
          public void committed(int changes, int entries, long nanos) {}

          @Override
          public void unwritable(String why) {
            told.complete(why);
          }
        };
    try (LogStore store =
        LogStore.open(
            directory,
            EntryKeys.NONE,
            System::nanoTime,
            listener,
            real ->
                batch -> {
                  throw new OutOfMemoryError("made up by the test");
                })) {
      assertThat(reason(get(store.acquireLease("gateway-1", GATEWAY, 60_000))))
          .isEqualTo("LOG_UNAVAILABLE");
      assertThat(get(told)).contains("made up");
    }
  }

  @Test
  void aStoreIsOpenOnce() throws Exception {
    try (StoreFixture first = new StoreFixture(directory)) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> new StoreFixture(directory))
          .withMessageContaining("lock");
      first.lease("gateway-1");
    }
  }

  @Test
  void aStoppedStoreRefusesInsteadOfLettingCallersHang() throws Exception {
    StoreFixture fixture = new StoreFixture(directory);
    long epoch = fixture.lease("gateway-1");
    fixture.close();
    Chain chain = Chain.fresh();
    assertThat(reason(fixture.append(epoch, chain.log(), chain.next(1))))
        .isEqualTo("LOG_UNAVAILABLE");
  }
}
