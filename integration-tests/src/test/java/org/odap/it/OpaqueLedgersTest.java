package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** Nobody but its own gateway ever looks into a ledger. */
@ExtendWith(SharedSystem.class)
class OpaqueLedgersTest {
  @Test
  @Tag("ARCH-7")
  void transferIsProvenByWhatGatewaysExchangedWhenNoLedgerCanBeReached(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();
    journey.assertUnitsArrived();

    system.kill("sql-alpha");
    system.kill("sql-beta");

    assertThat(journey.assertProven().story())
        .extracting(line -> line.act().text())
        .anyMatch(text -> text.startsWith("extinguished 30 of cash on sql-alpha: tx "))
        .anyMatch(text -> text.startsWith("created 30 of cash on sql-beta: tx "));
  }
}
