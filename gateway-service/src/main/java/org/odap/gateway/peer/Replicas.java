package org.odap.gateway.peer;

import static java.util.stream.Collectors.partitioningBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Retry;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.session.Role;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * The ways to the replicas of one gateway: new sessions are proposed to each in turn; of one under
 * way, whichever does not answer, or does not run it, the next is asked (recovery-01 4.2).
 *
 * <p>Mutable: whose turn it is, and which replicas rest.
 */
public final class Replicas implements PeerLink {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);

  /** One that did not answer may be frozen, and connected for a while all the same. */
  private static final Duration REST = Duration.ofSeconds(30);

  private final List<Replica> all;

  /** Those whose turn is passed over, and since when, by {@link System#nanoTime}. */
  private final Map<Replica, Long> resting = new ConcurrentHashMap<>();

  /** Whoever begins at the same time begins with another one. */
  private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt());

  /**
   * One replica.
   *
   * @param pubkey key of its certificate, base64url SPKI DER
   */
  public record Replica(String pubkey, ReplicaLink link) {}

  /** Replicas of one gateway, the primary first; at least one. */
  public Replicas(List<Replica> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Key of the replica that a new session is proposed to: each in turn, but those that did not
   * answer when they were asked last or can't be connected to; the primary when none can. When that
   * one is gone after all, another takes the proposal, but has to say first who it is.
   */
  public String pubkey() {
    if (all.size() == 1) {
      return all.getFirst().pubkey();
    }
    int now = turn.getAndIncrement();
    Map<Boolean, List<Replica>> byRest = all.stream().collect(partitioningBy(this::rests));
    return Stream.concat(turned(byRest.get(false), now), turned(byRest.get(true), now))
        .filter(this::connects)
        .findFirst()
        .orElseGet(all::getFirst)
        .pubkey();
  }

  /** All of a row, from the one on whose turn it is. */
  private static Stream<Replica> turned(List<Replica> row, int now) {
    return IntStream.range(0, row.size())
        .mapToObj(further -> row.get(Math.floorMod(now + further, row.size())));
  }

  private boolean connects(Replica replica) {
    boolean connected = replica.link().connects(CONNECT_LIMIT);
    if (!connected) {
      resting.put(replica, System.nanoTime());
    }
    return connected;
  }

  private boolean rests(Replica replica) {
    Long since = resting.get(replica);
    return since != null && System.nanoTime() - since < REST.toNanos();
  }

  /** Whether any of them can be reached. */
  boolean canBeReached() {
    return all.stream().anyMatch(replica -> replica.link().connects(CONNECT_LIMIT));
  }

  @Override
  public OdapMessage send(OdapMessage request, Role from, String pubkey) {
    Optional<OdapException> first = Optional.empty();
    for (Replica replica : order(pubkey)) {
      try {
        return ask(replica, request);
      } catch (OdapException e) {
        if (isOfTheGateway(e) && !isForAnother(e, replica, pubkey)) {
          throw e;
        }
        // The one that ought to answer says best what is wrong.
        first = first.or(() -> Optional.of(e));
      }
    }
    throw first.orElseThrow();
  }

  /** The machine that should have a key; another replica's says so by its quote. */
  public Machine machine(String pubkey) {
    return order(pubkey).getFirst().link();
  }

  /** A replica has taken over sessions: whoever waits for another one's answer asks it instead. */
  void tookOver(String pubkey) {
    all.stream()
        .filter(replica -> !replica.pubkey().equals(pubkey))
        .forEach(replica -> replica.link().hangUp());
  }

  private OdapMessage ask(Replica replica, OdapMessage request) {
    try {
      OdapMessage answer = replica.link().send(request);
      resting.remove(replica);
      return answer;
    } catch (OdapException e) {
      if (isOfTheGateway(e)) {
        resting.remove(replica);
      } else {
        resting.put(replica, System.nanoTime());
      }
      throw e;
    }
  }

  /**
   * Whether a refusal comes from the replica that runs the session: a later repeat may be taken,
   * but no other replica knows better.
   */
  private static boolean isOfTheGateway(OdapException e) {
    return switch (e.reason()) {
      case ERROR_REASON_TOO_EARLY, ERROR_REASON_CLAIM_NOT_FINAL -> true;
      default -> OdapErrors.retry(e.reason()) != Retry.RETRY_SAME_CALL;
    };
  }

  /**
   * A replica refuses a proposal to one that it does not know as its gateway's: that one takes it
   * when it is back.
   */
  private static boolean isForAnother(OdapException e, Replica replica, String pubkey) {
    return e.reason() == ErrorReason.ERROR_REASON_KEY_WRONG && !replica.pubkey().equals(pubkey);
  }

  private List<Replica> order(String pubkey) {
    List<Replica> order = new ArrayList<>();
    all.stream().filter(replica -> replica.pubkey().equals(pubkey)).forEach(order::add);
    all.stream().filter(replica -> !replica.pubkey().equals(pubkey)).forEach(order::add);
    return order;
  }
}
