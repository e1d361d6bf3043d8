package org.odap.ledger.fabric;

import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** A real Fabric network fails as the adapter reads it. */
@EnabledIfEnvironmentVariable(named = NetworkFile.VARIABLE, matches = ".+")
final class FabricNetworkFailuresIT extends FailureRows {
  @Override
  protected NetworkFile network() {
    return NetworkFile.ofEnvironment();
  }
}
