package org.odap.runtime.rpc;

import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** What one caller may take of a service, over gRPC and JSON together. */
public record CallLimitsConfig(
    @Description(
            "calls a second that a caller of another organization may begin; one second's worth may"
                + " come at once")
        @Default("5000")
        @Bounds(min = "1", max = "1000000")
        int callsPerSecond,
    @Description("calls and streams that such a caller may have open at a time")
        @Default("1000")
        @Bounds(min = "1", max = "100000")
        int openCallsMax,
    @Description("gRPC connections that such a caller may have open at a time")
        @Default("100")
        @Bounds(min = "1", max = "100000")
        int connectionsMax,
    @Description("how many times as much callers of our own organization may take")
        @Default("20")
        @Bounds(min = "1", max = "1000")
        int ownFactor) {

  /** Everything as by default. */
  public static CallLimitsConfig standard() {
    return new CallLimitsConfig(5_000, 1_000, 100, 20);
  }
}
