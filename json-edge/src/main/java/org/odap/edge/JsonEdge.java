package org.odap.edge;

import com.google.common.base.Suppliers;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.util.TlsEngineType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.lifecycle.PortBusyException;
import org.odap.runtime.lifecycle.PortFile;
import org.odap.runtime.rpc.ServedCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's methods over HTTP/1.1, HTTP/2 and JSON (ODAP 6 to 8: endpoints take POST and GET),
 * for the same callers and with the same checks as over gRPC.
 */
public final class JsonEdge implements Part {
  // At a stop: what is under way has this share of the time, and its connections the rest.
  private static final int STOP_SHARES = 2;
  private static final Logger log = LoggerFactory.getLogger(JsonEdge.class);

  private final EdgeConfig config;
  private final InetSocketAddress address;
  private final Supplier<byte[]> contract;
  private final Transcoder transcoder;
  private final Server server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("edge-timer").factory());

  /**
   * An edge of what a service serves.
   *
   * @param title the service's name in its contract, which is at /openapi.json
   */
  public JsonEdge(EdgeConfig config, String title, TlsMaterial tls, ServedCalls calls) {
    this(config, title, tls, calls, Optional.empty());
  }

  /** An edge of what a service serves, with pages for browsers; its root leads to them. */
  public JsonEdge(
      EdgeConfig config, String title, TlsMaterial tls, ServedCalls calls, Pages pages) {
    this(config, title, tls, calls, Optional.of(pages));
  }

  private JsonEdge(
      EdgeConfig config, String title, TlsMaterial tls, ServedCalls calls, Optional<Pages> pages) {
    this.config = config;
    this.contract =
        Suppliers.memoize(
            () -> OpenApi.of(title, calls.services()).getBytes(StandardCharsets.UTF_8));
    this.address = new InetSocketAddress(config.bindAddress(), config.port());
    RouteTable routes = new RouteTable(HttpRules.of(calls.services()));
    this.transcoder = new Transcoder(routes, config.requestTimeout(), executor, timer);
    this.server = server(tls, pages);
  }

  private Server server(TlsMaterial tls, Optional<Pages> pages) {
    ServerBuilder builder =
        Server.builder()
            .https(address)
            .tlsEngineType(TlsEngineType.JDK)
            .tls(new KeyManagerFactoryWrapper(tls.keyManager()))
            .tlsCustomizer(context -> customize(context, tls))
            .maxRequestLength(config.bodyBytesMax())
            .http1MaxInitialLineLength(config.addressBytesMax())
            .http2MaxHeaderListSize(2L * config.addressBytesMax())
            .bossGroupFactory(Acceptors::group)
            .maxNumConnections(config.connectionsMax())
            // A call ends by its own deadline first, with a better answer.
            .requestTimeout(config.requestTimeout().plusSeconds(1))
            .errorHandler(new EdgeErrors())
            .meterRegistry(NoopMeterRegistry.get())
            .verboseResponses(false)
            .disableServerHeader()
            .unloggedExceptionsReportInterval(Duration.ZERO);
    builder.service(
        "/openapi.json",
        (_, _) -> HttpResponse.of(CompletableFuture.supplyAsync(this::contract, executor)));
    builder.serviceUnder("/", this::serve);
    pages.ifPresent(some -> {
      builder.serviceUnder(some.path(), some.service());
      builder.service("exact:/", (_, _) -> HttpResponse.ofRedirect(some.path()));
    });
    return builder.build();
  }

  private HttpResponse contract() {
    return Replies.json(contract.get());
  }

  /** As for gRPC: trust by organization, TLS 1.3. */
  private void customize(SslContextBuilder context, TlsMaterial tls) {
    context
        .trustManager(tls.trustManager())
        .clientAuth(
            config.clientCertificate() == EdgeConfig.ClientCertificate.REQUIRED
                ? ClientAuth.REQUIRE
                : ClientAuth.OPTIONAL)
        .protocols("TLSv1.3");
  }

  private HttpResponse serve(ServiceRequestContext http, HttpRequest request) {
    CompletableFuture<HttpResponse> response =
        request
            .aggregate()
            .thenComposeAsync(whole -> transcoder.answer(http, whole), executor)
            .exceptionally(
                failure -> Replies.problem(EdgeErrors.problem(failure), Optional.empty()));
    return HttpResponse.of(response);
  }

  @Override
  public String name() {
    return "edge";
  }

  @Override
  public void start() throws IOException, InterruptedException {
    try {
      server.start().get();
    } catch (ExecutionException e) {
      throw PortBusyException.orElse(new IOException(e.getCause()), "edge.port", address);
    }
    if (config.portFile().isPresent()) {
      PortFile.write(config.portFile().get(), port());
    }
    log.atInfo().addKeyValue("port", port()).log("edge serves HTTP and JSON");
  }

  /** The port listened on; known after start. */
  public int port() {
    return server.activeLocalPort();
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    transcoder.endStreams();
    try {
      server.stop().get(limit.dividedBy(STOP_SHARES).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | CompletionException | TimeoutException e) {
      log.atWarn().setCause(e).log("requests under way were cut off");
    } finally {
      executor.shutdown();
      timer.shutdownNow();
    }
  }
}
