package org.odap.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.core.access.Permission;
import org.odap.core.resource.GatewayResources;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/** A spoiled access file is read or refused with its mistakes, and never falls open (ODAP 5.5). */
@Tag("ODAP-4")
@Timeout(60)
class AccessFileFuzzTest {
  private static final int FILES = 3_000;
  private static final ResourceDescriptor LEDGER =
      GatewayResources.of("odapgw://alpha.example/gateway-1").orElseThrow().ledger("sql");
  private static final String SOUND =
      """
      groups:
        staff: ["odapclient:alpha.example/*/office", "odapclient:alpha.example/g.alpha.example"]
      rules:
        - clients: [staff]
          may: [view, native-txn]
          on: ["odapres://alpha.example/gateway-1.alpha.example/sql"]
        - clients: ["odapclient:alpha.example/*/desk/clerk"]
          may: [cancel, transfer]
          on: ["odapres://alpha.example/gateway-1.alpha.example"]
      access-requests:
        - {on: "odapres://alpha.example/gateway-1.alpha.example", how: ask the office}
      """;
  private static final List<String> PIECES =
      List.of(
          "*",
          "/",
          ":",
          "[",
          "]",
          "{",
          "}",
          "- ",
          "  ",
          "\n",
          "\t",
          "\"",
          "'",
          "#",
          "&a ",
          "*a",
          "<<: ",
          "!!java.io.File ",
          "!",
          "|",
          ">",
          "---\n",
          "...\n",
          "%",
          "~",
          "null",
          "true",
          "0",
          "1e400",
          "staff",
          "rules:",
          "clients:",
          "may:",
          "on:",
          "view",
          "odapclient:",
          "odapres://",
          "alpha.example",
          "../",
          "\u0000",
          "\ufeff",
          "\u0085",
          "\u00e9",
          "\ud83d",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
          "{a: {a: {a: {a: ");

  private final long seed = Long.getLong("odap.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void aSpoiledFileIsReadOrRefused(@TempDir Path folder) throws IOException {
    X509Certificate certificate =
        TlsMaterial.load(
                DevelopmentPki.create(folder, "beta.example")
                    .issue(new Identity("odapclient://beta.example/g/o/n"), "n", List.of()))
            .certificate();
    List<Caller> strangers =
        List.of(
            new Caller(new Identity("odapgw://alpha.example/gateway-1"), certificate),
            new Caller(
                new Identity("odapclient://beta.example/g.beta.example/office/n"), certificate));
    Path file = folder.resolve("access.yaml");
    int refused = 0;
    for (int i = 0; i < FILES; i++) {
      Files.write(file, spoiled());
      try {
        Access access = new Access(file, new SimpleMeterRegistry());
        for (Caller stranger : strangers) {
          // A spoiled pattern may name more of alpha's clients; these no edit of ours can name.
          assertThat(access.allows(stranger, Permission.OPERATE, LEDGER))
              .as("seed %d, file %d", seed, i)
              .isFalse();
        }
      } catch (ConfigException e) {
        assertThat(e.mistakes()).as("seed %d, file %d", seed, i).isNotEmpty();
        refused++;
      }
    }
    System.out.println("access files: " + FILES + ", refused " + refused + ", seed " + seed);
    assertThat(refused).isGreaterThan(FILES / 3).isLessThan(FILES);
  }

  private byte[] spoiled() {
    StringBuilder text = new StringBuilder(SOUND);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(12));
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, piece);
        case 2 -> text.replace(at, end, piece);
        default -> text.insert(at, text.substring(at, end));
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(20) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }
}
