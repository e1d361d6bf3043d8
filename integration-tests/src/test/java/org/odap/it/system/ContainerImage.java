package org.odap.it.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.odap.cli.system.Installation;
import org.odap.cli.system.Launch;

/** A service's container image, its layers unpacked into a folder. */
public final class ContainerImage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CLASS_PATH_FILE = "@/app/jib-classpath-file";

  private final Path root;
  private final JsonNode config;

  private ContainerImage(Path root, JsonNode config) {
    this.root = root;
    this.config = config;
  }

  /** Unpacks what the build made of a service. */
  public static ContainerImage unpack(Path modulesRoot, String service, Path folder) {
    Path image = modulesRoot.resolve(service).resolve("target").resolve("image.tar");
    assertThat(image).as("made by mvn pre-integration-test").isRegularFile();
    Path parts = folder.resolve(service + "-image");
    Path root = folder.resolve(service + "-root");
    untar(image, parts);
    try {
      JsonNode manifest = JSON.readTree(parts.resolve("manifest.json").toFile()).get(0);
      strings(manifest.get("Layers")).forEach(layer -> untar(parts.resolve(layer), root));
      return new ContainerImage(
          root, JSON.readTree(parts.resolve(manifest.get("Config").asText()).toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the root of its file system is. */
  public Path root() {
    return root;
  }

  /** What it says of how it is run: User, Entrypoint, Cmd, Labels. */
  public JsonNode config() {
    return config.get("config");
  }

  /** When it says it was made. */
  public String created() {
    return config.get("created").asText();
  }

  /** Its entry point, program first. */
  public List<String> entryPoint() {
    return strings(config().get("Entrypoint"));
  }

  /** Its class path, in order, as paths inside the image. */
  public List<String> classPath() {
    return List.of(text("app/jib-classpath-file").split(":"));
  }

  /** Every file in it with its size and time of change. */
  public Map<String, String> files() {
    try (Stream<Path> all = Files.walk(root)) {
      Map<String, String> files = new TreeMap<>();
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(
            root.relativize(file).toString(),
            Files.size(file) + " bytes of " + Files.getLastModifiedTime(file));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The image's own command, on this machine's Java, with another configuration. */
  public Launch launch(String name, Path configuration) {
    assertThat(strings(config().get("Cmd"))).containsExactly("--config", "/etc/odap/config.yaml");
    return new Launch(
        name,
        command(List.of("--config", configuration.toString())),
        configuration.resolveSibling(name + ".log"),
        Pattern.compile("^ready "));
  }

  /** The image's entry point, on this machine's Java, with these arguments. */
  public List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>(entryPoint());
    assertThat(command.getFirst()).isEqualTo("java");
    command.set(0, Installation.here().java().toString());
    command.replaceAll(word ->
        word.equals(CLASS_PATH_FILE)
            ? String.join(":", classPath().stream().map(file -> root + file).toList())
            : word);
    command.addAll(arguments);
    return command;
  }

  private String text(String file) {
    try {
      return Files.readString(root.resolve(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> strings(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static void untar(Path archive, Path folder) {
    try {
      Files.createDirectories(folder);
      Process tar =
          new ProcessBuilder("tar", "-xf", archive.toString(), "-C", folder.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(tar.waitFor()).as("tar -xf " + archive + ": " + said).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
