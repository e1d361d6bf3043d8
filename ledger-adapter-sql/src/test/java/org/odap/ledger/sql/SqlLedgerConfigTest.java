package org.odap.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.config.ConfigFile;

class SqlLedgerConfigTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("odap.root"), "ledger-adapter-sql", "example.yaml");

  @TempDir Path folder;

  @Test
  void theExampleHasNoMistakes() throws Exception {
    SqlLedgerConfig config = ConfigFile.read(EXAMPLE, SqlLedgerConfig.class);

    assertThat(config.dltSystem()).isEqualTo("land-register");
    assertThat(config.assetClasses())
        .containsExactly(
            new SqlLedgerConfig.AssetClassConfig("title", SqlLedgerConfig.Kind.UNIQUE),
            new SqlLedgerConfig.AssetClassConfig("cash", SqlLedgerConfig.Kind.FUNGIBLE));
  }

  @Test
  void everyMistakeIsNamed() throws IOException {
    Path file = folder.resolve("sql.yaml");
    Files.writeString(
        file,
        Files.readString(EXAMPLE)
            .replace("jdbc:postgresql:", "jdbc:oracle:")
            .replace("sslmode=verify-full", "password=x")
            .replace("name: cash", "name: title"));

    assertThatThrownBy(() -> ConfigFile.read(file, SqlLedgerConfig.class))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("jdbc-url: value: another database")
        .hasMessageContaining("expected: password-file")
        .hasMessageContaining("asset-classes: value: title (expected: once)");
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws Exception {
    Path file = folder.resolve("sql.yaml");
    Files.writeString(
        file,
        """
        tls: {certificate: a, key: b, trusted: [{organization: alpha.example, certificate: c}]}
        dlt-system: register
        jdbc-url: jdbc:h2:mem:x
        """);

    SqlLedgerConfig config = ConfigFile.read(file, SqlLedgerConfig.class);

    assertThat(config.connectionsMax()).isEqualTo(16);
    assertThat(config.implicitConsent()).isFalse();
    assertThat(config.assetClasses()).isEmpty();
    assertThat(config.user()).isEmpty();
    assertThat(config.passwordFile()).isEmpty();
  }
}
