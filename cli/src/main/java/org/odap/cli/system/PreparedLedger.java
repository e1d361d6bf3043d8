package org.odap.cli.system;

import java.nio.file.Path;

/**
 * A ledger that is set up, and what its adapter is to be started with.
 *
 * @param config the adapter's configuration file
 * @param names what the ledger calls its assets
 * @param holder account that holds assets or is to get them; it consents to transfers
 * @param stranger another account
 */
record PreparedLedger(Path config, AssetNames names, String holder, String stranger) {}
