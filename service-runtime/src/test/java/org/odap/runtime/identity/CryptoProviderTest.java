package org.odap.runtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CryptoProviderTest {
  @TempDir Path folder;

  /** Issues a certificate, loads it (which signs and verifies) and names the provider. */
  static final class SigningMain {
    private SigningMain() {}

    public static void main(String[] args) {
      TlsFiles files =
          DevelopmentPki.create(Path.of(args[0]), "alpha.example")
              .issue(new Identity("odapgw://alpha.example/gateway"), "gateway", List.of());
      TlsMaterial tls = TlsMaterial.load(files);
      System.out.println(CryptoProvider.install() + " " + tls.identity());
    }
  }

  private String firstLineWith(String classPath) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                SigningMain.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = String.valueOf(lines.readLine());
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return line;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @Tag("CARD-5")
  void withoutTheNativeLibraryBouncyCastleDoesTheSame() throws Exception {
    String withoutNative =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("AmazonCorrettoCryptoProvider"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(firstLineWith(withoutNative)).isEqualTo("BC odapgw://alpha.example/gateway");
  }
}
