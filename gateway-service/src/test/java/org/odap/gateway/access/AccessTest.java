package org.odap.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.access.Permission;
import org.odap.core.resource.GatewayResources;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapException;

/** The access file: read with its mistakes by line, taken up when it changes (ODAP 5.5). */
@Tag("ODAP-4")
class AccessTest {
  private static final ResourceDescriptor LEDGER =
      GatewayResources.of("odapgw://alpha.example/gateway-1").orElseThrow().ledger("sql");
  private static final String SOUND =
      """
      groups:
        staff: ["odapclient:alpha.example/*/office"]
      rules:
        - clients: [staff]
          may: [view, native-txn]
          on: ["odapres://alpha.example/gateway-1.alpha.example/sql"]
      """;

  @TempDir static Path pki;
  private static X509Certificate certificate;

  @TempDir Path folder;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @BeforeAll
  static void anyCertificate() {
    certificate =
        TlsMaterial.load(
                DevelopmentPki.create(pki.resolve("pki"), "alpha.example")
                    .issue(new Identity("odapclient://alpha.example/g/o/n"), "n", List.of()))
            .certificate();
  }

  private static Caller caller(String identity) {
    return new Caller(new Identity(identity), certificate);
  }

  private static final String CLERK = "odapclient://alpha.example/g.alpha.example/office/clerk";

  private Access access(String yaml) throws IOException {
    return new Access(write(yaml), metrics);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("access.yaml"), yaml);
  }

  private List<String> mistakes(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> access(yaml)).mistakes();
  }

  @Test
  void whoIsNotAllowedIsRefused() throws IOException {
    Access access = access(SOUND);

    access.require(caller(CLERK), Permission.VIEW, LEDGER);
    OdapException refusal =
        catchThrowableOfType(
            OdapException.class, () -> access.require(caller(CLERK), Permission.CANCEL, LEDGER));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
    assertThat(refusal.description()).contains(CLERK, "CANCEL", LEDGER.format());
    assertThat(
            metrics
                .counter(
                    "odap.gateway.access.decisions", "permission", "cancel", "decision", "denied")
                .count())
        .isEqualTo(1);
  }

  @Test
  void whoIsNoClientMayDoNothing() throws IOException {
    Access access = access(SOUND.replace("alpha.example/*/office", "*"));

    assertThat(access.allows(caller(CLERK), Permission.VIEW, LEDGER)).isTrue();
    assertThat(access.allows(caller("odapgw://alpha.example/g"), Permission.VIEW, LEDGER))
        .isFalse();
    assertThat(access.allows(caller("odapclient://alpha.example/n"), Permission.VIEW, LEDGER))
        .isFalse();
  }

  @Test
  void mistakesSayTheirLineAndWhatIsExpected() {
    assertThat(mistakes(SOUND.replace("view, native-txn", "view, fly").replace("[staff]", "[x]")))
        .anyMatch(mistake ->
            mistake.startsWith("line 5: rules[0].may[1]: value: fly (expected: one of create")
                && mistake.contains("native-txn"))
        .hasSize(1);
    assertThat(mistakes(SOUND.replace("[staff]", "[x]")))
        .singleElement()
        .asString()
        .startsWith("line 4: rules[0].clients[0]: value: x (expected: odapclient:");
    assertThat(mistakes(SOUND + "    only: sundays\n"))
        .singleElement()
        .asString()
        .startsWith("line 7: rules[0].only: unknown key");
    assertThat(mistakes(SOUND + "    may: [cancel]\n"))
        .singleElement()
        .asString()
        .contains("line 7", "Duplicate");
    assertThat(mistakes(SOUND.replace("odapres:", "http:")))
        .singleElement()
        .asString()
        .startsWith("line 6: rules[0].on[0]: value: http:");
  }

  @Test
  @Timeout(20)
  void aChangedFileIsTakenUpAndAWrongOneIsNot() throws Exception {
    Access access = access(SOUND);
    access.start();
    try {
      write(SOUND.replace("view", "cancel"));
      await(() -> access.allows(caller(CLERK), Permission.CANCEL, LEDGER));
      assertThat(access.allows(caller(CLERK), Permission.VIEW, LEDGER)).isFalse();

      write(SOUND.replace("may:", "might:"));
      await(() -> stale() == 1);
      assertThat(access.allows(caller(CLERK), Permission.CANCEL, LEDGER)).isTrue();

      Files.delete(folder.resolve("access.yaml"));
      access.reloadIfChanged();
      write("");
      access.reloadIfChanged();
      assertThat(stale()).isEqualTo(1);
      assertThat(access.allows(caller(CLERK), Permission.CANCEL, LEDGER)).isTrue();

      write(SOUND);
      await(() -> access.allows(caller(CLERK), Permission.VIEW, LEDGER));
      assertThat(stale()).isZero();
    } finally {
      access.stop(Duration.ZERO);
    }
  }

  private double stale() {
    return metrics.get("odap.gateway.access.stale").gauge().value();
  }

  /** The test's time-out ends a vain wait. */
  private static void await(java.util.function.BooleanSupplier condition) {
    while (!condition.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
  }
}
