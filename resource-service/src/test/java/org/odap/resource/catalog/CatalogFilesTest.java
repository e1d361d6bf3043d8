package org.odap.resource.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.resource.ResourceConfig;
import org.odap.runtime.config.ConfigFile;

/** What a directory may say of gateways: the examples, and each rule broken once (ARCH 9.3). */
@Tag("ARCH-8")
class CatalogFilesTest {
  private static final Path EXAMPLES = Path.of("examples");
  private static final Path VASP = Path.of("catalog", "vasps", "beta.example.json");

  @TempDir Path folder;

  @Test
  void theExamplesCanBeUsed() throws CatalogException {
    assertThat(ConfigFile.read(EXAMPLES.resolve("resource.yaml"), ResourceConfig.class).server())
        .isNotNull();
    Catalog catalog = CatalogFiles.read(EXAMPLES.resolve("catalog"));
    assertThat(catalog.vasp("beta.example").orElseThrow().getGatewaysList())
        .extracting(DirectoryGateway::getBackup)
        .containsExactly(false, true);
    assertThat(catalog.beneficiary("payments@beta.example").orElseThrow().getGatewaysCount())
        .isEqualTo(2);
    assertThat(catalog.profile("urn:example:euro-cash", "")).isPresent();
  }

  static List<Arguments> broken() {
    return List.of(
        row(".binding: value: soap", text -> text.replace("\"grpc\"", "\"soap\"")),
        row("of one that is no backup", text -> text.replace("\"backup\": true,", "")),
        row(
            ".backupOf: value: odapgw://beta.example/gateway-9",
            text ->
                text.replace(
                    "\"backupOf\": \"odapgw://beta.example/gateway-1\"",
                    "\"backupOf\": \"odapgw://beta.example/gateway-9\"")),
        row(
            "holds no",
            text -> text.replaceFirst("\"certificate\": \"[^\"]*\"", "\"certificate\": \"none\"")),
        row(
            "certificate: of another key",
            text ->
                text.replaceFirst(
                    "\"certificate\": \"[^\"]*\"",
                    "\"certificate\": " + after(text, text.lastIndexOf("\"certificate\": ")))),
        row(
            "certificate: of odapgw://beta.example/gateway-1",
            text ->
                text.replaceFirst(
                    "\"gateway\": \"odapgw://beta.example/gateway-1\"",
                    "\"gateway\": \"odapgw://beta.example/gateway-2\"")),
        row(
            "does not chain to the entity certificate",
            text ->
                text.replaceFirst(
                    "\"entityCertificate\": \"[^\"]*\"",
                    "\"entityCertificate\": " + after(text, text.indexOf("\"certificate\": ")))));
  }

  private static Arguments row(String why, UnaryOperator<String> change) {
    return arguments(named(why, change), why);
  }

  /** The quoted value of the key at this place, as a replacement. */
  private static String after(String text, int key) {
    int from = text.indexOf('"', text.indexOf(':', key));
    return text.substring(from, text.indexOf('"', from + 1) + 1).replace("\\", "\\\\");
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aCatalogThatBreaksARuleIsRefused(UnaryOperator<String> change, String why)
      throws IOException {
    String text = Files.readString(EXAMPLES.resolve(VASP));
    String changed = change.apply(text);
    assertThat(changed).isNotEqualTo(text);
    Path vasp = folder.resolve(VASP);
    Files.createDirectories(vasp.getParent());
    Files.writeString(vasp, changed);

    assertThatThrownBy(() -> CatalogFiles.read(folder.resolve("catalog")))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining(why);
  }
}
