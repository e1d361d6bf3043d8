package org.odap.cli.system;

import static org.odap.cli.system.YamlFile.ordered;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.runtime.tpm.DevelopmentTpm;
import org.odap.runtime.tpm.Measurement;

/**
 * The machine of a side's gateway as far as it proves what it is: a TPM in software, and the
 * attestation service that has it quote and appraises the other side's machine (ARCH 6).
 *
 * <p>Mutable: its TPM, which ends with it. Used by one thread at a time.
 */
public final class AttestedMachine implements AutoCloseable {
  /** What the other side's policy wants to have been started. */
  public static final List<Measurement> IN_ORDER =
      List.of(
          new Measurement(0, "firmware 1.4"),
          new Measurement(4, "boot loader 2.12"),
          new Measurement(4, "kernel 6.12"),
          new Measurement(7, "secure boot on"));

  static final String MODULE = "attestation-service";

  /** Judged by what was measured into it, one by one; the others by their values. */
  private static final int BOOTED_PCR = 4;

  private static final Duration START_MAX = Duration.ofSeconds(90);

  private final Side side;
  private final Configurations files;
  private final Path folder;
  private final Path vendor;
  private final Processes processes;
  private final Map<String, Object> blocks = new LinkedHashMap<>();
  private Optional<DevelopmentTpm> tpm = Optional.empty();

  private AttestedMachine(Side side, Configurations files, Path root, Processes processes) {
    this.side = side;
    this.files = files;
    this.folder = root.resolve(side.name());
    this.vendor = root.resolve("tpm-vendor");
    this.processes = processes;
  }

  /**
   * A machine that is switched on and has started what it should; its service does not run yet.
   *
   * @param root folder of all sides' files; both sides' TPMs are of one vendor
   */
  static AttestedMachine switchOn(Side side, Configurations files, Path root, Processes processes)
      throws InterruptedException {
    AttestedMachine machine = new AttestedMachine(side, files, root, processes);
    machine.boot(IN_ORDER);
    return machine;
  }

  private void boot(List<Measurement> measurements) throws InterruptedException {
    DevelopmentTpm chip = DevelopmentTpm.start(folder.resolve("tpm"), vendor);
    tpm = Optional.of(chip);
    try {
      blocks.put(
          "attester",
          ordered(
              "swtpm",
              chip.address(),
              "event-log",
              chip.boot(measurements).toString(),
              "endorsement-chain",
              DevelopmentTpm.issuer(vendor).toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Its attestation service, which wants the other machine to be in order.
   *
   * @param besides what else the service does
   */
  Path serving(Map<String, Object> besides, AttestedMachine other) {
    blocks.putAll(besides);
    Path policy = folder.resolve("attestation-policy.yaml");
    YamlFile.write(policy, ordered("profiles", List.of(other.inOrder())));
    blocks.put(
        "verifier",
        ordered(
            "policy-file",
            policy.toString(),
            "data-directory",
            folder.resolve("attestation-data").toString()));
    return files.attestation(blocks);
  }

  private Map<String, Object> inOrder() {
    Map<String, Object> values = new LinkedHashMap<>();
    Measurement.values(IN_ORDER)
        .forEach((pcr, value) -> {
          if (pcr != BOOTED_PCR) {
            values.put(pcr.toString(), List.of(value));
          }
        });
    List<String> booted =
        IN_ORDER.stream().filter(one -> one.pcr() == BOOTED_PCR).map(Measurement::digest).toList();
    return ordered(
        "name",
        "machines of " + side.organization(),
        "gateways",
        List.of(side.gateway().uri()),
        "endorsement-roots",
        List.of(DevelopmentTpm.root(vendor).toString()),
        "pcr-values",
        values,
        "pcr-events",
        ordered(Integer.toString(BOOTED_PCR), booted));
  }

  /** What its attestation service is called among the processes. */
  public String service() {
    return processName(side);
  }

  static String processName(Side side) {
    return "attestation-" + side.name();
  }

  /** Switches the machine off and on again: it has started this now. The gateway is left alone. */
  public void reboot(List<Measurement> measurements) throws InterruptedException {
    switchOff();
    boot(measurements);
    serveAgain();
  }

  /** Leaves the machine without a TPM. */
  public void removeTpm() throws InterruptedException {
    switchOff();
    blocks.remove("attester");
    serveAgain();
  }

  private void switchOff() throws InterruptedException {
    processes.kill(List.of(service()));
    if (tpm.isPresent()) {
      try {
        tpm.get().shutDown();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      tpm = Optional.empty();
    }
  }

  private void serveAgain() throws InterruptedException {
    var _ = files.attestation(blocks);
    processes.restart(START_MAX, List.of(service()));
  }

  @Override
  public void close() {
    tpm.ifPresent(DevelopmentTpm::close);
    tpm = Optional.empty();
  }
}
