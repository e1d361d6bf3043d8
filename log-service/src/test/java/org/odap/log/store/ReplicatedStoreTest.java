package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.reason;
import static org.odap.log.store.StoreFixture.value;
import static org.odap.log.store.StoreFixture.writer;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.encryption.EntryKeys;

/** What nodes do with the batches of those that lead, whoever does; no network between them. */
@Tag("OURS-8")
class ReplicatedStoreTest {
  @TempDir Path folder;
  private final ManualTime time = new ManualTime();
  private final List<byte[]> raftLog = new ArrayList<>();
  private ReplicatedStore first;
  private ReplicatedStore second;

  @BeforeEach
  void open() throws DamagedStoreException {
    first = ReplicatedStore.open(folder.resolve("first"), EntryKeys.NONE);
    second = ReplicatedStore.open(folder.resolve("second"), EntryKeys.NONE);
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  /** Puts a batch into the one log that all nodes follow; both take it over at once. */
  private boolean agree(byte[] batch) {
    raftLog.add(batch);
    boolean written = first.apply(1, raftLog.size(), ByteBuffer.wrap(batch));
    assertThat(second.apply(1, raftLog.size(), ByteBuffer.wrap(batch))).isEqualTo(written);
    return written;
  }

  private static long lease(LogStore store) {
    return value(get(store.acquireLease("gateway-1", StoreFixture.GATEWAY, 10_000))).epoch();
  }

  private LogStore lead(ReplicatedStore node) {
    return node.lead(this::agree, time, CommitListener.NONE);
  }

  @Test
  void whoLeadsNextGoesOnWhereTheOtherStopped() {
    Chain chain = Chain.fresh();
    List<ByteString> written = chain.next(2);
    long epoch;
    try (LogStore led = lead(first)) {
      epoch = lease(led);
      value(get(led.append(chain.log(), writer(epoch), written, false)));
    }

    try (LogStore led = lead(second)) {
      assertThat(value(led.lastEntry(chain.log())).bytes()).isEqualTo(written.getLast());
      assertThat(value(get(led.append(chain.log(), writer(epoch), chain.next(1), true))))
          .isEqualTo(3);
      assertThat(lease(led)).isGreaterThan(epoch);
    }
    assertThat(first.position()).isEqualTo(second.position());
  }

  @Test
  void aBatchJudgedBeforeAnotherNodeLedIsLeftOutByAll() {
    Chain chain = Chain.fresh();
    List<ByteString> entries = chain.next(1);
    List<byte[]> late = new ArrayList<>();
    long epoch;
    try (LogStore led = lead(first)) {
      epoch = lease(led);
    }
    LogStore before =
        first.lead(
            batch ->
                NumberedBatch.writes(ByteBuffer.wrap(batch)).count() == 0
                    ? agree(batch)
                    : !late.add(batch),
            time,
            CommitListener.NONE);
    assertThat(reason(get(before.append(chain.log(), writer(epoch), entries, false))))
        .isEqualTo("LOG_UNAVAILABLE");
    before.close();

    try (LogStore led = lead(second)) {
      assertThat(late).hasSize(1);
      assertThat(agree(late.getFirst())).as("written after all").isFalse();
      assertThat(reason(led.length(chain.log()))).isEqualTo("LOG_UNKNOWN");
      assertThat(value(get(led.append(chain.log(), writer(epoch), entries, false)))).isEqualTo(1);
    }
  }

  @Test
  void whoLeadsNoLongerWritesNothingAnyMore() {
    LogStore former = lead(first);
    long epoch = lease(former);
    try (LogStore led = lead(second)) {
      Chain chain = Chain.fresh();
      assertThat(reason(get(former.append(chain.log(), writer(epoch), chain.next(1), false))))
          .isEqualTo("LOG_UNAVAILABLE");
      assertThat(reason(led.length(chain.log()))).isEqualTo("LOG_UNKNOWN");
    }
    former.close();
  }

  @Test
  void whatWasWrittenBeforeARestartIsNotWrittenAgain() throws DamagedStoreException {
    Chain chain = Chain.fresh();
    try (LogStore led = lead(first)) {
      value(get(led.append(chain.log(), writer(lease(led)), chain.next(2), false)));
    }
    ReplicatedPosition position = first.position();
    first.close();
    first = ReplicatedStore.open(folder.resolve("first"), EntryKeys.NONE);
    assertThat(first.position()).isEqualTo(position);

    for (int i = 0; i < raftLog.size(); i++) {
      assertThat(first.apply(1, i + 1, ByteBuffer.wrap(raftLog.get(i)))).isTrue();
    }
    assertThat(first.position()).isEqualTo(position);
  }

  @Test
  void aCheckpointTakesThePlaceOfANodesCopy() throws DamagedStoreException {
    Chain chain = Chain.fresh();
    try (LogStore led = lead(first)) {
      value(get(led.append(chain.log(), writer(lease(led)), chain.next(2), false)));
    }
    Path checkpoint = folder.resolve("checkpoint");
    first.checkpoint(checkpoint);
    try (ReplicatedStore third = ReplicatedStore.open(folder.resolve("third"), EntryKeys.NONE)) {
      third.replaceBy(checkpoint);

      assertThat(third.position()).isEqualTo(first.position());
      try (LogStore led =
          third.lead(
              batch -> third.apply(2, 99, ByteBuffer.wrap(batch)), time, CommitListener.NONE)) {
        assertThat(value(led.length(chain.log()))).isEqualTo(2);
      }
    }
  }

  @Test
  void aCrashDuringAnExchangeLeavesTheOneOrTheOther() throws IOException, DamagedStoreException {
    Path node = folder.resolve("first");
    ReplicatedPosition before;
    try (LogStore led = lead(first)) {
      long _ = lease(led);
      before = first.position();
    }
    first.checkpoint(folder.resolve("checkpoint"));
    first.close();

    DatabaseExchange.prepare(new StoreFiles(node), folder.resolve("checkpoint"));
    Files.delete(node.resolve("db-incoming/CURRENT"));
    first = ReplicatedStore.open(node, EntryKeys.NONE);
    assertThat(first.position()).isEqualTo(before);
    first.close();

    DatabaseExchange.prepare(new StoreFiles(node), folder.resolve("checkpoint"));
    Files.move(node.resolve("db"), node.resolve("db-outgoing"));
    first = ReplicatedStore.open(node, EntryKeys.NONE);
    assertThat(first.position()).isEqualTo(before);
    assertThat(node.resolve("db-incoming")).doesNotExist();
    assertThat(node.resolve("db-outgoing")).doesNotExist();
  }

  @Test
  void aCopyFollowsAnotherRaftLogFromItsStart() {
    Chain chain = Chain.fresh();
    long epoch;
    try (LogStore led = lead(first)) {
      epoch = lease(led);
      value(get(led.append(chain.log(), writer(epoch), chain.next(2), false)));
    }
    first.beginAnew();

    List<byte[]> another = new ArrayList<>();
    try (LogStore led =
        first.lead(
            batch -> {
              another.add(batch);
              return first.apply(1, another.size(), ByteBuffer.wrap(batch));
            },
            time,
            CommitListener.NONE)) {
      assertThat(value(get(led.append(chain.log(), writer(epoch), chain.next(1), false))))
          .isEqualTo(3);
    }
    assertThat(first.position().index()).isEqualTo(another.size());
  }

  @Test
  void nobodyLeadsAgainstOthersWhoWriteAllTheTime() {
    assertThatThrownBy(() -> first.lead(batch -> false, time, CommitListener.NONE))
        .isInstanceOf(StoreException.class);
  }
}
