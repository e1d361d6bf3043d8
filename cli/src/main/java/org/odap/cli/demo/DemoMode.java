package org.odap.cli.demo;

import org.odap.cli.system.Attesting;
import org.odap.cli.system.MembersPlan;
import org.odap.cli.system.MembersPlan.Keys;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.SystemPlan;

/** What a demonstration shows. */
enum DemoMode {
  /** The relay mode (ODAP 4.6). */
  RELAY {
    @Override
    SystemPlan plan(SystemPlan plain) {
      return plain;
    }

    @Override
    Demo on(Stage stage, RunningSystem system) {
      return new RelayDemo(stage);
    }
  },
  /** Ledgers whose members vouch for them, machines that are attested (IT). */
  INTERTRUST {
    @Override
    SystemPlan plan(SystemPlan plain) {
      return plain.with(new MembersPlan(4, 1, Keys.DEALT, 1)).with(Attesting.REQUIRED);
    }

    @Override
    Demo on(Stage stage, RunningSystem system) {
      return new InterTrustDemo(stage, system);
    }
  };

  /** The system it is shown on. */
  abstract SystemPlan plan(SystemPlan plain);

  /** The demonstration on a running system. */
  abstract Demo on(Stage stage, RunningSystem system);
}
