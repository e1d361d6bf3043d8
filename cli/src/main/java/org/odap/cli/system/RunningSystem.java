package org.odap.cli.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.odap.cli.system.Configurations.Ports;

/** A system of processes over mutual TLS, started as planned. Everything ends when it is closed. */
public final class RunningSystem implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(90);
  private static final Pattern NODE_LISTENS = Pattern.compile("^Listening on ");

  private final SystemPlan plan;
  private final Installation installation;
  private final Consumer<String> progress;
  private final Processes processes = new Processes();
  private final List<Launch> services = new ArrayList<>();
  private RunningSide alpha;
  private RunningSide beta;

  private RunningSystem(SystemPlan plan, Installation installation, Consumer<String> progress) {
    this.plan = plan;
    this.installation = installation;
    this.progress = progress;
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
    int portsOfSide = 4 + plan.backups();
    List<Integer> free = FreePorts.find(2 * portsOfSide);
    Ports alphaPorts = ports(free.subList(0, portsOfSide));
    Ports betaPorts = ports(free.subList(portsOfSide, 2 * portsOfSide));
    Configurations alphaFiles =
        new Configurations(plan.folder(), plan.alpha(), alphaPki, alphaPorts);
    Configurations betaFiles = new Configurations(plan.folder(), plan.beta(), betaPki, betaPorts);

    Prepared first = prepare(plan.alpha(), alphaFiles, free.get(2));
    Prepared second = prepare(plan.beta(), betaFiles, free.get(portsOfSide + 2));
    for (int number = 0; number <= plan.backups(); number++) {
      gateway(
          first.side(),
          number,
          alphaFiles.gateway(number, first.names(), plan.beta(), betaPki, betaPorts));
      gateway(
          second.side(),
          number,
          betaFiles.gateway(number, second.names(), plan.alpha(), alphaPki, alphaPorts));
    }
    progress.accept("starting " + services.size() + " services over mutual TLS 1.3");
    processes.start(START_MAX, services);

    alpha = running(first, alphaFiles, alphaPki, alphaPorts);
    beta = running(second, betaFiles, betaPki, betaPorts);
  }

  /** The third is for the ledger's node. */
  private static Ports ports(List<Integer> free) {
    return new Ports(free.subList(3, free.size()), free.get(0), free.get(1));
  }

  private void gateway(Side side, int number, Path config) {
    YamlFile.add(config, plan.gatewaySettings());
    service(side, Side.gatewayName(number), "gateway-service", config);
  }

  /** What is missing is told before anything is started. */
  private void checkInstallation() {
    installation.jar("gateway-service");
    installation.jar("log-service");
    for (Side side : List.of(plan.alpha(), plan.beta())) {
      if (side.kind() == LedgerKind.ETHEREUM) {
        installation.jar("ledger-adapter-ethereum");
        installation.anvil();
      } else {
        installation.jar("ledger-adapter-sql");
      }
    }
  }

  /** A side whose ledger is set up and whose services are described. */
  private record Prepared(Side side, AssetNames names, String holder, String stranger) {}

  private Prepared prepare(Side side, Configurations files, int nodePort)
      throws InterruptedException {
    service(side, "log", "log-service", files.log());
    if (side.kind() == LedgerKind.SQL) {
      String where =
          plan.inMemory()
              ? "jdbc:h2:mem:" + side.name() + ";DB_CLOSE_DELAY=-1"
              : "jdbc:h2:file:" + folder(side).resolve("ledger-data").resolve("ledger");
      service(side, "ledger", "ledger-adapter-sql", files.sqlLedger(where));
      return new Prepared(
          side, AssetNames.ON_SQL, "treasury-" + side.name(), "somebody-else-" + side.name());
    }
    ChainAccounts chain = startChain(side, nodePort);
    String node = "http://127.0.0.1:" + nodePort;
    service(side, "ledger", "ledger-adapter-ethereum", files.ethereumLedger(node, chain));
    return new Prepared(side, chain.names(), chain.originator(), ChainAccounts.STRANGER);
  }

  private ChainAccounts startChain(Side side, int port) throws InterruptedException {
    progress.accept("starting an Ethereum node for " + side.dltSystem());
    Path folder = folder(side);
    processes.start(
        START_MAX,
        new Launch(
            "anvil-" + side.name(),
            List.of(
                installation.anvil().toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port)),
            folder.resolve("anvil.log"),
            NODE_LISTENS));
    progress.accept("deploying the escrow contract and two tokens on " + side.dltSystem());
    Path chainFolder = folder.resolve("chain");
    processes.run(
        START_MAX,
        new Launch(
            "chain-set-up-" + side.name(),
            List.of(
                installation.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                installation.jar("ledger-adapter-ethereum").toString(),
                "org.odap.ledger.ethereum.development.DevelopmentChain",
                "set-up",
                "--node-url",
                "http://127.0.0.1:" + port,
                "--output",
                chainFolder.toString()),
            folder.resolve("chain-set-up.log"),
            NODE_LISTENS));
    return ChainAccounts.read(chainFolder);
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
      Prepared prepared, Configurations files, SystemPki pki, Ports ports) {
    List<Path> profiles = files.clientProfiles();
    return new RunningSide(
        prepared.side(),
        profiles.getFirst(),
        profiles.subList(1, profiles.size()),
        pki.client(),
        ports.ledger(prepared.side()),
        prepared.names(),
        prepared.holder(),
        prepared.stranger(),
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
