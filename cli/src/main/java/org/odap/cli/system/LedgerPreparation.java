package org.odap.cli.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Sets ledgers up: starts their nodes, where they have one, and describes their adapters. */
final class LedgerPreparation {
  private static final Duration START_MAX = Duration.ofSeconds(90);
  private static final String FABRIC_PEER = "fabric-development-peer";
  private static final Pattern NODE_LISTENS = Pattern.compile("^Listening on ");

  private final SystemPlan plan;
  private final Installation installation;
  private final Processes processes;
  private final Consumer<String> progress;

  /**
   * Nothing is set up yet.
   *
   * @param processes take the nodes
   * @param progress is told what is going on, a line a step
   */
  LedgerPreparation(
      SystemPlan plan, Installation installation, Processes processes, Consumer<String> progress) {
    this.plan = plan;
    this.installation = installation;
    this.processes = processes;
    this.progress = progress;
  }

  /** What is missing of a ledger is told before anything is started. */
  void check(LedgerKind kind) {
    var _ = installation.jar(kind.adapter());
    if (kind == LedgerKind.ETHEREUM) {
      var _ = installation.anvil();
    }
    if (kind == LedgerKind.FABRIC) {
      var _ = installation.jar(FABRIC_PEER);
    }
  }

  /** Sets a side's ledger up, with its node at the port. */
  PreparedLedger prepare(Side side, Configurations files, int nodePort)
      throws InterruptedException {
    return switch (side.kind()) {
      case SQL -> sql(side, files);
      case ETHEREUM -> ethereum(side, files, nodePort);
      case FABRIC -> fabric(side, files, nodePort);
    };
  }

  private PreparedLedger sql(Side side, Configurations files) {
    String where =
        plan.inMemory()
            ? "jdbc:h2:mem:" + side.name() + ";DB_CLOSE_DELAY=-1"
            : "jdbc:h2:file:" + folder(side).resolve("ledger-data").resolve("ledger");
    return new PreparedLedger(
        files.sqlLedger(where),
        AssetNames.GIVEN,
        "treasury-" + side.name(),
        "somebody-else-" + side.name());
  }

  private PreparedLedger ethereum(Side side, Configurations files, int port)
      throws InterruptedException {
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
    String node = "http://127.0.0.1:" + port;
    Path chainFolder = folder.resolve("chain");
    run(
        side,
        "chain-set-up",
        side.kind().adapter(),
        "org.odap.ledger.ethereum.development.DevelopmentChain",
        List.of("set-up", "--node-url", node, "--output", chainFolder.toString()));
    ChainAccounts chain = ChainAccounts.read(chainFolder);
    return new PreparedLedger(
        files.ethereumLedger(node, chain),
        chain.names(),
        chain.originator(),
        ChainAccounts.STRANGER);
  }

  private PreparedLedger fabric(Side side, Configurations files, int port)
      throws InterruptedException {
    FabricNetwork network = FabricNetwork.of(side, folder(side), port);
    progress.accept("starting a Fabric peer for " + side.dltSystem());
    run(
        side,
        "network-set-up",
        FABRIC_PEER,
        "org.odap.ledger.fabric.development.DevelopmentNetworkMain",
        List.of("--folder", network.folder().toString(), "--msp-id", network.mspId()));
    processes.start(
        START_MAX,
        Launch.service(
            "peer-" + side.name(),
            installation,
            FABRIC_PEER,
            plan.jvmOptions(),
            files.fabricPeer(network, port)));
    progress.accept("defining two classes of assets on " + side.dltSystem());
    run(
        side,
        "channel-set-up",
        side.kind().adapter(),
        "org.odap.ledger.fabric.setup.DevelopmentChannel",
        List.of(
            "--peer",
            network.peer(),
            "--channel",
            FabricNetwork.CHANNEL,
            "--trusted",
            network.tlsAuthorities().toString(),
            "--msp-id",
            network.mspId(),
            "--admin",
            network.client("admin").toString(),
            "--holder",
            network.client("holder").toString(),
            "--unique",
            AssetNames.GIVEN.title(),
            "--fungible",
            AssetNames.GIVEN.cash()));
    return new PreparedLedger(
        files.fabricLedger(network),
        AssetNames.GIVEN,
        network.account("holder"),
        network.account("somebody-else"));
  }

  /** Runs a program of a module to its end. */
  private void run(Side side, String name, String module, String mainClass, List<String> arguments)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(installation.java().toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", installation.jar(module).toString(), mainClass));
    command.addAll(arguments);
    processes.run(
        START_MAX,
        new Launch(
            name + "-" + side.name(), command, folder(side).resolve(name + ".log"), NODE_LISTENS));
  }

  private Path folder(Side side) {
    return plan.folder().resolve(side.name());
  }
}
