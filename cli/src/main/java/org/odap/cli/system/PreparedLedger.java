package org.odap.cli.system;

import java.nio.file.Path;
import java.util.List;

/**
 * A ledger that is set up, and what its adapters are to be started with.
 *
 * @param configs the adapters' configuration files, one each
 * @param names what the ledger calls its assets
 * @param holder account that holds assets or is to get them; it consents to transfers
 * @param stranger another account
 * @param plain how the same steps are done without an adapter
 */
record PreparedLedger(
    List<Path> configs, AssetNames names, String holder, String stranger, PlainClient plain) {
  PreparedLedger {
    configs = List.copyOf(configs);
  }
}
