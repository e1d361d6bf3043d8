package org.odap.cli.operations;

import java.time.Duration;
import java.util.UUID;
import org.odap.api.common.v1.OperationScope;
import picocli.CommandLine.Option;

/** What an order is about, why, and for how long. */
final class OrderOptions {
  private OrderOptions() {}

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

    boolean isGiven() {
      return !scope().equals(OperationScope.getDefaultInstance());
    }

    OperationScope scope() {
      return OperationScope.newBuilder()
          .setCounterparty(counterparty)
          .setDltSystem(ledger)
          .setAssetProfileId(assetProfile)
          .build();
    }
  }
}
