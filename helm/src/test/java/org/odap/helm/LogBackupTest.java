package org.odap.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.log.LogConfig;
import org.odap.log.backup.BackupConfig;

/** A log's backups are on a volume of their own, and what restores one finds both volumes. */
@Tag("CARD-6")
class LogBackupTest {
  private static final Path RESTORE_JOB =
      Path.of(System.getProperty("odap.root")).resolve("docs/restore-job.yaml");

  @TempDir private Path folder;

  @Test
  void backupsAreMadeOnAVolumeBesideTheData() throws IOException {
    List<KubernetesObject> objects = Chart.render(Chart.example("minimal"));

    BackupConfig backup = config(objects).backup().orElseThrow();

    assertThat(backup.interval()).hasHours(1);
    assertThat(backup.keep()).isEqualTo(24);
    assertThat(claims(objects)).containsExactly("data", "backups");
    assertThat(volumeOf(log(objects).containers().getFirst(), backup.directory()))
        .isEqualTo("backups");
    assertThat(volumeOf(log(objects).containers().getFirst(), config(objects).dataDirectory()))
        .isEqualTo("data");
  }

  @Test
  void withoutBackupsThereIsNoVolumeForThem() throws IOException {
    Path values = folder.resolve("values.yaml");
    Files.writeString(
        values, Files.readString(Chart.example("minimal")) + "log: {backup: {enabled: false}}\n");
    List<KubernetesObject> objects = Chart.render(values);
    assertThat(config(objects).backup()).isEmpty();
    assertThat(claims(objects)).containsExactly("data");
  }

  @Test
  void theRestoreJobFindsTheVolumesAndTheConfigurationOfTheLog() throws IOException {
    List<KubernetesObject> objects = Chart.render(Chart.example("minimal"));
    LogConfig config = config(objects);
    List<KubernetesObject> restore = Chart.parseAll(Files.readString(RESTORE_JOB));
    StrictSchema schema = StrictSchema.load();
    assertThat(restore).allSatisfy(object -> assertThat(schema.mistakes(object)).isEmpty());
    assertThat(restore).extracting(KubernetesObject::name).contains("data-alpha-log-0");
    KubernetesObject job = restore.getLast();
    assertThat(
            List.of(
                "not-root",
                "read-only-root",
                "no-escalation",
                "no-capabilities",
                "seccomp",
                "resources",
                "pinned-image"))
        .allSatisfy(
            rule -> assertThat(ManifestRules.RULES.get(rule).apply(List.of(job))).isEmpty());

    Map<String, Object> container = job.containers().getFirst();
    List<?> args = (List<?>) container.get("args");
    Path from = Path.of(args.get(args.indexOf("--from") + 1).toString());
    Path to = Path.of(args.get(args.indexOf("--to") + 1).toString());
    assertThat(from).isEqualTo(config.backup().orElseThrow().directory());
    assertThat(to).isEqualTo(config.dataDirectory());
    assertThat(Fields.list(job.pod(), "volumes"))
        .contains(
            claim(volumeOf(container, from), "backups-alpha-log-0"),
            claim(volumeOf(container, to), "data-alpha-log-0"),
            Map.of("name", "config", "configMap", Map.of("name", "alpha-log")));
  }

  private static Map<String, Object> claim(String volume, String claim) {
    return Map.of("name", volume, "persistentVolumeClaim", Map.of("claimName", claim));
  }

  private LogConfig config(List<KubernetesObject> objects) throws IOException {
    return Chart.configuration(objects, "alpha-log", folder, LogConfig.class);
  }

  private static KubernetesObject log(List<KubernetesObject> objects) {
    return objects.stream()
        .filter(object -> object.isWorkload() && object.name().equals("alpha-log"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> claims(List<KubernetesObject> objects) {
    return Fields.list(log(objects).tree(), "spec", "volumeClaimTemplates").stream()
        .map(claim -> Fields.text(claim, "metadata", "name"))
        .toList();
  }

  /** The volume under which a path is. */
  private static String volumeOf(Map<String, Object> container, Path path) {
    return Fields.list(container, "volumeMounts").stream()
        .filter(mount -> path.startsWith(Fields.text(mount, "mountPath")))
        .map(mount -> Fields.text(mount, "name"))
        .findFirst()
        .orElse("none");
  }
}
