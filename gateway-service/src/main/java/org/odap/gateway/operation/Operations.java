package org.odap.gateway.operation;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Halt;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.OperationOrder;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is ordered of this gateway, as all its replicas see it: orders are written to the operations
 * log before they hold, and those of other replicas are read every second.
 *
 * <p>Mutable: the book, replaced as a whole; written under this object's monitor.
 */
public final class Operations implements Part {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Another replica's order came first so many times: something else is wrong. */
  private static final int ATTEMPTS_MAX = 32;

  private static final Logger log = LoggerFactory.getLogger(Operations.class);

  private final OperationsLog orders;
  private final ServiceHealth.Condition ready;
  private final Clock clock;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile OperationBook book = OperationBook.EMPTY;
  private volatile boolean read;

  /**
   * Nothing is read yet.
   *
   * @param ready readiness, which a maintenance takes away
   */
  Operations(OperationsLog orders, ServiceHealth.Condition ready, Clock clock) {
    this.orders = orders;
    this.ready = ready;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "operations";
  }

  /** Nothing is let in before it is known what is halted. */
  @Override
  public void start() throws InterruptedException {
    while (!look() && !stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
      // Looked at again.
    }
    var _ = Thread.ofVirtual().name("operations").start(this::keepLooking);
  }

  @Override
  public void stop(Duration limit) {
    stopping.countDown();
  }

  /**
   * What is ordered.
   *
   * @throws OdapException UNAVAILABLE before that is known
   */
  OperationBook book() {
    if (!read) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_UNAVAILABLE, "the operations log is being read: ask again");
    }
    return book;
  }

  /**
   * Orders something; when it returns the order is durable. A repeat finds it done.
   *
   * @param request whose request, under which key
   * @param what fills in the order
   * @throws OdapException REQUEST_ID_REUSED, LOG_UNAVAILABLE
   */
  synchronized OperationBook order(ClientRequest request, Consumer<OperationOrder.Builder> what) {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      readNews();
      Optional<ClientRequest> known = book.request(request);
      if (known.isPresent()) {
        requireSame(known.get(), request);
        return book;
      }
      OperationOrder.Builder order =
          OperationOrder.newBuilder()
              .setNumber(book.number() + 1)
              .setRequest(request)
              .setOrderedAt(clock.millis());
      what.accept(order);
      if (orders.write(order.build())) {
        take(order.build());
        return book;
      }
    }
    throw new OdapException(
        ErrorReason.ERROR_REASON_UNAVAILABLE, "other replicas are writing orders: repeat the call");
  }

  private static void requireSame(ClientRequest known, ClientRequest request) {
    if (!known.equals(request)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_REQUEST_ID_REUSED,
          "request_id: " + request.getRequestId() + " was used for another request");
    }
  }

  private void keepLooking() {
    try {
      while (!stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        boolean _ = look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean look() {
    try {
      readNews();
      return true;
    } catch (OdapException e) {
      log.atWarn().addKeyValue("cause", e.description()).log("operations log not read");
      return false;
    } catch (IllegalArgumentException e) {
      log.atError().setCause(e).log("operations log not understood");
      return false;
    }
  }

  private synchronized void readNews() {
    Optional<OperationOrder> next = orders.read(book.number() + 1);
    while (next.isPresent()) {
      take(next.get());
      next = orders.read(book.number() + 1);
    }
    read = true;
    tellReadiness();
  }

  private void take(OperationOrder order) {
    book = book.with(order);
    log.atInfo()
        .addKeyValue("number", order.getNumber())
        .addKeyValue("order", order.getOrderCase())
        .addKeyValue("client", order.getRequest().getClient())
        .addKeyValue("reason", reason(order))
        .log("operation ordered");
    tellReadiness();
  }

  private static String reason(OperationOrder order) {
    return order.hasHalt() ? order.getHalt().getReason() : order.getReason();
  }

  private void tellReadiness() {
    Optional<Halt> maintenance = book.maintenance(clock.millis());
    maintenance.ifPresentOrElse(
        halt -> ready.unmet("maintenance: " + halt.getReason()), ready::met);
  }
}
