package org.odap.it.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.odap.api.client.v1.DiscoverResourcesResponse;
import org.odap.api.client.v1.GetActionRequest;
import org.odap.api.client.v1.GetActionResponse;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.client.v1.NegotiateCredentialsResponse;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.PerformActionResponse;
import org.odap.api.client.v1.Resource;
import org.odap.api.client.v1.SubscribeResourceRequest;
import org.odap.api.client.v1.SubscribeResourceResponse;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/** A client's actions on resources as HTTP and JSON; request ids are Idempotency-Keys. */
public record RestCalls(HttpClient http, URI edge, Identity client) implements ResourceClient {
  private static final Duration CALL_MAX = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public PerformActionResponse perform(PerformActionRequest request) {
    HttpRequest post =
        to("/odap/v1/actions")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", request.getRequestId())
            .POST(BodyPublishers.ofString(json(request.toBuilder().clearRequestId().build())))
            .build();
    return read(answer(post), PerformActionResponse.newBuilder()).build();
  }

  @Override
  public NegotiateCredentialsResponse negotiate(NegotiateCredentialsRequest request) {
    HttpRequest post =
        to("/odap/v1/negotiation")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json(request)))
            .build();
    return read(answer(post), NegotiateCredentialsResponse.newBuilder()).build();
  }

  @Override
  public GetActionResponse status(GetActionRequest request) {
    HttpRequest get =
        to("/odap/v1/actions/"
                + encoded(request.getRequestId())
                + "?sessionId="
                + encoded(request.getSessionId()))
            .build();
    return read(answer(get), GetActionResponse.newBuilder()).build();
  }

  @Override
  public List<Resource> discover() {
    return read(answer(to("/odap/v1/resources").build()), DiscoverResourcesResponse.newBuilder())
        .build()
        .getResourcesList();
  }

  @Override
  public Stream<SubscribeResourceResponse> subscribe(SubscribeResourceRequest request) {
    HttpRequest get =
        HttpRequest.newBuilder(
                edge.resolve(
                    "/odap/v1/subscriptions?resourceUrl="
                        + encoded(request.getResourceUrl())
                        + "&cursor="
                        + encoded(request.getCursor())))
            .header("Accept", "application/x-ndjson")
            .build();
    return send(get, BodyHandlers.ofLines())
        .body()
        .filter(line -> !line.isBlank())
        .map(line -> read(line, SubscribeResourceResponse.newBuilder()).build());
  }

  private HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(edge.resolve(target)).timeout(CALL_MAX);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String answer(HttpRequest request) {
    HttpResponse<String> response = send(request, BodyHandlers.ofString());
    if (response.statusCode() == 200) {
      return response.body();
    }
    try {
      JsonNode problem = JSON.readTree(response.body());
      ErrorReason reason = OdapErrors.reason(problem.required("reason").asText()).orElseThrow();
      if (OdapErrors.httpStatus(reason) != response.statusCode()) {
        throw new AssertionError(response.statusCode() + ": " + response.body());
      }
      throw OdapErrors.toGrpc(new OdapException(reason, problem.required("detail").asText()));
    } catch (IOException | IllegalArgumentException e) {
      throw new AssertionError(response.statusCode() + ": " + response.body(), e);
    }
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      return http.send(request, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String json(Message message) {
    try {
      return JsonFormat.printer().print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <B extends Message.Builder> B read(String json, B builder) {
    try {
      JsonFormat.parser().merge(json, builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(json, e);
    }
  }
}
