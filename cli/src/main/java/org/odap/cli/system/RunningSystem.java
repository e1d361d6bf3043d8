package org.odap.cli.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.odap.cli.system.Configurations.Ports;

/** A system of processes over mutual TLS, started as planned. Everything ends when it is closed. */
public final class RunningSystem implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(90);

  private final SystemPlan plan;
  private final Installation installation;
  private final Consumer<String> progress;
  private final Processes processes = new Processes();
  private final LedgerPreparation ledgers;
  private final List<Launch> services = new ArrayList<>();
  private RunningSide alpha;
  private RunningSide beta;

  private RunningSystem(SystemPlan plan, Installation installation, Consumer<String> progress) {
    this.plan = plan;
    this.installation = installation;
    this.progress = progress;
    this.ledgers = new LedgerPreparation(plan.ledgers(), installation, processes, progress);
  }

  /**
   * Makes certificates and configurations, starts everything and waits until it serves.
   *
   * @param progress is told what is going on, a line a step
   */
  public static RunningSystem start(
      SystemPlan plan, Installation installation, Consumer<String> progress)
      throws InterruptedException {
    RunningSystem system = new RunningSystem(plan, installation, progress);
    try {
      system.startAll();
      return system;
    } catch (RuntimeException | InterruptedException failed) {
      system.close();
      throw failed;
    }
  }

  private void startAll() throws InterruptedException {
    checkInstallation();
    progress.accept(
        "making certificates for "
            + plan.alpha().organization()
            + " and "
            + plan.beta().organization());
    SystemPki alphaPki = SystemPki.make(plan.folder(), plan.alpha(), plan.beta(), plan.backups());
    SystemPki betaPki = SystemPki.make(plan.folder(), plan.beta(), plan.alpha(), plan.backups());
    int portsOfSide = 6 + 2 * plan.backups();
    List<Integer> free = FreePorts.find(2 * portsOfSide);
    Ports alphaPorts = ports(free.subList(0, portsOfSide));
    Ports betaPorts = ports(free.subList(portsOfSide, 2 * portsOfSide));
    Configurations alphaFiles =
        new Configurations(plan.folder(), plan.alpha(), alphaPki, alphaPorts);
    Configurations betaFiles = new Configurations(plan.folder(), plan.beta(), betaPki, betaPorts);

    PreparedLedger first = prepare(plan.alpha(), alphaFiles, free.get(2));
    PreparedLedger second = prepare(plan.beta(), betaFiles, free.get(portsOfSide + 2));
    for (int number = 0; number <= plan.backups(); number++) {
      gateway(
          plan.alpha(),
          number,
          alphaFiles.gateway(number, first.names(), plan.beta(), betaPki, betaPorts));
      gateway(
          plan.beta(),
          number,
          betaFiles.gateway(number, second.names(), plan.alpha(), alphaPki, alphaPorts));
    }
    progress.accept("starting " + services.size() + " services over mutual TLS 1.3");
    processes.start(START_MAX, services);

    alpha = running(plan.alpha(), first, alphaFiles, alphaPki, alphaPorts);
    beta = running(plan.beta(), second, betaFiles, betaPki, betaPorts);
  }

  /** The third is for the ledger's node; the gateways have two each. */
  private static Ports ports(List<Integer> free) {
    List<Integer> gateways = free.subList(4, free.size());
    int count = gateways.size() / 2;
    return new Ports(
        gateways.subList(0, count),
        free.get(0),
        List.of(free.get(1)),
        gateways.subList(count, 2 * count),
        free.get(3));
  }

  private void gateway(Side side, int number, Path config) {
    YamlFile.add(config, plan.gatewaySettings());
    service(side, Side.gatewayName(number), "gateway-service", config);
  }

  /** What is missing is told before anything is started. */
  private void checkInstallation() {
    var _ = installation.jar("gateway-service");
    var _ = installation.jar("log-service");
    ledgers.check(plan.alpha().kind());
    ledgers.check(plan.beta().kind());
  }

  private PreparedLedger prepare(Side side, Configurations files, int nodePort)
      throws InterruptedException {
    service(side, "log", "log-service", files.log());
    PreparedLedger ledger = ledgers.prepare(side, files, nodePort);
    service(side, Side.ledgerName(0), side.kind().adapter(), ledger.configs().getFirst());
    return ledger;
  }

  /** Where a side's files are. */
  public Path folder(Side side) {
    return plan.folder().resolve(side.name());
  }

  private void service(Side side, String role, String module, Path config) {
    services.add(
        Launch.service(role + "-" + side.name(), installation, module, plan.jvmOptions(), config));
  }

  private static RunningSide running(
      Side side, PreparedLedger ledger, Configurations files, SystemPki pki, Ports ports) {
    List<Path> profiles = files.clientProfiles();
    return new RunningSide(
        side,
        profiles.getFirst(),
        profiles.subList(1, profiles.size()),
        ports.gatewayEdge(0),
        ports.logEdge(),
        pki.client(),
        ports.ledger(side, 0),
        ledger.names(),
        ledger.holder(),
        ledger.stranger(),
        pki.entity());
  }

  /** The side transfers start from. */
  public RunningSide alpha() {
    return alpha;
  }

  /** The other side. */
  public RunningSide beta() {
    return beta;
  }

  /** Its processes. */
  public Processes processes() {
    return processes;
  }

  @Override
  public void close() {
    processes.close();
  }
}
