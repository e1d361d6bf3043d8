package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.odap.cli.system.Processes;
import org.odap.cli.system.YamlFile;
import org.odap.it.system.ContainerImage;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.lifecycle.FreePorts;

/**
 * What goes into the services' container images, and that it runs: the layers are unpacked and
 * started as processes. The layer with Java and the system below comes from elsewhere, and is not
 * looked at.
 */
@Tag("CARD-6")
class ImagesTest {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Path ROOT = Path.of(System.getProperty("odap.root"));

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attestation-service",
        "cli",
        "gateway-service",
        "ledger-adapter-ethereum",
        "ledger-adapter-fabric",
        "ledger-adapter-sql",
        "log-service",
        "resource-service"
      })
  void imageHoldsTheServiceAndSaysWhatIsInIt(String service) throws Exception {
    ContainerImage image = ContainerImage.unpack(ROOT, service, folder);

    assertThat(image.config().get("User").asText()).isEqualTo("65532:65532");
    assertThat(image.entryPoint())
        .contains(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:MaxRAMPercentage=60",
            "-XX:+ExitOnOutOfMemoryError");
    assertThat(image.entryPoint().getLast()).isEqualTo(mainClass(service));
    assertThat(image.config().get("Labels").get("org.opencontainers.image.title").asText())
        .isEqualTo(service);
    assertThat(image.created()).isEqualTo("2026-01-01T00:00:00Z");

    Map<String, String> libraries = hashes(target(service).resolve("lib"));
    // Our own jars have their version in lib only.
    Map<String, String> inImage = hashes(image.root().resolve("app/libs"));
    assertThat(inImage.values()).containsExactlyInAnyOrderElementsOf(libraries.values());
    assertThat(image.root().resolve("app/classpath").resolve(service + ".jar"))
        .hasSameBinaryContentAs(target(service).resolve(service + ".jar"));
    assertThat(hashes(image.root().resolve("app/classpath"))).hasSize(1);
    Set<String> onClassPath = new TreeSet<>(Set.of("/app/classpath/*"));
    inImage.keySet().forEach(library -> onClassPath.add("/app/libs/" + library));
    assertThat(image.classPath())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(onClassPath)
        .first()
        .isEqualTo("/app/classpath/*");

    assertThat(listed(image.root().resolve("app/sbom").resolve(service + ".cdx.json")))
        .isEqualTo(libraries);
  }

  @Test
  void servicesOfASideStartFromTheirImagesWriteNothingIntoThemAndAreRestored() throws Exception {
    DevelopmentPki pki = DevelopmentPki.create(folder.resolve("pki"), "alpha.example");
    List<Integer> ports = FreePorts.find(5);
    Path access = folder.resolve("access.yaml");
    YamlFile.write(
        access,
        YamlFile.ordered(
            "rules",
            List.of(
                YamlFile.ordered(
                    "clients",
                    List.of("odapclient://alpha.example/gateway-service.alpha.example/desk/one"),
                    "may",
                    List.of("view"),
                    "on",
                    List.of("odapres://alpha.example/gateway-service.alpha.example")))));
    List<ContainerImage> images = new ArrayList<>();
    List<Map<String, String>> unpacked = new ArrayList<>();
    try (Processes processes = new Processes()) {
      for (String service :
          List.of(
              "log-service",
              "ledger-adapter-sql",
              "attestation-service",
              "resource-service",
              "gateway-service")) {
        ContainerImage image = ContainerImage.unpack(ROOT, service, folder);
        images.add(image);
        unpacked.add(image.files());
        Path configuration = folder.resolve(service + ".yaml");
        int number = images.size() - 1;
        Map<String, Object> settings = settings(pki, service, ports.get(number));
        settings.putAll(
            switch (service) {
              case "log-service" ->
                  YamlFile.ordered(
                      "data-directory",
                      folder.resolve("log-data").toString(),
                      "backup",
                      YamlFile.ordered("directory", folder.resolve("backups").toString()));
              case "ledger-adapter-sql" ->
                  YamlFile.ordered("dlt-system", "books", "jdbc-url", "jdbc:h2:mem:books");
              case "attestation-service" ->
                  YamlFile.ordered(
                      "verifier",
                      YamlFile.ordered(
                          "policy-file",
                          policy(pki).toString(),
                          "data-directory",
                          folder.resolve("keys").toString()));
              case "resource-service" ->
                  YamlFile.ordered(
                      "catalog-directory",
                      Files.createDirectories(folder.resolve("catalog")).toString(),
                      "data-directory",
                      folder.resolve("resource-data").toString());
              default ->
                  YamlFile.ordered(
                      "access-file",
                      access.toString(),
                      "log",
                      target("log-service", ports.get(0)),
                      "ledgers",
                      List.of(
                          YamlFile.ordered(
                              "dlt-system",
                              "books",
                              "adapter",
                              target("ledger-adapter-sql", ports.get(1)))));
            });
        YamlFile.write(configuration, settings);
        processes.start(START_MAX, image.launch(service, configuration));
      }
    }
    for (int i = 0; i < images.size(); i++) {
      assertThat(images.get(i).files()).isEqualTo(unpacked.get(i));
    }
    assertThat(said(ContainerImage.unpack(ROOT, "cli", folder).command(restore())))
        .contains("restored generation 1")
        .contains("held until they are released: 0");
  }

  /** As docs/restore-job.yaml has it, with other paths. */
  private List<String> restore() {
    return List.of(
        "log",
        "restore",
        "--config",
        folder.resolve("log-service.yaml").toString(),
        "--from",
        folder.resolve("backups").toString(),
        "--to",
        folder.resolve("restored").toString());
  }

  private static String said(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private Path policy(DevelopmentPki pki) {
    Path policy = folder.resolve("policy.yaml");
    YamlFile.write(
        policy,
        YamlFile.ordered(
            "profiles",
            List.of(
                YamlFile.ordered(
                    "name",
                    "beta",
                    "gateways",
                    List.of("odapgw://beta.example/*"),
                    "endorsement-roots",
                    List.of(pki.entityCertificate().toString()),
                    "pcr-values",
                    YamlFile.ordered("0", List.of("00".repeat(32)))))));
    return policy;
  }

  private static Map<String, Object> settings(DevelopmentPki pki, String service, int port) {
    Identity identity = new Identity(identity(service));
    return YamlFile.ordered(
        "tls",
        YamlFile.tls(pki.issue(identity, service, List.of())),
        "server",
        YamlFile.ordered(
            "port",
            port,
            "callers",
            List.of(
                YamlFile.ordered(
                    "identity",
                    identity("gateway-service"),
                    "services",
                    List.of(
                        "odap.log.v1.LogStorageService",
                        "odap.log.v1.LogApiService",
                        "odap.log.v1.LeaseService",
                        "odap.ledger.v1.LedgerService")))));
  }

  private static String identity(String service) {
    String scheme =
        switch (service) {
          case "log-service" -> "odaplog";
          case "gateway-service" -> "odapgw";
          case "attestation-service" -> "odapattestation";
          case "resource-service" -> "odapdir";
          default -> "odapledger";
        };
    return scheme + "://alpha.example/" + service;
  }

  private static Map<String, Object> target(String service, int port) {
    return YamlFile.ordered("address", "127.0.0.1:" + port, "identity", identity(service));
  }

  private static Path target(String service) {
    return ROOT.resolve(service).resolve("target");
  }

  private static String mainClass(String service) throws IOException {
    try (var jar = new java.util.jar.JarFile(target(service).resolve(service + ".jar").toFile())) {
      return jar.getManifest().getMainAttributes().getValue("Main-Class");
    }
  }

  /** The libraries a bill of materials names: their files with their hashes. */
  private static Map<String, String> listed(Path bill) throws IOException {
    Map<String, String> listed = new TreeMap<>();
    for (JsonNode component : new ObjectMapper().readTree(bill.toFile()).get("components")) {
      listed.put(file(component), sha256(component));
    }
    return listed;
  }

  /** As Maven names it: {@code pkg:maven/group/name@version?classifier=linux&type=jar}. */
  private static String file(JsonNode component) {
    String url = component.get("purl").asText();
    String classifier =
        url.contains("classifier=") ? "-" + url.replaceAll(".*classifier=([^&]*).*", "$1") : "";
    return component.get("name").asText()
        + "-"
        + component.get("version").asText()
        + classifier
        + ".jar";
  }

  private static String sha256(JsonNode component) {
    return StreamSupport.stream(component.get("hashes").spliterator(), false)
        .filter(hash -> hash.get("alg").asText().equals("SHA-256"))
        .map(hash -> hash.get("content").asText())
        .findFirst()
        .orElse("no SHA-256");
  }

  private static Map<String, String> hashes(Path libraries) throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(libraries)) {
      for (Path file : files.toList()) {
        hashes.put(
            file.getFileName().toString(),
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
      }
    }
    return hashes;
  }
}
