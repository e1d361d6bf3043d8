package org.odap.ledger.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.ledger.fabric.chaincode.Actors.COINS;
import static org.odap.ledger.fabric.chaincode.Actors.DEEDS;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every sequence of up to five calls around one transfer that has both its sides on one ledger:
 * whatever is called in whatever order, what there is plus what is extinguished minus what was
 * created stays the same, and the ledger's records of one thing agree.
 */
class ExplorationTest {
  private static final int LENGTH_MAX = 5;

  private final Actors actors = new Actors().withAlicesAssets();
  private final InMemoryChannel channel = actors.channel;
  private final Transfer transfer = Transfer.of(actors);
  private final Transfer other = Transfer.of(actors);
  private final String expiry = actors.expiry();

  /** States that were gone on from, with the number of calls that were left. */
  private final Map<String, Integer> explored = new HashMap<>();

  private final Map<String, Runnable> calls = new LinkedHashMap<>();
  private final Set<String> effective = new HashSet<>();

  @ParameterizedTest
  @CsvSource({"deeds, 7, 8", "coins, 60, 60"})
  @Tag("ARCH-6")
  void noSequenceOfStepsMakesOrLosesAssets(String assetClass, String outgoing, String incoming) {
    calls.put("lock", () -> transfer.lock(assetClass, outgoing, actors.alicesAccount, expiry));
    calls.put(
        "lock by another", () -> other.lock(assetClass, outgoing, actors.alicesAccount, expiry));
    calls.put("unlock", transfer::unlock);
    calls.put("unlock expired", () -> transfer.unlockExpired(actors.bob));
    calls.put("finalize", transfer::finalizeLock);
    calls.put("location", () -> transfer.recordLocation("0x1"));
    calls.put("announce", () -> transfer.logIncoming(assetClass, incoming, actors.bobsAccount));
    calls.put("create", transfer::create);
    calls.put("withdraw", transfer::withdraw);
    calls.put(
        "approve", () -> channel.submit(actors.alice, "Approve", assetClass, outgoing, "AlphaMSP"));
    calls.put(
        "move",
        () -> channel.submit(actors.alice, "TransferAsset", assetClass, outgoing, "AlphaMSP/bob"));
    calls.put(
        "move on",
        () -> channel.submit(actors.bob, "TransferAsset", assetClass, incoming, "AlphaMSP/alice"));
    calls.put("expire", () -> channel.clock().advance(Duration.ofHours(1)));

    explore(assetClass, channel.supply(actors.alice, assetClass), LENGTH_MAX, "");

    assertThat(effective).as("calls that were ever accepted").isEqualTo(calls.keySet());
  }

  private void explore(String assetClass, BigInteger total, int left, String before) {
    NavigableMap<String, InMemoryChannel.Versioned> state = channel.state();
    Instant time = channel.clock().instant();
    for (Map.Entry<String, Runnable> call : calls.entrySet()) {
      String sequence = before + call.getKey() + "; ";
      try {
        call.getValue().run();
        effective.add(call.getKey());
        assertHolds(assetClass, total, sequence);
        if (left > 1 && explored.getOrDefault(fingerprint(), 0) < left - 1) {
          explored.put(fingerprint(), left - 1);
          explore(assetClass, total, left - 1, sequence);
        }
      } catch (ChaincodeException e) {
        // Refused: nothing was changed, so nothing new can follow.
        assertThat(channel.state()).as(sequence).isEqualTo(state);
      }
      channel.restore(state);
      channel.clock().set(time);
    }
  }

  private void assertHolds(String assetClass, BigInteger total, String sequence) {
    BigInteger gone = gone(transfer).add(gone(other));
    assertThat(channel.supply(actors.alice, assetClass).add(gone)).as(sequence).isEqualTo(total);
    // What is listed by account is what there is.
    BigInteger listed =
        listed(assetClass, actors.alicesAccount).add(listed(assetClass, actors.bobsAccount));
    assertThat(channel.supply(actors.alice, assetClass)).as(sequence).isEqualTo(listed);
  }

  private BigInteger listed(String assetClass, String account) {
    BigInteger sum = BigInteger.ZERO;
    for (JsonNode holding : channel.evaluate(actors.alice, "GetHoldings", account)) {
      assertThat(holding.get("account").asText()).isEqualTo(account);
      if (holding.get("assetClass").asText().equals(assetClass)) {
        BigInteger units =
            assetClass.equals(COINS)
                ? new BigInteger(holding.get("amount").asText())
                : BigInteger.ONE;
        assertThat(units).isPositive();
        sum = sum.add(units);
      }
    }
    return sum;
  }

  /** What a transfer has taken from this ledger, less what it has brought. */
  private BigInteger gone(Transfer of) {
    JsonNode record = channel.evaluate(actors.alice, "GetTransfer", of.id());
    return units(record.get("outgoing"), "EXTINGUISHED")
        .subtract(units(record.get("incoming"), "CREATED"));
  }

  private static BigInteger units(JsonNode side, String state) {
    if (side.isNull() || !side.get("state").asText().equals(state)) {
      return BigInteger.ZERO;
    }
    return side.get("assetClass").asText().equals(DEEDS)
        ? BigInteger.ONE
        : new BigInteger(side.get("idOrAmount").asText());
  }

  /** The state without what tells transactions apart but decides nothing. */
  private String fingerprint() {
    List<String> parts = List.of("\"transactionId\":\"tx[0-9]+\"", "\"timestamp\":\"[0-9]+\"");
    Map<String, String> state = new TreeMap<>();
    channel
        .state()
        .forEach((key, value) -> {
          String text = value.value();
          for (String part : parts) {
            text = text.replaceAll(part, "");
          }
          state.merge(key.replaceAll("tx[0-9]+", "tx"), text, String::concat);
        });
    return state.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining("\n"))
        + channel.now();
  }
}
