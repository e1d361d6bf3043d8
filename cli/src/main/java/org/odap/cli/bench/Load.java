package org.odap.cli.bench;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.client.v1.TransferServiceGrpc.TransferServiceBlockingStub;
import org.odap.api.client.v1.WatchTransferRequest;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.cli.demo.LedgerAccess;
import org.odap.cli.system.RunningProcess;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Usage;
import org.odap.runtime.measurement.Latencies;

/** Transfers from one side to the other, as many at a time as asked for. */
final class Load implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long MEGABYTE = 1 << 20;
  private static final String CASH_EACH = "1000000";

  /** Of the streams that a gateway takes over one connection by default, half. */
  private static final int CONNECTION_TRANSFERS_MAX = 500;

  private static final Duration AGAIN_AFTER = Duration.ofMillis(500);
  private static final Duration ANSWER_MAX = Duration.ofMinutes(5);

  /** The end is waited for on the stream of entries; the entries themselves are not wanted. */
  private static final int NO_ENTRIES = Integer.MAX_VALUE;

  private final RunningSystem system;
  private final Cargo cargo;
  private final List<GatewayConnection> clients = new ArrayList<>();
  private final GatewayConnection alpha;
  private final GatewayConnection beta;
  private final AtomicReference<String> lastTransfer = new AtomicReference<>("");

  /** Numbers of transfers, over all runs: each names its unique asset. */
  private long numbered;

  Load(RunningSystem system, Cargo cargo) {
    this.system = system;
    this.cargo = cargo;
    this.alpha = connected();
    this.beta = GatewayConnection.open(ProfileOption.read(system.beta().profile()));
  }

  private GatewayConnection connected() {
    GatewayConnection client = GatewayConnection.open(ProfileOption.read(system.alpha().profile()));
    clients.add(client);
    return client;
  }

  /** Gives each account its own cash, so that transfers don't wait for each other's rows. */
  void endow(int accounts) {
    try (LedgerAccess ledger = new LedgerAccess(system.alpha())) {
      for (int i = 0; i < accounts; i++) {
        ledger.issueCash(CASH_EACH, account(i));
        ledger.approve(account(i));
      }
    }
  }

  /** Makes what the next transfers carry, where each needs an asset of its own. */
  private void issue(long first, int transfers, int inFlight) {
    if (cargo == Cargo.UNIQUE) {
      try (LedgerAccess ledger = new LedgerAccess(system.alpha())) {
        for (long number = first; number < first + transfers; number++) {
          ledger.issueTitle(Long.toString(number), account(Math.floorMod(number, inFlight)));
        }
      }
    }
  }

  private static String account(int i) {
    return "holder-" + i;
  }

  /** Runs so many transfers, so many of them at a time. */
  Level run(int inFlight, int transfers) throws InterruptedException {
    return run(inFlight, transfers, Double.POSITIVE_INFINITY);
  }

  /** As above, and begins no more of them a second than that. */
  Level run(int inFlight, int transfers, double perSecondMax) throws InterruptedException {
    long first = numbered + 1;
    numbered += transfers;
    issue(first, transfers, inFlight);
    Map<String, Usage> before = usage();
    Duration clientBefore = Floors.ownCpu();
    Drive drive = drive(first, transfers, inFlight, perSecondMax);
    Map<String, Usage> after = usage();
    Map<String, Double> cpu = new LinkedHashMap<>();
    after.forEach((name, usage) ->
        cpu.put(name, millis(usage.cpu().minus(before.get(name).cpu())) / transfers));
    return new Level(
        inFlight,
        transfers,
        drive.failed(),
        drive.seconds(),
        drive.latencies().percentileMillis(0.50),
        drive.latencies().percentileMillis(0.99),
        cpu,
        millis(Floors.ownCpu().minus(clientBefore)) / transfers,
        after.values().stream().mapToLong(Usage::residentBytes).sum() / MEGABYTE);
  }

  /** What the client saw of a run. */
  private record Drive(int failed, double seconds, Latencies latencies) {}

  private Drive drive(long first, int transfers, int inFlight, double perSecondMax)
      throws InterruptedException {
    while (clients.size() * CONNECTION_TRANSFERS_MAX < inFlight) {
      GatewayConnection _ = connected();
    }
    AtomicInteger next = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    long[] nanos = new long[transfers];
    long start = System.nanoTime();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < inFlight; i++) {
      int worker = i;
      workers.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int n = next.getAndIncrement(); n < transfers; n = next.getAndIncrement()) {
                  awaitTime(start + (long) (n / perSecondMax * NANOS_PER_SECOND));
                  long from = System.nanoTime();
                  GatewayConnection client = clients.get(worker % clients.size());
                  if (!transfer(client, request(first + n, worker, inFlight))) {
                    failed.incrementAndGet();
                  }
                  nanos[n] = System.nanoTime() - from;
                }
              }));
    }
    // Each worker writes elements of its own, and is read after it has ended.
    for (Thread worker : workers) {
      worker.join();
    }
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    return new Drive(failed.get(), seconds, new Latencies(nanos));
  }

  private static void awaitTime(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }

  private Map<String, Usage> usage() {
    Map<String, Usage> usage = new LinkedHashMap<>();
    for (RunningProcess process : system.processes().running()) {
      usage.put(process.name(), process.usage());
    }
    return usage;
  }

  /** One transfer from its order to its end; whether it completed. */
  private boolean transfer(GatewayConnection client, StartTransferRequest request) {
    try {
      String id = ordered(client, request);
      client
          .transfers()
          .watchTransfer(
              WatchTransferRequest.newBuilder()
                  .setTransferId(id)
                  .setRole(GatewayRole.GATEWAY_ROLE_SENDER)
                  .setFromIndex(NO_ENTRIES)
                  .build())
          .forEachRemaining(entry -> {});
      lastTransfer.set(id);
      return patient(client)
              .getTransfer(
                  GetTransferRequest.newBuilder()
                      .setTransferId(id)
                      .setRole(GatewayRole.GATEWAY_ROLE_SENDER)
                      .build())
              .getTransfer()
              .getOutcome()
          == TransferOutcome.TRANSFER_OUTCOME_COMPLETED;
    } catch (StatusRuntimeException refused) {
      return false;
    }
  }

  /** What was not answered, or not taken for want of room, is ordered again: it stays one order. */
  private static String ordered(GatewayConnection client, StartTransferRequest request) {
    long until = System.nanoTime() + ANSWER_MAX.toNanos();
    while (true) {
      try {
        return patient(client).startTransfer(request).getTransfer().getTransferId();
      } catch (StatusRuntimeException refused) {
        if (refused.getStatus().getCode() != Status.Code.UNAVAILABLE || System.nanoTime() > until) {
          throw refused;
        }
        LockSupport.parkNanos(AGAIN_AFTER.toNanos());
      }
    }
  }

  /** Thousands at once take their time. */
  private static TransferServiceBlockingStub patient(GatewayConnection client) {
    return client.transfers().withDeadlineAfter(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS);
  }

  private StartTransferRequest request(long number, int worker, int inFlight) {
    String account = account(cargo == Cargo.UNIQUE ? Math.floorMod(number, inFlight) : worker);
    return StartTransferRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setSenderDltSystem(system.alpha().side().dltSystem())
        .setRecipientGateway(system.beta().side().gateway().uri())
        .setRecipientDltSystem(system.beta().side().dltSystem())
        .setAssetProfileId(cargo.profile())
        .setAsset(cargo.asset(number))
        .setOrigin(account)
        .setOriginatorPubkey(alpha.publicKey())
        .setDestination(account)
        .setBeneficiaryPubkey(beta.publicKey())
        .build();
  }

  /** Bytes of the log entries of the last transfer, both gateways together. */
  long bytesLogged() {
    return bytesLogged(alpha) + bytesLogged(beta);
  }

  private long bytesLogged(GatewayConnection gateway) {
    return gateway
        .transfers()
        .exportEvidence(
            ExportEvidenceRequest.newBuilder().setTransferId(lastTransfer.get()).build())
        .getBundle()
        .getLogsList()
        .stream()
        .flatMap(log -> log.getEntriesList().stream())
        .mapToLong(entry -> entry.getSerializedSize())
        .sum();
  }

  @Override
  public void close() {
    clients.forEach(GatewayConnection::close);
    beta.close();
  }
}
