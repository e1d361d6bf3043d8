package org.odap.cli.demo;

import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.cli.system.RunningSide;

/** One side with open connections to its gateway and its ledger. */
record DemoSide(RunningSide about, GatewayConnection gateway, LedgerAccess ledger)
    implements AutoCloseable {
  static DemoSide open(RunningSide side) {
    return new DemoSide(
        side, GatewayConnection.open(ProfileOption.read(side.profile())), new LedgerAccess(side));
  }

  String holder() {
    return about.holder();
  }

  @Override
  public void close() {
    gateway.close();
    ledger.close();
  }
}
