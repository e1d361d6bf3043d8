package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.log.store.StoreFixture.DURATION_MILLIS;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.reason;
import static org.odap.log.store.StoreFixture.writer;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/**
 * Random requests, restarts and passing time, against a second implementation that keeps lists in
 * memory. Every answer and everything readable must be the same.
 */
@Tag("2PC-1")
class ModelTest {
  private static final int STEPS = 1500;

  @TempDir Path directory;

  /** The second implementation, as simple as the rules can be said. */
  private static final class Model {
    final Map<LogId, List<ByteString>> logs = new HashMap<>();
    final Map<LogId, Long> owners = new HashMap<>();
    final Set<LogId> closed = new HashSet<>();
    final Map<Long, Integer> leftMillis = new HashMap<>();
    final Map<Long, String> holders = new HashMap<>();
    final Map<Long, Long> heirs = new HashMap<>();
    long lastEpoch;

    String append(long epoch, LogId log, int first, List<ByteString> entries, boolean close) {
      String refusal = fence(epoch, log);
      if (!refusal.isEmpty()) {
        return refusal;
      }
      List<ByteString> stored = logs.getOrDefault(log, List.of());
      int last = first - 1 + entries.size();
      if (last <= stored.size()) {
        boolean same = stored.subList(first - 1, last).equals(entries);
        boolean mayClose = !close || closed.contains(log) || last == stored.size();
        if (same && mayClose && close) {
          closed.add(log);
        }
        return same && mayClose ? "done" : "LOG_NOT_CONTINUED";
      }
      if (closed.contains(log)) {
        return "LOG_CLOSED";
      }
      if (first != stored.size() + 1) {
        return "LOG_NOT_CONTINUED";
      }
      owners.put(log, epoch);
      logs.computeIfAbsent(log, l -> new ArrayList<>()).addAll(entries);
      if (close) {
        closed.add(log);
      }
      return "done";
    }

    String fence(long epoch, LogId log) {
      if (owners.getOrDefault(log, epoch) != epoch) {
        return "EPOCH_STALE";
      }
      return leftMillis.containsKey(epoch) ? "" : "LEASE_LOST";
    }

    long acquire(String holder) {
      lastEpoch++;
      List.copyOf(leftMillis.keySet()).stream()
          .filter(epoch -> holders.get(epoch).equals(holder))
          .forEach(epoch -> {
            leftMillis.remove(epoch);
            heirs.put(epoch, lastEpoch);
          });
      leftMillis.put(lastEpoch, DURATION_MILLIS);
      holders.put(lastEpoch, holder);
      return lastEpoch;
    }

    boolean renew(long epoch) {
      return leftMillis.computeIfPresent(epoch, (e, left) -> DURATION_MILLIS) != null;
    }

    void pass(int millis) {
      leftMillis.replaceAll((epoch, left) -> left - millis);
      leftMillis.values().removeIf(left -> left <= 0);
    }

    Set<LogId> claim(long epoch) {
      Set<LogId> free = new TreeSet<>(logs.keySet());
      free.removeIf(log -> closed.contains(log) || leftMillis.containsKey(owners.get(log)));
      heirs.values().removeIf(heir -> !leftMillis.containsKey(heir));
      free.removeIf(log -> heirs.getOrDefault(owners.get(log), epoch) != epoch);
      free.forEach(log -> heirs.put(owners.get(log), epoch));
      free.forEach(log -> owners.put(log, epoch));
      return free;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theStoreDoesWhatTheModelDoes(long seed) throws DamagedStoreException {
    Random random = new Random(seed);
    Model model = new Model();
    Map<LogId, List<ByteString>> planned = new HashMap<>();
    List<LogId> logs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Chain chain = new Chain(Chain.log(new UUID(seed, random.nextLong()), "sender"));
      logs.add(chain.log());
      planned.put(chain.log(), chain.next(60));
    }
    try (StoreFixture fixture = new StoreFixture(directory)) {
      for (int step = 0; step < STEPS; step++) {
        String what = "seed %d step %d".formatted(seed, step);
        long epoch = 1 + random.nextLong(model.lastEpoch + 1);
        LogId log = logs.get(random.nextInt(logs.size()));
        switch (random.nextInt(120)) {
          case 0 -> {
            fixture.restart();
            model.heirs.clear();
            // Only leases that were alive in the model: one nobody saw end may live again.
            Set<Long> alive = Set.copyOf(model.leftMillis.keySet());
            alive.forEach(model::renew);
            revive(fixture, model);
          }
          case 1, 10, 11 -> {
            fixture.time.passMillis(DURATION_MILLIS / 3);
            model.pass(DURATION_MILLIS / 3);
          }
          case 2, 3, 12, 13 -> {
            String holder = "gateway-" + random.nextInt(3);
            assertThat(fixture.lease(holder)).as(what).isEqualTo(model.acquire(holder));
          }
          case 4, 14 -> {
            get(fixture.store().releaseLease(writer(epoch)));
            model.leftMillis.remove(epoch);
          }
          case 5, 6, 7, 15, 16, 17 ->
              assertThat(fixture.store().renewLease(writer(epoch)).isPresent())
                  .as(what)
                  .isEqualTo(model.renew(epoch));
          case 8, 9, 18, 19 -> claim(fixture, model, epoch, what);
          default -> append(fixture, model, random, log, epoch, planned.get(log), what);
        }
      }
      compare(fixture, model, logs);
      fixture.restart();
      compare(fixture, model, logs);
    }
  }

  /** What ran out unseen before a restart has its duration again: the model learns it. */
  private static void revive(StoreFixture fixture, Model model) {
    for (long epoch = 1; epoch <= model.lastEpoch; epoch++) {
      if (fixture.store().renewLease(writer(epoch)).isPresent()) {
        model.leftMillis.put(epoch, DURATION_MILLIS);
      }
    }
  }

  private static void claim(StoreFixture fixture, Model model, long epoch, String what) {
    Outcome<List<LogId>> answer = get(fixture.store().claimLogs(writer(epoch), 0));
    if (model.leftMillis.containsKey(epoch)) {
      assertThat(new TreeSet<>(StoreFixture.value(answer))).as(what).isEqualTo(model.claim(epoch));
    } else {
      assertThat(reason(answer)).as(what).isEqualTo("LEASE_LOST");
    }
  }

  private static void append(
      StoreFixture fixture,
      Model model,
      Random random,
      LogId log,
      long epoch,
      List<ByteString> planned,
      String what) {
    // Mostly by the owner and at the end, else anywhere by anybody.
    long writer = random.nextInt(4) > 0 ? model.owners.getOrDefault(log, epoch) : epoch;
    int length = model.logs.getOrDefault(log, List.of()).size();
    int first =
        random.nextInt(4) > 0
            ? Math.min(length + 1, planned.size())
            : 1 + random.nextInt(Math.min(planned.size(), length + 3));
    int last = Math.min(planned.size(), first + random.nextInt(3));
    boolean close = random.nextInt(60) == 0;
    List<ByteString> entries = planned.subList(first - 1, last);
    String expected = model.append(writer, log, first, entries, close);
    Outcome<Integer> answer = get(fixture.store().append(log, writer(writer), entries, close));
    assertThat(reason(answer)).as(what).isEqualTo(expected);
    if (answer instanceof Outcome.Done<Integer>(Integer index)) {
      assertThat(index).as(what).isEqualTo(last);
    }
  }

  private static void compare(StoreFixture fixture, Model model, List<LogId> logs) {
    for (LogId log : logs) {
      List<ByteString> expected = model.logs.getOrDefault(log, List.of());
      ByteString[] stored = new ByteString[expected.size()];
      Arrays.setAll(stored, i -> StoreFixture.value(fixture.store().entry(log, i + 1)).bytes());
      assertThat(List.of(stored)).isEqualTo(expected);
      assertThat(fixture.store().head(log).isPresent()).isEqualTo(!expected.isEmpty());
      assertThat(fixture.store().head(log).map(LogHead::closed).orElse(false))
          .isEqualTo(model.closed.contains(log));
    }
  }
}
