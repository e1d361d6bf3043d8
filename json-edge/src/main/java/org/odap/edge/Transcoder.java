package org.odap.edge;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.CallerConnection;
import org.odap.runtime.rpc.LocalCall;
import org.odap.runtime.rpc.OdapException;

/**
 * Makes a call of each HTTP request.
 *
 * <p>Mutable: the streams that are open.
 */
final class Transcoder {
  /** Passed on to the method, as gRPC's callers do. */
  private static final List<String> PASSED_HEADERS =
      List.of("authorization", "traceparent", "tracestate");

  private static final String REQUEST_TIMEOUT = "request-timeout";
  private static final long HEARTBEAT_FIRST_MILLIS = 1_000;
  // Below what proxies and phones take for a dead connection.
  private static final long HEARTBEAT_MILLIS = 15_000;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  private final RouteTable routes;
  private final Duration limit;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final Set<LocalCall<?, ?>> streams = ConcurrentHashMap.newKeySet();

  Transcoder(RouteTable routes, Duration limit, Executor executor, ScheduledExecutorService timer) {
    this.routes = routes;
    this.limit = limit;
    this.executor = executor;
    this.timer = timer;
  }

  /** Answers a request; never throws. */
  CompletableFuture<HttpResponse> answer(
      ServiceRequestContext http, AggregatedHttpRequest request) {
    Optional<HttpRoute> route = Optional.empty();
    try {
      BrowserRules.check(request.headers());
      String target = request.path();
      int mark = target.indexOf('?');
      String path = mark < 0 ? target : target.substring(0, mark);
      RouteTable.Match match = match(request.method().name(), path);
      route = Optional.of(match.route());
      return call(http, match, mark < 0 ? "" : target.substring(mark + 1), request);
    } catch (OdapException e) {
      return refused(Problem.of(e), route);
    } catch (ProblemException e) {
      return refused(e.problem(), route);
    }
  }

  private static CompletableFuture<HttpResponse> refused(
      Problem problem, Optional<HttpRoute> route) {
    return CompletableFuture.completedFuture(
        Replies.problem(
            route.map(r -> problem.inJson(r.schema().getInputType())).orElse(problem),
            route.flatMap(Outcomes::noSuccess)));
  }

  private RouteTable.Match match(String verb, String path) {
    Optional<RouteTable.Match> match = routes.find(verb, path);
    if (match.isPresent()) {
      return match.get();
    }
    Set<String> others = routes.verbs(path);
    throw new ProblemException(
        others.isEmpty()
            ? Problem.of(
                NOT_FOUND,
                ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
                "nothing is at this path (expected: a path of /openapi.json)")
            : Problem.of(
                METHOD_NOT_ALLOWED,
                ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
                "method: " + verb + " (expected: " + String.join(", ", others) + ")"));
  }

  private CompletableFuture<HttpResponse> call(
      ServiceRequestContext http,
      RouteTable.Match match,
      String query,
      AggregatedHttpRequest request) {
    HttpRoute route = match.route();
    Optional<Duration> asked = RequestTimeout.of(request.headers().get(REQUEST_TIMEOUT, ""), limit);
    boolean isStream = route.schema().isServerStreaming();
    Optional<StreamForm> form =
        isStream ? Optional.of(Accept.stream(request.headers())) : Optional.empty();
    if (!isStream) {
      Accept.json(request.headers());
    }
    LocalCall.Request<Object> asking =
        new LocalCall.Request<>(
            RequestReader.read(match, query, request),
            passed(request.headers()),
            connection(http),
            isStream ? asked : Optional.of(asked.orElse(limit)));
    return form.isPresent() ? stream(http, route, form.get(), asking) : unary(http, route, asking);
  }

  private CompletableFuture<HttpResponse> unary(
      ServiceRequestContext http, HttpRoute route, LocalCall.Request<Object> asking) {
    UnaryAnswer answer = new UnaryAnswer(route);
    LocalCall<?, ?> call = start(route, asking, answer);
    whenGone(http, call);
    return answer.response();
  }

  private CompletableFuture<HttpResponse> stream(
      ServiceRequestContext http,
      HttpRoute route,
      StreamForm form,
      LocalCall.Request<Object> asking) {
    http.clearRequestTimeout();
    StreamAnswer answer = new StreamAnswer(route, form);
    LocalCall<?, ?> call = start(route, asking, answer);
    answer.attach(call);
    streams.add(call);
    ScheduledFuture<?> heartbeat =
        timer.scheduleWithFixedDelay(
            answer::heartbeat, HEARTBEAT_FIRST_MILLIS, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
    whenGone(http, call);
    answer.whenEnded(() -> {
      heartbeat.cancel(false);
      streams.remove(call);
    });
    return answer.response();
  }

  @SuppressWarnings("unchecked") // The request was read with the method's own marshaller.
  private LocalCall<?, ?> start(
      HttpRoute route, LocalCall.Request<Object> asking, LocalCall.Answer<Object> answer) {
    return LocalCall.start(
        (ServerMethodDefinition<Object, Object>) route.method(), asking, answer, executor, timer);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Completes when the caller is gone, or never.
  private static void whenGone(ServiceRequestContext http, LocalCall<?, ?> call) {
    http.whenRequestCancelled().thenRun(call::cancel);
  }

  /** Ends the streams: they would not end by themselves. */
  void endStreams() {
    streams.forEach(LocalCall::cancel);
  }

  private static Metadata passed(RequestHeaders headers) {
    Metadata metadata = new Metadata();
    for (String name : PASSED_HEADERS) {
      String value = headers.get(name, "");
      if (!value.isEmpty()) {
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
      }
    }
    String agent = headers.get(HttpHeaderNames.USER_AGENT, "");
    if (!agent.isEmpty()) {
      metadata.put(Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER), agent);
    }
    return metadata;
  }

  private static Optional<CallerConnection> connection(ServiceRequestContext http) {
    return Optional.ofNullable(http.sslSession()).flatMap(Connections::of);
  }
}
