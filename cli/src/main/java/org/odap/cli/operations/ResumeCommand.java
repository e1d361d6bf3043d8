package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.ResumeRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends the halt of a scope; without a scope all halts. */
@Command(name = "resume", description = "Ends the halt of a scope; without a scope all halts.")
public final class ResumeCommand implements Callable<Integer> {
  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.Scope scope;
  @Mixin private OrderOptions.Where where;

  @Override
  public Integer call() {
    ResumeRequest.Builder request =
        ResumeRequest.newBuilder().setRequestId(why.requestId()).setReason(why.reason());
    scope.scope().ifPresent(request::setScope);
    return where.call(gateway -> gateway.resume(request.build()).getOperations());
  }
}
