package org.odap.edge;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.odap.runtime.rpc.LocalCall;

/**
 * One JSON object, or a problem.
 *
 * <p>Mutable: the message, until the call's end.
 */
final class UnaryAnswer implements LocalCall.Answer<Object> {
  private final HttpRoute route;
  private final CompletableFuture<HttpResponse> response = new CompletableFuture<>();
  private Optional<Message> message = Optional.empty();

  UnaryAnswer(HttpRoute route) {
    this.route = route;
  }

  CompletableFuture<HttpResponse> response() {
    return response;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void message(Object answer) {
    message = Optional.of((Message) answer);
  }

  @Override
  public void ended(Status status, Metadata trailers) {
    if (status.isOk() && message.isPresent()) {
      response.complete(Replies.json(JsonWriter.write(Outcomes.body(route, message.get()))));
    } else {
      response.complete(
          Replies.problem(Outcomes.problem(route, status, trailers), Outcomes.noSuccess(route)));
    }
  }
}
