package org.odap.ledger.fabric.operation;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.Checkpoint;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.ledger.fabric.assets.Answers;
import org.odap.ledger.fabric.evidence.StepInBlock;
import org.odap.ledger.fabric.network.Blocks;
import org.odap.ledger.fabric.network.Failure;
import org.odap.ledger.fabric.network.Failures;
import org.odap.ledger.fabric.network.Peer;
import org.odap.runtime.ledger.LedgerSubscriber;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chaincode's events in the channel's order (ODAP 5.10.7). A cursor is the place after which to
 * go on, {@code <block>:<transaction id>}, so that a stream which breaks is opened again without
 * losing or repeating an event: a transaction leaves one event at most.
 *
 * @param reopened counts streams that broke and were opened again
 */
public record Subscription(Peer peer, Blocks blocks, String chaincode, LongAdder reopened) {
  private static final Logger log = LoggerFactory.getLogger(Subscription.class);

  private static final Duration REOPEN_PAUSE = Duration.ofMillis(500);
  private static final Duration NO_PAUSE = Duration.ZERO;

  /** Members of an event's payload that a location can name. */
  private static final List<String> PLACES =
      List.of("transferId", "assetClass", "owner", "beneficiary");

  /**
   * A place in the channel.
   *
   * @param transactionId all up to this one are known; empty = none of the block's
   */
  private record Cursor(long block, Optional<String> transactionId) implements Checkpoint {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}):([0-9a-f]{0,128})");

    static Optional<Cursor> parse(String text) {
      Matcher match = FORM.matcher(text);
      return match.matches()
          ? Optional.of(
              new Cursor(
                  Long.parseLong(match.group(1)),
                  Optional.of(match.group(2)).filter(id -> !id.isEmpty())))
          : Optional.empty();
    }

    @Override
    public OptionalLong getBlockNumber() {
      return OptionalLong.of(block);
    }

    @Override
    public Optional<String> getTransactionId() {
      return transactionId;
    }

    @Override
    public String toString() {
      return block + ":" + transactionId.orElse("");
    }
  }

  /** Sends events until the subscriber is gone. */
  public void serve(SubscribeRequest request, LedgerSubscriber subscriber) {
    // Fixed before the first stream: one that breaks without an event must not move the start.
    Cursor cursor =
        request.getCursor().isEmpty()
            ? new Cursor(peer.asked(blocks::height), Optional.empty())
            : Cursor.parse(request.getCursor())
                .orElseThrow(() ->
                    OdapException.fieldInvalid(
                        "cursor", request.getCursor(), "the cursor of an earlier event"));
    boolean listening = true;
    boolean isBroken = false;
    while (listening) {
      Duration pause = NO_PAUSE;
      try (CloseableIterator<ChaincodeEvent> events = peer.events(chaincode, cursor)) {
        while (events.hasNext()) {
          ChaincodeEvent event = events.next();
          isBroken = false;
          cursor = new Cursor(event.getBlockNumber(), Optional.of(event.getTransactionId()));
          if (!send(request.getLocation(), event, cursor, subscriber)) {
            return;
          }
        }
      } catch (GatewayRuntimeException e) {
        pause = pauseAfter(e, isBroken);
        isBroken = !pause.isZero();
      }
      listening = subscriber.pause(pause);
    }
  }

  /**
   * @param isBroken whether that is known already: a peer that stays away is told once
   */
  private Duration pauseAfter(GatewayRuntimeException e, boolean isBroken) {
    Status.Code code = e.getStatus().getCode();
    // Our own deadline, and the subscriber's end.
    if (code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.CANCELLED) {
      return NO_PAUSE;
    }
    Failure failure = Failures.of(e);
    if (failure.kind() == Failure.Kind.PERMANENT) {
      throw failure.exception(e);
    }
    reopened.increment();
    if (!isBroken) {
      log.atWarn()
          .addKeyValue("cause", failure.words())
          .log("The stream of events broke, opening it again");
    }
    return REOPEN_PAUSE;
  }

  private static boolean send(
      String location, ChaincodeEvent event, Cursor cursor, LedgerSubscriber subscriber) {
    Optional<JsonNode> told = Answers.parse(event.getPayload());
    boolean isWanted =
        location.isEmpty()
            || PLACES.stream()
                .anyMatch(
                    place -> told.filter(t -> t.path(place).asText().equals(location)).isPresent());
    return !isWanted || subscriber.send(response(event, cursor, told));
  }

  private static SubscribeResponse response(
      ChaincodeEvent event, Cursor cursor, Optional<JsonNode> told) {
    return SubscribeResponse.newBuilder()
        .setCursor(cursor.toString())
        .setEvent(event.getEventName())
        .setTransferId(told.map(t -> t.path("transferId").asText()).orElse(""))
        .setTransactionId(event.getTransactionId())
        .setBlockNumber(event.getBlockNumber())
        .setValue(told.map(JsonNode::toString).orElse("null"))
        .setFinality(StepInBlock.finality())
        .build();
  }
}
