package org.odap.cli.operations;

import java.util.concurrent.Callable;
import org.odap.api.client.v1.SetLimitRequest;
import org.odap.api.common.v1.Limit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets a limit, or the one of that name anew. */
@Command(name = "limit", description = "Sets a limit, or the one of that name anew.")
public final class LimitCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The limit's name.")
  private String name;

  @Option(names = "--counterparty", description = "Only transfers with this gateway.")
  private String counterparty = "";

  @Option(names = "--asset-profile", description = "Only transfers of this asset profile.")
  private String assetProfile = "";

  @Option(names = "--role", description = "Only as sender or as recipient.")
  private String role = "";

  @Option(names = "--amount", description = "Largest amount of one transfer.")
  private String amount = "";

  @Option(names = "--sum", description = "Largest sum of amounts within the period.")
  private String sum = "";

  @Option(names = "--number", description = "Most transfers that begin within the period.")
  private int number;

  @Option(names = "--in-flight", description = "Most transfers at a time.")
  private int inFlight;

  @Option(names = "--period", paramLabel = "SECONDS", description = "The period, up to now.")
  private int period;

  @Mixin private OrderOptions.Why why;
  @Mixin private OrderOptions.Where where;

  @Override
  public Integer call() {
    return where.call(gateway ->
        gateway
            .setLimit(
                SetLimitRequest.newBuilder()
                    .setRequestId(why.requestId())
                    .setLimit(limit())
                    .build())
            .getOperations());
  }

  private Limit limit() {
    return Limit.newBuilder()
        .setName(name)
        .setCounterparty(counterparty)
        .setAssetProfileId(assetProfile)
        .setRole(role)
        .setAmountMax(amount)
        .setSumMax(sum)
        .setNumberMax(number)
        .setInFlightMax(inFlight)
        .setPeriodSeconds(period)
        .setReason(why.reason())
        .build();
  }
}
