package org.odap.cli.bench;

import com.google.protobuf.util.JsonFormat;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.WatchTransferRequest;
import org.odap.cli.CliException;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.cli.demo.LedgerAccess;
import org.odap.cli.system.RunningSystem;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.measurement.Latencies;

/** The same calls at alpha's gateway, over gRPC and over its JSON edge. */
final class EdgeLoad implements AutoCloseable {
  private static final String CASH_EACH = "1000000";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int OK = 200;

  /** The end is waited for on the stream of entries; the entries themselves are not wanted. */
  private static final int NO_ENTRIES = Integer.MAX_VALUE;

  private final RunningSystem system;
  private final int inFlight;
  private final GatewayConnection alpha;
  private final GatewayConnection beta;
  private final HttpClient http;
  private volatile String lastTransfer = "";

  /** How a gateway is spoken to. */
  enum Way {
    GRPC("gRPC"),
    REST("REST");

    private final String label;

    Way(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** What a round brought. */
  record Result(double perSecond, double p50Millis, int failed) {}

  /** One piece of work; whether it went well. */
  private interface Work {
    boolean run(int worker) throws IOException, InterruptedException;
  }

  EdgeLoad(RunningSystem system, int inFlight) {
    this.system = system;
    this.inFlight = inFlight;
    this.alpha = GatewayConnection.open(ProfileOption.read(system.alpha().profile()));
    this.beta = GatewayConnection.open(ProfileOption.read(system.beta().profile()));
    this.http = client(TlsMaterial.load(system.alpha().client()));
    try (LedgerAccess ledger = new LedgerAccess(system.alpha())) {
      for (int i = 0; i < inFlight; i++) {
        ledger.issueCash(CASH_EACH, account(i));
        ledger.approve(account(i));
      }
    }
  }

  private HttpClient client(TlsMaterial tls) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {tls.keyManager()},
          new TrustManager[] {tls.trustManagerFor(system.alpha().side().gateway())},
          null);
      // A connection for each worker, as plain clients have; one for all of them is slower.
      return HttpClient.newBuilder()
          .sslContext(context)
          .version(HttpClient.Version.HTTP_1_1)
          .build();
    } catch (GeneralSecurityException e) {
      throw new CliException("TLS can't be set up: " + e.getMessage(), e);
    }
  }

  private static String account(int worker) {
    return "holder-" + worker;
  }

  /** Asks how the last transfer stands, again and again. */
  Result status(Way way, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    HttpRequest request = get("/odap/v1/transfers/" + lastTransfer + "?role=GATEWAY_ROLE_SENDER");
    GetTransferRequest asked =
        GetTransferRequest.newBuilder()
            .setTransferId(lastTransfer)
            .setRole(GatewayRole.GATEWAY_ROLE_SENDER)
            .build();
    return measured(
        () -> System.nanoTime() < end,
        _ ->
            switch (way) {
              case GRPC -> alpha.transfers().getTransfer(asked).hasTransfer();
              case REST -> {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                yield answer.statusCode() == OK && answer.body().startsWith("{\"transfer\":{");
              }
            });
  }

  /** Whole transfers. */
  Result transfers(Way way, int count) throws InterruptedException {
    AtomicInteger begun = new AtomicInteger();
    return measured(
        () -> begun.getAndIncrement() < count,
        worker ->
            switch (way) {
              case GRPC -> overGrpc(order(worker));
              case REST -> overRest(order(worker));
            });
  }

  private interface More {
    boolean isWanted();
  }

  private Result measured(More more, Work work) throws InterruptedException {
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    AtomicInteger failed = new AtomicInteger();
    long start = System.nanoTime();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < inFlight; i++) {
      int worker = i;
      workers.add(
          Thread.ofVirtual()
              .start(() -> {
                while (more.isWanted()) {
                  long from = System.nanoTime();
                  if (!isDone(work, worker)) {
                    failed.incrementAndGet();
                  }
                  nanos.add(System.nanoTime() - from);
                }
              }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    long[] all = nanos.stream().mapToLong(Long::longValue).toArray();
    return new Result(
        all.length / seconds, new Latencies(all).percentileMillis(0.50), failed.get());
  }

  private static boolean isDone(Work work, int worker) {
    try {
      return work.run(worker);
    } catch (StatusRuntimeException | IOException refused) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean overGrpc(StartTransferRequest order) {
    String id = alpha.transfers().startTransfer(order).getTransfer().getTransferId();
    alpha
        .transfers()
        .watchTransfer(
            WatchTransferRequest.newBuilder()
                .setTransferId(id)
                .setRole(GatewayRole.GATEWAY_ROLE_SENDER)
                .setFromIndex(NO_ENTRIES)
                .build())
        .forEachRemaining(entry -> {});
    lastTransfer = id;
    return alpha
        .transfers()
        .getTransfer(
            GetTransferRequest.newBuilder()
                .setTransferId(id)
                .setRole(GatewayRole.GATEWAY_ROLE_SENDER)
                .build())
        .getTransfer()
        .getState()
        .equals("COMPLETED");
  }

  private boolean overRest(StartTransferRequest order) throws IOException, InterruptedException {
    HttpRequest start =
        HttpRequest.newBuilder(address("/odap/v1/transfers"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JsonFormat.printer().print(order)))
            .build();
    String started = http.send(start, BodyHandlers.ofString()).body();
    String id = between(started, "\"transferId\":\"", "\"");
    String transfer = "/odap/v1/transfers/" + id;
    HttpResponse<String> watched =
        http.send(
            get(transfer + "/events?role=GATEWAY_ROLE_SENDER&from_index=" + NO_ENTRIES),
            BodyHandlers.ofString());
    String end =
        http.send(get(transfer + "?role=GATEWAY_ROLE_SENDER"), BodyHandlers.ofString()).body();
    return watched.body().endsWith("event: end\ndata: {}\n\n")
        && end.contains("\"state\":\"COMPLETED\"");
  }

  private static String between(String text, String before, String after) throws IOException {
    int from = text.indexOf(before);
    if (from < 0) {
      throw new IOException("refused: " + text);
    }
    int start = from + before.length();
    return text.substring(start, text.indexOf(after, start));
  }

  private HttpRequest get(String target) {
    return HttpRequest.newBuilder(address(target)).build();
  }

  private URI address(String target) {
    return system.alpha().edge().resolve(target);
  }

  private StartTransferRequest order(int worker) {
    return StartTransferRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setSenderDltSystem(system.alpha().side().dltSystem())
        .setRecipientGateway(system.beta().side().gateway().uri())
        .setRecipientDltSystem(system.beta().side().dltSystem())
        .setAssetProfileId(Cargo.FUNGIBLE.profile())
        .setAsset(Cargo.FUNGIBLE.asset(1))
        .setOrigin(account(worker))
        .setOriginatorPubkey(alpha.publicKey())
        .setDestination(account(worker))
        .setBeneficiaryPubkey(beta.publicKey())
        .build();
  }

  @Override
  public void close() {
    http.shutdownNow();
    alpha.close();
    beta.close();
  }
}
