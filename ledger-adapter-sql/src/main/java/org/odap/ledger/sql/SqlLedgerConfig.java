package org.odap.ledger.sql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.odap.ledger.sql.database.DatabaseConfig;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;

/** Configuration of a SQL ledger's adapter. */
public record SqlLedgerConfig(
    TlsFiles tls,
    RpcServerConfig server,
    OperationsConfig operations,
    @Description("name of this ledger (DLT system) between gateways")
        @Bounds(min = "1", max = "256")
        String dltSystem,
    @Description("jdbc:postgresql:..., or jdbc:h2:file:... or jdbc:h2:mem:<name>;DB_CLOSE_DELAY=-1")
        String jdbcUrl,
    @Description("database user") Optional<String> user,
    @Description("file that holds the user's password") Optional<Path> passwordFile,
    @Description("connections to the database at most")
        @Default("16")
        @Bounds(min = "1", max = "1000")
        int connectionsMax,
    @Description("owners need not approve that gateways lock what they hold") @Default("false")
        boolean implicitConsent,
    @Description("classes of assets to open at the start, unless they are there already")
        List<AssetClassConfig> assetClasses)
    implements ServiceConfig, Checked {

  /** Kinds of assets. */
  public enum Kind {
    /** Each has an id. */
    UNIQUE,
    /** Only amounts matter. */
    FUNGIBLE
  }

  /** A class of assets. */
  public record AssetClassConfig(
      @Description("name, as in asset_class") @Bounds(min = "1", max = "256") String name,
      @Description("unique or fungible") Kind kind) {}

  public SqlLedgerConfig {
    assetClasses = List.copyOf(assetClasses);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (!jdbcUrl.startsWith("jdbc:h2:") && !jdbcUrl.startsWith("jdbc:postgresql:")) {
      mistakes.add("jdbc-url: value: another database (expected: jdbc:h2: or jdbc:postgresql:)");
    }
    if (jdbcUrl.toLowerCase(Locale.ROOT).contains("password=")) {
      mistakes.add("jdbc-url: value: has a password (expected: password-file)");
    }
    Set<String> names = new HashSet<>();
    for (AssetClassConfig assetClass : assetClasses) {
      if (!names.add(assetClass.name())) {
        mistakes.add("asset-classes: value: " + assetClass.name() + " (expected: once)");
      }
    }
    return mistakes;
  }

  DatabaseConfig database() {
    return new DatabaseConfig(jdbcUrl, user, passwordFile, connectionsMax);
  }
}
