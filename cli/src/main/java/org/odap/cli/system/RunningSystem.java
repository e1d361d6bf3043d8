package org.odap.cli.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.odap.cli.system.Configurations.LogNodes;
import org.odap.cli.system.Configurations.Ports;
import org.odap.runtime.lifecycle.FreePorts;

/** A system of processes over mutual TLS, started as planned. Everything ends when it is closed. */
public final class RunningSystem implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(90);

  private final SystemPlan plan;
  private final Installation installation;
  private final Consumer<String> progress;
  private final Processes processes = new Processes();
  private final LedgerPreparation ledgers;
  private final List<Launch> services = new ArrayList<>();
  private final Map<Side, AttestedMachine> machines = new LinkedHashMap<>();
  private final Map<Side, RunningMembers> members = new LinkedHashMap<>();
  private RunningSide alpha;
  private RunningSide beta;

  /** What one side is started with. */
  private record Half(
      Side side, SystemPki pki, Ports ports, Configurations files, PreparedLedger ledger) {}

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
    SystemPki alphaPki = pki(plan.alpha(), plan.beta());
    SystemPki betaPki = pki(plan.beta(), plan.alpha());
    int portsOfSide =
        7
            + 2 * plan.backups()
            + (plan.adapters() - 1)
            + plan.members().map(MembersPlan::ports).orElse(0)
            + logPorts();
    List<Integer> free = FreePorts.find(2 * portsOfSide);
    Half first = prepare(plan.alpha(), alphaPki, free.subList(0, portsOfSide));
    Half second = prepare(plan.beta(), betaPki, free.subList(portsOfSide, 2 * portsOfSide));
    if (plan.attesting() != Attesting.OFF) {
      progress.accept("making a TPM in software for each gateway's machine");
      switchOn(first);
      switchOn(second);
    }
    attestation(first, second);
    attestation(second, first);
    if (plan.members().isPresent()) {
      startMembers(plan.members().get(), first, second);
    }
    for (int number = 0; number <= plan.backups(); number++) {
      gateway(first, number, second);
      gateway(second, number, first);
    }
    startServices();
    if (plan.adapters() > 1) {
      // The first one on a new database makes its tables, with nobody else there.
      moreAdapters(first);
      moreAdapters(second);
      startServices();
    }

    alpha = running(first);
    beta = running(second);
  }

  private void moreAdapters(Half own) {
    for (int number = 1; number < plan.adapters(); number++) {
      adapter(own.side(), number, own.ledger());
    }
  }

  private void adapter(Side side, int number, PreparedLedger ledger) {
    service(side, Side.ledgerName(number), side.kind().adapter(), ledger.configs().get(number));
  }

  private void switchOn(Half own) throws InterruptedException {
    machines.put(
        own.side(), AttestedMachine.switchOn(own.side(), own.files(), plan.folder(), processes));
  }

  /** One service for all it is wanted for. */
  private void attestation(Half own, Half other) {
    Map<String, Object> blocks = new LinkedHashMap<>();
    own.files().members().ifPresent(its -> blocks.put("quorum", its.quorum()));
    if (machines.containsKey(own.side())) {
      attestation(own.side(), machines.get(own.side()).serving(blocks, machines.get(other.side())));
    } else if (!blocks.isEmpty()) {
      attestation(own.side(), own.files().attestation(blocks));
    }
  }

  private void attestation(Side side, Path config) {
    service(side, "attestation", AttestedMachine.MODULE, config);
  }

  /** Members make their key before the gateways start, which are told of it. */
  private void startMembers(MembersPlan vouching, Half first, Half second)
      throws InterruptedException {
    members.put(first.side(), members(vouching, first, second));
    members.put(second.side(), members(vouching, second, first));
    members.values().forEach(side -> services.addAll(side.signers()));
    startServices();
    if (vouching.keys() == MembersPlan.Keys.OWN) {
      progress.accept("having the members of each ledger make a key, without a dealer");
      members.values().parallelStream().forEach(RunningMembers::makeKey);
    }
    members.values().forEach(side -> services.addAll(side.adapters()));
  }

  private RunningMembers members(MembersPlan vouching, Half own, Half other) {
    return new RunningMembers(
        vouching,
        own.side(),
        own.pki(),
        own.ports(),
        own.files().members().orElseThrow(),
        other.files().members().orElseThrow(),
        own.ledger().configs(),
        new RunningMembers.Machine(installation, processes, plan.jvmOptions()));
  }

  private SystemPki pki(Side side, Side other) {
    return SystemPki.make(plan.folder(), side, other, plan.backups(), plan.members());
  }

  private void startServices() throws InterruptedException {
    progress.accept("starting " + services.size() + " services over mutual TLS 1.3");
    processes.start(START_MAX, services);
    services.clear();
  }

  /** A replicated log's: all but one for callers, which each log has, and all among themselves. */
  private int logPorts() {
    return plan.logNodes() == 1 ? 0 : 2 * plan.logNodes() - 1;
  }

  private LogNodes logNodes(List<Integer> free) {
    return free.isEmpty()
        ? LogNodes.ALONE
        : new LogNodes(
            free.subList(0, plan.logNodes() - 1), free.subList(plan.logNodes() - 1, free.size()));
  }

  /**
   * The third is for the ledger's node; the gateways have two each, further adapters and the
   * members what is left.
   */
  private Ports ports(List<Integer> free) {
    int count = 1 + plan.backups();
    int members = plan.members().map(MembersPlan::count).orElse(0);
    LogNodes logNodes = logNodes(free.subList(free.size() - logPorts(), free.size()));
    List<Integer> rest = free.subList(5, free.size() - logPorts());
    List<Integer> ledgers = new ArrayList<>(List.of(free.get(1)));
    ledgers.addAll(rest.subList(2 * count + members, rest.size()));
    return new Ports(
        rest.subList(0, count),
        free.get(0),
        ledgers,
        rest.subList(count, 2 * count),
        free.get(3),
        free.get(4),
        rest.subList(2 * count, 2 * count + members),
        logNodes);
  }

  private void gateway(Half own, int number, Half other) {
    Path config =
        own.files().gateway(number, own.ledger().names(), other.side(), other.pki(), other.ports());
    YamlFile.add(config, plan.gatewaySettings());
    if (members.containsKey(other.side())) {
      YamlFile.add(config, members.get(other.side()).forOthers());
    }
    service(own.side(), Side.gatewayName(number), "gateway-service", config);
  }

  /** What is missing is told before anything is started. */
  private void checkInstallation() {
    var _ = installation.jar("gateway-service");
    var _ = installation.jar("log-service");
    if (plan.members().isPresent()) {
      var _ = installation.jar(RunningMembers.MODULE);
    }
    if (plan.attesting() != Attesting.OFF) {
      var _ = installation.jar(AttestedMachine.MODULE);
      Installation.checkSoftwareTpm();
    }
    ledgers.check(plan.alpha().kind());
    ledgers.check(plan.beta().kind());
  }

  private Half prepare(Side side, SystemPki pki, List<Integer> free) throws InterruptedException {
    Ports ports = ports(free);
    Configurations files = new Configurations(plan.folder(), side, pki, ports, plan.attesting());
    for (int node = 0; node < plan.logNodes(); node++) {
      service(side, Side.logName(node), "log-service", files.log(node));
    }
    PreparedLedger ledger = ledgers.prepare(side, files, free.get(2));
    adapter(side, 0, ledger);
    return new Half(side, pki, ports, files, ledger);
  }

  /** Where a side's files are. */
  public Path folder(Side side) {
    return plan.folder().resolve(side.name());
  }

  private void service(Side side, String role, String module, Path config) {
    services.add(
        Launch.service(role + "-" + side.name(), installation, module, plan.jvmOptions(), config));
  }

  private static RunningSide running(Half half) {
    Side side = half.side();
    List<Path> profiles = half.files().clientProfiles();
    return new RunningSide(
        side,
        profiles.getFirst(),
        profiles.subList(1, profiles.size()),
        half.files().clientProfileOfAll(),
        half.ports().gatewayEdge(0),
        half.ports().logEdge(),
        half.ports().log(side),
        half.files().logData(0),
        half.pki().gateways().getFirst(),
        half.pki().client(),
        half.ports().ledger(side, 0),
        half.ledger().names(),
        half.ledger().holder(),
        half.ledger().stranger(),
        half.pki().entity());
  }

  /** The machine of a side's gateway, where the plan wants machines attested. */
  public AttestedMachine machine(Side side) {
    return Optional.ofNullable(machines.get(side))
        .orElseThrow(() -> new IllegalStateException(side.name() + "'s machine proves nothing"));
  }

  /** The members of a side's ledger, where the plan wants any. */
  public RunningMembers members(Side side) {
    return Optional.ofNullable(members.get(side))
        .orElseThrow(() -> new IllegalStateException("no members of " + side.dltSystem()));
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
    machines.values().forEach(AttestedMachine::close);
  }
}
