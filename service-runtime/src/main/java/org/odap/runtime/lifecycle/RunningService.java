package org.odap.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.metrics.OperationsEndpoint;
import org.odap.runtime.metrics.ServiceMetrics;
import org.odap.runtime.rpc.RpcServer;

/** A service that serves; closing it stops it in order. */
public final class RunningService implements AutoCloseable {
  private final Lifecycle lifecycle;
  private final ServiceHealth health;
  private final ServiceMetrics metrics;
  private final RpcServer rpc;
  private final OperationsEndpoint operations;
  private final OperationsConfig config;
  private final AtomicBoolean isStopping = new AtomicBoolean();
  private final CountDownLatch hurry = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  RunningService(
      Lifecycle lifecycle,
      ServiceHealth health,
      ServiceMetrics metrics,
      RpcServer rpc,
      OperationsEndpoint operations,
      OperationsConfig config) {
    this.lifecycle = lifecycle;
    this.health = health;
    this.metrics = metrics;
    this.rpc = rpc;
    this.operations = operations;
    this.config = config;
  }

  /** Port of the gRPC server. */
  public int port() {
    return rpc.port();
  }

  /** Port of metrics and probes. */
  public int operationsPort() {
    return operations.port();
  }

  /** The service's health. */
  public ServiceHealth health() {
    return health;
  }

  /** Waits until the service has stopped. */
  public void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  /** Says unready, waits the quiet period (a second close ends the wait), stops part by part. */
  @Override
  public void close() {
    if (!isStopping.compareAndSet(false, true)) {
      hurry.countDown();
      awaitQuietly(stopped, config.stopTimeout());
      return;
    }
    health.stopping();
    awaitQuietly(hurry, config.quietPeriod());
    lifecycle.stop(config.stopTimeout());
    metrics.close();
    stopped.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch, Duration limit) {
    try {
      // Either outcome is fine: the latch opened or the time is over.
      boolean _ = latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
