package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.reason;
import static org.odap.log.store.StoreFixture.value;
import static org.odap.log.store.StoreFixture.writer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.api.log.v1.LogEntry;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/** Every rule of appending, reading and listing, each broken once. */
class LogStoreTest {
  @TempDir Path directory;
  private StoreFixture fixture;
  private LogStore store;
  private long epoch;

  @BeforeEach
  void open() throws DamagedStoreException {
    fixture = new StoreFixture(directory);
    store = fixture.store();
    epoch = fixture.lease("gateway-1");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  @Tag("2PC-1")
  void whatIsWrittenIsReadBackByteForByte() {
    Chain chain = Chain.fresh();
    List<ByteString> written = chain.next(3);

    assertThat(value(fixture.append(epoch, chain.log(), written.subList(0, 1)))).isEqualTo(1);
    assertThat(value(fixture.append(epoch, chain.log(), written.subList(1, 3)))).isEqualTo(3);

    assertThat(value(store.length(chain.log()))).isEqualTo(3);
    assertThat(value(store.entry(chain.log(), 2)).bytes()).isEqualTo(written.get(1));
    assertThat(value(store.lastEntry(chain.log())).bytes()).isEqualTo(written.get(2));
  }

  @Test
  @Tag("2PC-1")
  void whatIsWrittenIsThereAfterARestart() throws DamagedStoreException {
    Chain open = Chain.fresh();
    Chain closed = Chain.fresh();
    List<ByteString> written = open.next(3);
    value(fixture.append(epoch, open.log(), written));
    value(fixture.close(epoch, closed.log(), closed.next(2)));

    fixture.restart();
    store = fixture.store();

    assertThat(value(store.entry(open.log(), 3)).bytes()).isEqualTo(written.get(2));
    assertThat(store.head(closed.log()).orElseThrow().closed()).isTrue();
    assertThat(value(fixture.append(epoch, open.log(), open.next(1)))).isEqualTo(4);
    assertThat(reason(fixture.append(epoch, closed.log(), closed.next(1)))).isEqualTo("LOG_CLOSED");
  }

  @Test
  void fieldsThisVersionDoesNotKnowAreKept() {
    Chain chain = Chain.fresh();
    ByteString unknownField = ByteString.copyFrom(new byte[] {(byte) 0xFA, 0x3F, 1, 'x'});
    ByteString entry = chain.next().concat(unknownField);
    value(fixture.append(epoch, chain.log(), List.of(entry)));
    assertThat(value(store.entry(chain.log(), 1)).bytes()).isEqualTo(entry);
  }

  @Test
  void unknownLogsAndEntriesAreRefused() {
    Chain chain = Chain.fresh();
    value(fixture.append(epoch, chain.log(), chain.next(2)));

    LogId other = StoreFixture.log();
    assertThat(reason(store.length(other))).isEqualTo("LOG_UNKNOWN");
    assertThat(reason(store.entry(other, 1))).isEqualTo("LOG_UNKNOWN");
    assertThat(reason(store.lastEntry(other))).isEqualTo("LOG_UNKNOWN");
    assertThat(reason(store.entry(chain.log(), 0))).isEqualTo("LOG_ENTRY_UNKNOWN");
    assertThat(reason(store.entry(chain.log(), 3))).isEqualTo("LOG_ENTRY_UNKNOWN");
    assertThat(reason(store.entry(chain.log(), -1))).isEqualTo("LOG_ENTRY_UNKNOWN");
  }

  @Test
  void anAppendThatSkipsAnIndexIsRefused() {
    Chain chain = Chain.fresh();
    value(fixture.append(epoch, chain.log(), chain.next(1)));
    chain.next();
    assertThat(reason(fixture.append(epoch, chain.log(), chain.next(1))))
        .isEqualTo("LOG_NOT_CONTINUED");
    assertThat(value(store.length(chain.log()))).isEqualTo(1);
  }

  @Test
  void aLogStartsWithItsFirstEntry() {
    Chain chain = Chain.fresh();
    chain.next();
    assertThat(reason(fixture.append(epoch, chain.log(), chain.next(1))))
        .isEqualTo("LOG_NOT_CONTINUED");
    assertThat(reason(store.length(chain.log()))).isEqualTo("LOG_UNKNOWN");
  }

  @Test
  void anEntryAfterAnotherPredecessorIsRefused() {
    Chain chain = Chain.fresh();
    Chain fork = new Chain(chain.log(), "fork");
    fork.next();
    value(fixture.append(epoch, chain.log(), chain.next(1)));
    assertThat(reason(fixture.append(epoch, chain.log(), fork.next(1))))
        .isEqualTo("LOG_NOT_CONTINUED");
  }

  @Test
  void theFirstEntryHasNoPredecessor() {
    Chain chain = Chain.fresh();
    ByteString entry =
        chain.nextEntry().setLastEntryHash(Chain.hash("something")).build().toByteString();
    assertThat(reason(fixture.append(epoch, chain.log(), List.of(entry))))
        .isEqualTo("LOG_NOT_CONTINUED");
  }

  @Test
  void entriesOfOneAppendFormAChain() {
    Chain chain = Chain.fresh();
    List<ByteString> entries = new ArrayList<>(chain.next(3));
    Collections.swap(entries, 1, 2);
    assertThat(reason(fixture.append(epoch, chain.log(), entries))).isEqualTo("LOG_NOT_CONTINUED");
    assertThat(reason(store.length(chain.log()))).isEqualTo("LOG_UNKNOWN");
  }

  @Test
  @Tag("2PC-1")
  void aRepeatIsAnsweredTheSameAndChangesNothing() {
    Chain chain = Chain.fresh();
    List<ByteString> first = chain.next(3);
    value(fixture.append(epoch, chain.log(), first));
    value(fixture.append(epoch, chain.log(), chain.next(2)));

    assertThat(value(fixture.append(epoch, chain.log(), first))).isEqualTo(3);
    assertThat(value(store.length(chain.log()))).isEqualTo(5);
  }

  @Test
  void aRepeatOnAClosedLogIsAnsweredTheSame() {
    Chain chain = Chain.fresh();
    List<ByteString> only = chain.next(2);
    value(fixture.close(epoch, chain.log(), only));
    assertThat(value(fixture.close(epoch, chain.log(), only))).isEqualTo(2);
    assertThat(value(fixture.append(epoch, chain.log(), only))).isEqualTo(2);
    assertThat(store.head(chain.log()).orElseThrow().closed()).isTrue();
  }

  @Test
  void aRepeatWithOtherEntriesIsRefused() {
    Chain chain = Chain.fresh();
    Chain fork = new Chain(chain.log(), "fork");
    value(fixture.append(epoch, chain.log(), chain.next(2)));
    assertThat(reason(fixture.append(epoch, chain.log(), fork.next(2))))
        .isEqualTo("LOG_NOT_CONTINUED");
  }

  @Test
  void anAppendThatOverlapsTheEndIsRefusedWhole() {
    Chain chain = Chain.fresh();
    List<ByteString> entries = chain.next(3);
    value(fixture.append(epoch, chain.log(), entries.subList(0, 2)));
    assertThat(reason(fixture.append(epoch, chain.log(), entries.subList(1, 3))))
        .isEqualTo("LOG_NOT_CONTINUED");
    assertThat(value(store.length(chain.log()))).isEqualTo(2);
  }

  @Test
  void aRepeatThatAlsoClosesClosesTheLogItEnds() {
    Chain chain = Chain.fresh();
    List<ByteString> entries = chain.next(2);
    value(fixture.append(epoch, chain.log(), entries));
    assertThat(reason(fixture.close(epoch, chain.log(), entries.subList(0, 1))))
        .isEqualTo("LOG_NOT_CONTINUED");
    assertThat(value(fixture.close(epoch, chain.log(), entries))).isEqualTo(2);
    assertThat(store.head(chain.log()).orElseThrow().closed()).isTrue();
  }

  @Test
  void aClosedLogTakesNothingMore() {
    Chain chain = Chain.fresh();
    value(fixture.close(epoch, chain.log(), chain.next(2)));
    assertThat(reason(fixture.append(epoch, chain.log(), chain.next(1)))).isEqualTo("LOG_CLOSED");
  }

  @Test
  void malformedEntriesAreRefused() {
    assertRefused(entry -> entry.clearSeqNumber(), "FIELD_INVALID");
    assertRefused(entry -> entry.setSeqNumber(-1), "FIELD_INVALID");
    assertRefused(entry -> entry.setSessionId(UUID.randomUUID().toString()), "FIELD_INVALID");
    assertRefused(entry -> entry.clearLogEntryHash(), "FIELD_INVALID");
    assertRefused(
        entry -> entry.setLogEntryHash(entry.getLogEntryHash().toUpperCase(Locale.ROOT)),
        "FIELD_INVALID");
    assertRefused(entry -> entry.setLastEntryHash("abc"), "FIELD_INVALID");
    assertRefused(entry -> entry.clearPayload(), "FIELD_MISSING");
    assertRefused(entry -> entry.setSourceGatewayUid("x".repeat(Entry.SIZE_MAX)), "FIELD_INVALID");
  }

  private void assertRefused(UnaryOperator<LogEntry.Builder> mistake, String expected) {
    Chain chain = Chain.fresh();
    ByteString entry = mistake.apply(chain.nextEntry()).build().toByteString();
    assertThat(reason(fixture.append(epoch, chain.log(), List.of(entry)))).isEqualTo(expected);
  }

  @Test
  void bytesThatAreNoEntryAreRefused() {
    ByteString noise = ByteString.copyFromUtf8("no protobuf message");
    assertThat(reason(fixture.append(epoch, StoreFixture.log(), List.of(noise))))
        .isEqualTo("FIELD_INVALID");
  }

  @Test
  void anAppendHasOneToSixtyFourEntries() {
    Chain chain = Chain.fresh();
    assertThat(reason(fixture.append(epoch, chain.log(), List.of()))).isEqualTo("FIELD_MISSING");
    assertThat(reason(fixture.append(epoch, chain.log(), chain.next(65))))
        .isEqualTo("FIELD_INVALID");
    Chain longest = Chain.fresh();
    assertThat(value(fixture.append(epoch, longest.log(), longest.next(64)))).isEqualTo(64);
  }

  @Test
  void anUpdateStoresWhatIsMissing() {
    Chain chain = Chain.fresh();
    List<ByteString> all = chain.next(5);
    value(fixture.append(epoch, chain.log(), all.subList(0, 2)));

    Outcome<Updated> whole = get(store.update(chain.log(), writer(epoch), all.subList(0, 4)));
    assertThat(value(whole)).isEqualTo(Updated.joined(2, 4));
    Outcome<Updated> end = get(store.update(chain.log(), writer(epoch), all.subList(3, 5)));
    assertThat(value(end)).isEqualTo(Updated.joined(4, 5));
    Outcome<Updated> repeat = get(store.update(chain.log(), writer(epoch), all.subList(0, 4)));
    assertThat(value(repeat)).isEqualTo(Updated.joined(4, 5));
    assertThat(value(store.entry(chain.log(), 5)).bytes()).isEqualTo(all.get(4));
  }

  @Test
  void anUpdateCreatesALog() {
    Chain chain = Chain.fresh();
    assertThat(value(get(store.update(chain.log(), writer(epoch), chain.next(3)))))
        .isEqualTo(Updated.joined(0, 3));
  }

  @Test
  void anUpdateThatDoesNotJoinTheLogIsRefused() {
    Chain chain = Chain.fresh();
    Chain fork = new Chain(chain.log(), "fork");
    List<ByteString> forked = fork.next(5);
    List<ByteString> all = chain.next(5);
    value(fixture.append(epoch, chain.log(), all.subList(0, 2)));

    assertThat(reason(get(store.update(chain.log(), writer(epoch), all.subList(3, 5)))))
        .isEqualTo("LOG_NOT_CONTINUED");
    assertThat(reason(get(store.update(chain.log(), writer(epoch), forked.subList(3, 4)))))
        .isEqualTo("LOG_NOT_CONTINUED");
    assertThat(value(store.length(chain.log()))).isEqualTo(2);
  }

  /** Two copies of a log: what each has beyond a common start, and where they are told to part. */
  @ParameterizedTest
  @CsvSource({
    // common, stored, given, first given, told last common, told fork
    "0, 2, 4, 1, 0, 1",
    "2, 4, 4, 1, 2, 3",
    "2, 4, 3, 1, 2, 3",
    "2, 3, 9, 2, 2, 3",
    "2, 4, 6, 3, 2, 3",
    "2, 4, 6, 4, 0, 3",
    "2, 4, 6, 5, 0, 4",
  })
  @Tag("2PC-1")
  void aForkIsToldAndChangesNothing(
      int common, int stored, int given, int firstGiven, int lastCommon, int forkAt)
      throws DamagedStoreException {
    Chain chain = Chain.fresh();
    List<ByteString> ours = chain.next(common);
    List<ByteString> theirs = new ArrayList<>(ours);
    Chain fork = chain.fork("fork");
    ours.addAll(chain.next(stored - common));
    theirs.addAll(fork.next(given - common));
    value(fixture.append(epoch, chain.log(), ours));

    Updated answer =
        value(get(store.update(chain.log(), writer(epoch), theirs.subList(firstGiven - 1, given))));

    assertThat(answer.lastCommonIndex()).isEqualTo(lastCommon);
    assertThat(answer.length()).isEqualTo(stored);
    Fork told = answer.fork().orElseThrow();
    assertThat(told.index()).isEqualTo(forkAt);
    assertThat(told.storedHash()).isEqualTo(hash(ours, forkAt));
    assertThat(told.givenHash()).isEqualTo(hash(theirs, forkAt));
    fixture.restart();
    assertThat(value(fixture.store().length(chain.log()))).isEqualTo(stored);
    assertThat(value(fixture.store().lastEntry(chain.log())).bytes()).isEqualTo(ours.getLast());
  }

  private static String hash(List<ByteString> entries, int index) {
    try {
      return LogEntry.parseFrom(entries.get(index - 1)).getLogEntryHash();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anUpdateIsTakenWholeOrNotAtAll() {
    Chain chain = Chain.fresh();
    List<ByteString> all = new ArrayList<>(chain.next(5));
    value(fixture.append(epoch, chain.log(), all.subList(0, 2)));
    Collections.swap(all, 3, 4);
    assertThat(reason(get(store.update(chain.log(), writer(epoch), all))))
        .isEqualTo("LOG_NOT_CONTINUED");
    assertThat(value(store.length(chain.log()))).isEqualTo(2);
  }

  @Test
  void anUpdateUnderAStaleEpochIsRefusedEvenWhereTheLogsFork() {
    Chain chain = Chain.fresh();
    Chain fork = new Chain(chain.log(), "fork");
    value(fixture.append(epoch, chain.log(), chain.next(2)));
    long other = fixture.lease("gateway-2");
    assertThat(reason(get(store.update(chain.log(), writer(other), fork.next(2)))))
        .isEqualTo("EPOCH_STALE");
    value(get(store.releaseLease(writer(epoch))));
    assertThat(reason(get(store.update(chain.log(), writer(epoch), fork.next(2)))))
        .isEqualTo("LEASE_LOST");
  }

  @Test
  void anUpdateOfAClosedLogAddsNothing() {
    Chain chain = Chain.fresh();
    List<ByteString> all = chain.next(3);
    value(fixture.close(epoch, chain.log(), all.subList(0, 2)));
    assertThat(value(get(store.update(chain.log(), writer(epoch), all.subList(0, 2)))))
        .isEqualTo(Updated.joined(2, 2));
    assertThat(reason(get(store.update(chain.log(), writer(epoch), all)))).isEqualTo("LOG_CLOSED");
  }

  @Test
  void logsAreListedByIdInPages() {
    List<LogId> open = new ArrayList<>();
    List<LogId> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Chain chain = Chain.fresh();
      all.add(chain.log());
      if (i % 2 == 0) {
        open.add(chain.log());
        value(fixture.append(epoch, chain.log(), chain.next(i + 1)));
      } else {
        value(fixture.close(epoch, chain.log(), chain.next(i + 1)));
      }
    }
    Collections.sort(all);
    Collections.sort(open);

    assertThat(store.list(false, "", 100)).extracting(Listed::log).isEqualTo(all);
    assertThat(store.list(true, "", 100)).extracting(Listed::log).isEqualTo(open);
    assertThat(store.list(false, all.get(3).value(), 2))
        .extracting(Listed::log)
        .isEqualTo(all.subList(4, 6));
    assertThat(store.list(true, open.get(1).value(), 2))
        .extracting(Listed::log)
        .isEqualTo(open.subList(2, 4));
  }

  @Test
  void logIdsAreChecked() {
    assertThat(reason(LogId.parse(""))).isEqualTo("FIELD_MISSING");
    assertThat(reason(LogId.parse(UUID.randomUUID().toString()))).isEqualTo("FIELD_INVALID");
    assertThat(reason(LogId.parse(UUID.randomUUID() + "/observer"))).isEqualTo("FIELD_INVALID");
    assertThat(reason(LogId.parse(UUID.randomUUID() + "/sender\0"))).isEqualTo("FIELD_INVALID");
    assertThat(reason(LogId.parse("x".repeat(1 << 20)))).isEqualTo("FIELD_INVALID");
    assertThat(reason(LogId.parse(UUID.randomUUID() + "/recipient"))).isEqualTo("done");
  }
}
