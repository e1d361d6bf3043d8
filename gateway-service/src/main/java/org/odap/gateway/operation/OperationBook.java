package org.odap.gateway.operation;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.Halt;
import org.odap.api.common.v1.HaltKind;
import org.odap.api.common.v1.Limit;
import org.odap.api.common.v1.OperationScope;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.OperationOrder;

/**
 * What is ordered of the gateway: the fold of its operators' orders. Immutable.
 *
 * <p>Invariant: {@code number} is that of the last order; each scope has one halt at most, each
 * name one limit.
 *
 * @param number number of the last order; 0 = none
 * @param postingAgain when trackers were last ordered to be posted to again, by transfer; "" = all
 */
record OperationBook(
    int number,
    Map<OperationScope, Halt> halts,
    Map<String, Limit> limits,
    Map<String, Long> postingAgain,
    Map<Key, ClientRequest> requests) {

  /** Whose request, and which. */
  record Key(String client, String requestId) {}

  /** Nothing is ordered. */
  static final OperationBook EMPTY = new OperationBook(0, Map.of(), Map.of(), Map.of(), Map.of());

  /** The book after the next order. */
  OperationBook with(OperationOrder order) {
    if (order.getNumber() != number + 1) {
      throw new IllegalArgumentException(
          "order " + order.getNumber() + " (expected: " + (number + 1) + ")");
    }
    Map<OperationScope, Halt> nextHalts = new LinkedHashMap<>(halts);
    Map<String, Limit> nextLimits = new LinkedHashMap<>(limits);
    Map<String, Long> nextPostingAgain = new LinkedHashMap<>(postingAgain);
    switch (order.getOrderCase()) {
      case HALT -> {
        Halt halt =
            order.getHalt().toBuilder()
                .setOrderedBy(order.getRequest().getClient())
                .setOrderedAt(order.getOrderedAt())
                .build();
        nextHalts.remove(halt.getScope());
        nextHalts.put(halt.getScope(), halt);
      }
      case RESUMPTION -> {
        if (order.getResumption().hasScope()) {
          nextHalts.remove(order.getResumption().getScope());
        } else {
          nextHalts.clear();
        }
      }
      case LIMIT ->
          nextLimits.put(
              order.getLimit().getName(),
              order.getLimit().toBuilder()
                  .setSetBy(order.getRequest().getClient())
                  .setSetAt(order.getOrderedAt())
                  .build());
      case REMOVED_LIMIT -> nextLimits.remove(order.getRemovedLimit());
      case POSTING_AGAIN ->
          nextPostingAgain.put(order.getPostingAgain().getTransferId(), order.getOrderedAt());
      case ORDER_NOT_SET ->
          throw new IllegalArgumentException(
              "order " + order.getNumber() + " is of a newer version: update this replica first");
    }
    Map<Key, ClientRequest> nextRequests = new LinkedHashMap<>(requests);
    ClientRequest request = order.getRequest();
    nextRequests.put(new Key(request.getClient(), request.getRequestId()), request);
    return new OperationBook(
        order.getNumber(), nextHalts, nextLimits, nextPostingAgain, nextRequests);
  }

  /** What was ordered under a client's key. */
  Optional<ClientRequest> request(ClientRequest key) {
    return Optional.ofNullable(requests.get(new Key(key.getClient(), key.getRequestId())));
  }

  /** The halts in force at an instant, the newest last. */
  List<Halt> halts(long now) {
    return halts.values().stream()
        .filter(halt -> halt.getUntil() == 0 || halt.getUntil() > now)
        .toList();
  }

  /** The halt of everything at an instant; of several kinds there is the last ordered. */
  Optional<Halt> wholeHalt(long now) {
    return halts(now).stream()
        .filter(halt -> halt.getScope().equals(OperationScope.getDefaultInstance()))
        .findFirst();
  }

  /** The maintenance in force at an instant. */
  Optional<Halt> maintenance(long now) {
    return wholeHalt(now).filter(halt -> halt.getKind() == HaltKind.HALT_KIND_MAINTENANCE);
  }

  /** When a transfer's tracker was last ordered to be posted to again; 0 = never. */
  long postingAgainAt(String transferId) {
    return Math.max(postingAgain.getOrDefault("", 0L), postingAgain.getOrDefault(transferId, 0L));
  }

  /** The limits, by name. */
  Collection<Limit> limitsByName() {
    return limits.values().stream().sorted(Comparator.comparing(Limit::getName)).toList();
  }
}
