package org.odap.ledger.ethereum.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Key files of accounts, as operators and orchestrators leave them. */
@Tag("CARD-5")
final class SigningAccountTest {
  private static final String KEY = "11".repeat(32);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--r-----"})
  void keyThatItsGroupMayReadIsTaken(String permissions) throws IOException {
    assertThat(SigningAccount.read(file(permissions)).address())
        .isEqualTo(SigningAccount.ofKey(KEY).address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw----", "rw-r--r--", "rw-----w-"})
  void keyThatOthersMayReadOrChangeIsRefused(String permissions) throws IOException {
    Path file = file(permissions);
    assertThatThrownBy(() -> SigningAccount.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("permissions: " + permissions)
        .hasMessageNotContaining(KEY);
  }

  private Path file(String permissions) throws IOException {
    Path file = folder.resolve("key");
    SigningAccount.write(file, KEY);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
