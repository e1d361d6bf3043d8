package org.odap.ledger.fabric.chaincode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.shim.ChaincodeException;

/**
 * A channel with this chaincode alone: versioned state, and the commit's check that nothing which a
 * transaction has read was changed since.
 */
final class InMemoryChannel {
  static final Duration TOLERANCE = Duration.ofSeconds(10);

  private final SettableClock clock = new SettableClock();
  private final OdapContract contract = new OdapContract(clock, TOLERANCE);
  private NavigableMap<String, Versioned> committed = new TreeMap<>();
  private long blocks;
  private long transactions;
  private Duration clientsAhead = Duration.ZERO;
  private final List<String> events = new ArrayList<>();

  /** What is under a key, and in which block it was written. */
  record Versioned(String value, long version) {}

  SettableClock clock() {
    return clock;
  }

  long now() {
    return clock.millis();
  }

  /** How far the clients' clock is before the endorser's. */
  void setClientsAhead(Duration ahead) {
    clientsAhead = ahead;
  }

  /** Names and payloads of the events of committed transactions. */
  List<String> events() {
    return events;
  }

  NavigableMap<String, Versioned> state() {
    return new TreeMap<>(committed);
  }

  void restore(NavigableMap<String, Versioned> state) {
    committed = new TreeMap<>(state);
  }

  /** Simulates and commits; a refusal is thrown. */
  ObjectNode submit(Identity creator, String... call) {
    Simulated simulated = simulate(creator, call);
    if (!commit(simulated.simulation())) {
      throw new IllegalStateException("A transaction alone can't conflict");
    }
    return Json.read(simulated.answer().getBytes(StandardCharsets.UTF_8), ObjectNode.class);
  }

  /** Simulates only. */
  JsonNode evaluate(Identity creator, String... call) {
    String answer = simulate(creator, call).answer();
    return Json.read(answer.getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  /** What a simulation answered. */
  record Simulated(Simulation simulation, String answer) {}

  Simulated simulate(Identity creator, String... call) {
    return simulateSigned(creator, "odap", List.of(call), call);
  }

  /** With another call signed than made, as when another chaincode calls. */
  Simulated simulateSigned(
      Identity creator, String signedChaincode, List<String> signed, String... call) {
    Simulation simulation =
        new Simulation(
            committed,
            "tx" + ++transactions,
            creator,
            Instant.now(clock).plus(clientsAhead),
            List.of(call),
            signedChaincode,
            signed);
    return new Simulated(simulation, run(simulation));
  }

  /** Whether the transaction is valid; only then it has effects. */
  boolean commit(Simulation simulation) {
    blocks++;
    boolean valid =
        simulation.reads().entrySet().stream()
                .allMatch(read -> version(read.getKey()) == read.getValue())
            && simulation.ranges().stream().allMatch(this::isUnchanged);
    if (valid) {
      simulation.writes().forEach(this::write);
      simulation
          .event()
          .ifPresent(e -> events.add(e.getEventName() + " " + e.getPayload().toStringUtf8()));
    }
    return valid;
  }

  BigInteger supply(Identity anybody, String assetClass) {
    return new BigInteger(evaluate(anybody, "GetSupply", assetClass).get("supply").asText());
  }

  private long version(String key) {
    return Optional.ofNullable(committed.get(key)).map(Versioned::version).orElse(-1L);
  }

  private boolean isUnchanged(Simulation.Range range) {
    NavigableMap<String, Long> now = new TreeMap<>();
    committed
        .subMap(range.from(), true, range.to(), true)
        .forEach((key, value) -> now.put(key, value.version()));
    return now.equals(range.seen());
  }

  private void write(String key, Optional<String> value) {
    value.ifPresentOrElse(
        v -> committed.put(key, new Versioned(v, blocks)), () -> committed.remove(key));
  }

  /** As the shim runs a function of a contract. */
  private String run(Simulation simulation) {
    Context context = contract.createContext(simulation);
    Method function =
        Arrays.stream(OdapContract.class.getMethods())
            .filter(m -> m.isAnnotationPresent(Transaction.class))
            .filter(m -> m.getAnnotation(Transaction.class).name().equals(simulation.getFunction()))
            .findAny()
            .orElseThrow();
    List<Object> arguments = new ArrayList<>(simulation.getParameters());
    arguments.addFirst(context);
    try {
      return (String) function.invoke(contract, arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ChaincodeException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
