package org.odap.cli.operations;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.odap.api.client.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import org.odap.api.client.v1.Operations;
import org.odap.api.common.v1.OperationScope;
import org.odap.cli.OutputOptions;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an order is about, why, for how long, and to which gateway it goes. */
final class OrderOptions {
  private OrderOptions() {}

  /** To which gateway an order goes, and how it is shown what is ordered there then. */
  static final class Where {
    @Mixin private ProfileOption profile;
    @Mixin private OutputOptions output;

    /** Calls the gateway; gives the exit code. */
    int call(Function<OperationServiceBlockingStub, Operations> order) {
      try (GatewayConnection gateway = profile.connect()) {
        OperationsText.print(order.apply(gateway.operations()), output);
        return 0;
      }
    }
  }

  /** The key of an order, and why it is given. */
  static final class Why {
    @Option(
        names = "--reason",
        required = true,
        description = "Why; recorded, and told to those who are refused.")
    private String reason;

    @Option(
        names = "--request-id",
        paramLabel = "KEY",
        description = "The order's key: a repeat under it changes nothing; made up when not given.")
    private String requestId = "";

    String reason() {
      return reason;
    }

    String requestId() {
      return requestId.isEmpty() ? UUID.randomUUID().toString() : requestId;
    }
  }

  /** For how long. */
  static final class HowLong {
    @Option(
        names = "--for",
        paramLabel = "DURATION",
        description = "Ends by itself after so long, such as PT30M; else when it is resumed.")
    private Duration duration = Duration.ZERO;

    long until() {
      return duration.isZero() ? 0 : System.currentTimeMillis() + duration.toMillis();
    }
  }

  /** What an order is about. */
  static final class Scope {
    @Option(names = "--counterparty", description = "Only transfers with this gateway.")
    private String counterparty = "";

    @Option(names = "--ledger", description = "Only transfers from or to this ledger.")
    private String ledger = "";

    @Option(names = "--asset-profile", description = "Only transfers of this asset profile.")
    private String assetProfile = "";

    /** Empty when it is about everything. */
    Optional<OperationScope> scope() {
      return Optional.of(named())
          .filter(scope -> !scope.equals(OperationScope.getDefaultInstance()));
    }

    private OperationScope named() {
      return OperationScope.newBuilder()
          .setCounterparty(counterparty)
          .setDltSystem(ledger)
          .setAssetProfileId(assetProfile)
          .build();
    }
  }
}
