package org.odap.ledger.fabric.development.gateway;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsResponse;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.odap.ledger.fabric.development.ledger.Ledger;

/**
 * Sends a client a chaincode's events, a message for each block that has any, until it goes away. A
 * client that does not read is waited for.
 */
final class ChaincodeEventStream implements Runnable {
  private final Ledger ledger;
  private final ChaincodeEventsRequest request;
  private final ServerCallStreamObserver<ChaincodeEventsResponse> client;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long next;
  private boolean afterCheckpoint;

  ChaincodeEventStream(
      Ledger ledger,
      long start,
      ChaincodeEventsRequest request,
      ServerCallStreamObserver<ChaincodeEventsResponse> client) {
    this.ledger = ledger;
    this.next = start;
    this.request = request;
    this.client = client;
    this.afterCheckpoint = request.getAfterTransactionId().isEmpty();
    client.setOnCancelHandler(this::wake);
    client.setOnReadyHandler(this::wake);
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    Runnable end = ledger.onBlock(this::wake);
    try {
      while (awaitBlock()) {
        send(ledger.block(next).orElseThrow());
        next++;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      client.onError(Status.ABORTED.withDescription(e.getMessage()).withCause(e).asException());
    } finally {
      end.run();
    }
  }

  private boolean awaitBlock() throws InterruptedException {
    lock.lock();
    try {
      while (!client.isCancelled()) {
        if (client.isReady() && next < ledger.height()) {
          return true;
        }
        changed.await();
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void send(Block block) {
    List<ChaincodeEvent> events = Ledger.events(block).stream().filter(this::isWanted).toList();
    if (!events.isEmpty()) {
      client.onNext(
          ChaincodeEventsResponse.newBuilder()
              .setBlockNumber(block.getHeader().getNumber())
              .addAllEvents(events)
              .build());
    }
  }

  private boolean isWanted(ChaincodeEvent event) {
    if (!afterCheckpoint) {
      afterCheckpoint = event.getTxId().equals(request.getAfterTransactionId());
      return false;
    }
    return event.getChaincodeId().equals(request.getChaincodeId());
  }
}
