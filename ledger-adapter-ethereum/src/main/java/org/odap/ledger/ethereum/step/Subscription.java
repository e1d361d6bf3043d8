package org.odap.ledger.ethereum.step;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.Log;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.finality.FinalityRule;
import org.odap.runtime.ledger.LedgerSubscriber;
import org.odap.runtime.rpc.OdapException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The escrow's events in the chain's order (ODAP 5.10.7), each once its block is final: a repeat
 * from the same cursor gives the same events, whatever a reorganization does in between.
 */
record Subscription(EscrowView view, Chain chain, FinalityRule rule, Duration pollEvery) {

  /** Position after which to go on: all events up to this block and log are known. */
  private record Cursor(long block, long logIndex) {
    static Optional<Cursor> parse(String text) {
      return text.matches("\\d{1,18}-\\d{1,9}")
          ? Optional.of(
              new Cursor(
                  Long.parseLong(text.substring(0, text.indexOf('-'))),
                  Long.parseLong(text.substring(text.indexOf('-') + 1))))
          : Optional.empty();
    }

    boolean isBefore(Log log) {
      return block < log.blockNumber() || (block == log.blockNumber() && logIndex < log.logIndex());
    }

    @Override
    public String toString() {
      return block + "-" + logIndex;
    }
  }

  void serve(SubscribeRequest request, LedgerSubscriber subscriber) {
    Cursor cursor =
        request.getCursor().isEmpty()
            ? new Cursor(chain.blockNumber(), Integer.MAX_VALUE)
            : Cursor.parse(request.getCursor())
                .orElseThrow(() ->
                    OdapException.fieldInvalid(
                        "cursor", request.getCursor(), "the cursor of an earlier event"));
    boolean listening = true;
    while (listening) {
      long head = chain.blockNumber();
      for (Log log : newSince(cursor, head)) {
        Finality finality = rule.judge(chain, log.blockNumber());
        if (!finality.getFinal()) {
          break;
        }
        cursor = new Cursor(log.blockNumber(), log.logIndex());
        if (isWanted(request.getLocation(), log) && !subscriber.send(event(log, finality))) {
          return;
        }
      }
      listening = subscriber.pause(pollEvery);
    }
  }

  private List<Log> newSince(Cursor cursor, long head) {
    List<String> addresses = List.of(view.escrow().address().text());
    return view.scan().between(addresses, List.of(), cursor.block(), head).stream()
        .filter(cursor::isBefore)
        .toList();
  }

  /** A location is a transfer's id, or an address that the event names. */
  private static boolean isWanted(String location, Log log) {
    if (location.isEmpty()) {
      return true;
    }
    Optional<String> transfer = TransferId.parse(location).map(TransferId::topic);
    Optional<String> address = Address.parse(location).map(Holdings::topic);
    return transfer.or(() -> address).filter(log.topics()::contains).isPresent();
  }

  private static SubscribeResponse event(Log log, Finality finality) {
    String topic = log.topics().getFirst();
    Optional<LedgerStep> step = EscrowEvents.stepOf(topic);
    ObjectNode details = JsonMapper.shared().createObjectNode();
    log.topics().forEach(details.putArray("topics")::add);
    details.put("data", log.data());
    SubscribeResponse.Builder event =
        SubscribeResponse.newBuilder()
            .setCursor(new Cursor(log.blockNumber(), log.logIndex()).toString())
            .setEvent(step.map(EscrowEvents::name).orElse(topic))
            .setTransactionId(log.transactionHash())
            .setBlockNumber(log.blockNumber())
            .setValue(details.toString())
            .setFinality(finality);
    step.flatMap(s -> TransferId.ofTopic(log.topics().get(1)))
        .ifPresent(id -> event.setTransferId(id.toString()));
    return event.build();
  }
}
