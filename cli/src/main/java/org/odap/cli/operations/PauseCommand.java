package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.PauseRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes no new transfers, or none of some kind; what has begun goes on. */
@Command(
    name = "pause",
    description = "Takes no new transfers, or none of some kind; what has begun goes on.")
public final class PauseCommand implements Callable<Integer> {
  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.HowLong howLong;
  @Mixin private OrderOptions.Scope scope;
  @Mixin private OrderOptions.Where where;

  @Override
  public Integer call() {
    PauseRequest.Builder request =
        PauseRequest.newBuilder()
            .setRequestId(why.requestId())
            .setReason(why.reason())
            .setUntil(howLong.until());
    scope.scope().ifPresent(request::setScope);
    return where.call(gateway -> gateway.pause(request.build()).getOperations());
  }
}
