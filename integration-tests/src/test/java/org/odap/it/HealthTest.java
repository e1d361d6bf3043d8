package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.it.system.Conditions;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** Probes say what a service can do now, and nothing about others than its own side. */
@Tag("CARD-6")
@ExtendWith(SharedSystem.class)
class HealthTest {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  @Test
  void gatewayIsUnreadyWithoutItsLogAndNeedsNoRestart(StorySystem system) {
    await(system, "gateway-alpha", OK);
    system.kill("log-alpha");
    await(system, "gateway-alpha", UNAVAILABLE);
    assertThat(system.operations("gateway-alpha", "/health/live").statusCode()).isEqualTo(OK);
    assertThat(system.operations("gateway-alpha", "/health/ready").body())
        .contains("ready: no", "log: ");
    assertThat(system.operations("gateway-alpha", "/metrics").body())
        .contains("odap_service_condition{component=\"gateway\",condition=\"log\"} 0.0")
        .contains("odap_service_ready{component=\"gateway\"} 0.0");
    system.start("log-alpha");
    await(system, "gateway-alpha", OK);
  }

  @Test
  void noServiceDependsOnACounterparty(StorySystem system) {
    for (String process : new String[] {"gateway-beta", "log-beta", "sql-beta"}) {
      system.kill(process);
    }
    // Longer than the lease's heartbeat, after which a gateway that depended on them would say so.
    Journey.ofUniqueDirectly(system).begin().senderEnd();
    await(system, "gateway-alpha", OK);
    await(system, "log-alpha", OK);
    await(system, "sql-alpha", OK);
  }

  private static void await(StorySystem system, String process, int status) {
    int _ =
        Conditions.await(
            process + " to answer " + status,
            () -> system.operations(process, "/health/ready").statusCode(),
            seen -> seen == status);
  }
}
