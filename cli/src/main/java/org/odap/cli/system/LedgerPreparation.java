package org.odap.cli.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Sets ledgers up: starts their nodes, where they have one, and describes their adapters. */
final class LedgerPreparation {
  private static final Duration START_MAX = Duration.ofSeconds(90);
  private static final String FABRIC_PEER = "fabric-development-peer";

  /** More than an adapter spends; the administrator of a development chain has 1,000. */
  private static final String ETHER = "50";

  private static final Pattern NODE_LISTENS = Pattern.compile("^Listening on ");
  private static final Pattern DATABASE_LISTENS = Pattern.compile("^TCP server running at ");

  private final LedgerPlan plan;
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
      LedgerPlan plan, Installation installation, Processes processes, Consumer<String> progress) {
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
      case SQL -> sql(side, files, nodePort);
      case ETHEREUM -> ethereum(side, files, nodePort);
      case FABRIC -> fabric(side, files, nodePort);
    };
  }

  private PreparedLedger sql(Side side, Configurations files, int port)
      throws InterruptedException {
    Path data = folder(side).resolve("ledger-data");
    String where =
        switch (plan.sql()) {
          case MEMORY -> "jdbc:h2:mem:" + side.name() + ";DB_CLOSE_DELAY=-1";
          case FILE -> "jdbc:h2:file:" + data.resolve("ledger");
          case SERVER -> sqlServer(side, data, port);
        };
    String holder = "treasury-" + side.name();
    return new PreparedLedger(
        configs(number -> files.sqlLedger(number, where)),
        AssetNames.GIVEN,
        holder,
        "somebody-else-" + side.name(),
        new PlainClient(
            "org.odap.ledger.sql.development.PlainLoad",
            List.of(
                "--jdbc-url",
                where,
                "--dlt-system",
                side.dltSystem(),
                "--unique",
                AssetNames.GIVEN.title(),
                "--holder",
                holder)));
  }

  /** Starts a database server, on the loopback interface alone; answers with where it is. */
  private String sqlServer(Side side, Path data, int port) throws InterruptedException {
    progress.accept("starting a database server for " + side.dltSystem());
    List<String> options = new ArrayList<>(plan.jvmOptions());
    options.add("-Dh2.bindAddress=127.0.0.1");
    processes.start(
        START_MAX,
        Launch.program(
                "database-" + side.name(),
                installation,
                side.kind().adapter(),
                options,
                "org.h2.tools.Server",
                List.of(
                    "-tcp",
                    "-tcpPort",
                    Integer.toString(port),
                    "-ifNotExists",
                    "-baseDir",
                    data.toString()),
                folder(side).resolve("database.log"))
            .readyAt(DATABASE_LISTENS));
    return "jdbc:h2:tcp://127.0.0.1:" + port + "/./ledger";
  }

  /** One for each adapter there may be. */
  private List<Path> configs(IntFunction<Path> config) {
    return IntStream.range(0, plan.adapters()).mapToObj(config).toList();
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
    ChainAccounts chain = enrolled(side, node, chainFolder);
    return new PreparedLedger(
        configs(number -> files.ethereumLedger(number, node, chain)),
        chain.names(),
        chain.originator(),
        ChainAccounts.STRANGER,
        new PlainClient(
            "org.odap.ledger.ethereum.development.PlainLoad",
            List.of(
                "--node-url",
                node,
                "--chain-id",
                Long.toString(chain.chainId()),
                "--escrow",
                chain.escrow(),
                "--token",
                chain.names().title(),
                "--holder",
                chain.originator(),
                "--key-file",
                chain.adapterKeyFiles().getLast())));
  }

  /** Further adapters' accounts are enrolled by the command that an operator has for it. */
  private ChainAccounts enrolled(Side side, String node, Path chainFolder)
      throws InterruptedException {
    ChainAccounts chain = ChainAccounts.read(chainFolder);
    List<String> keyFiles =
        IntStream.rangeClosed(2, plan.accounts())
            .mapToObj(number -> chainFolder.resolve("adapter-" + number + ".key"))
            .map(file -> file.toAbsolutePath().toString())
            .toList();
    if (!keyFiles.isEmpty()) {
      run(
          side,
          "enrol-accounts",
          side.kind().adapter(),
          "org.odap.ledger.ethereum.administration.AdapterAccounts",
          List.of(
              "enrol",
              "--node-url",
              node,
              "--escrow",
              chain.escrow(),
              "--account-key-file",
              String.join(",", keyFiles),
              "--issuer",
              "yes",
              "--ether",
              ETHER,
              "--administrator-key-file",
              chainFolder.resolve("administrator.key").toString()));
    }
    return chain.with(keyFiles);
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
        configs(number -> files.fabricLedger(number, network)),
        AssetNames.GIVEN,
        network.account("holder"),
        network.account("somebody-else"),
        new PlainClient(
            "org.odap.ledger.fabric.setup.PlainLoad",
            List.of(
                "--peer",
                network.peer(),
                "--channel",
                FabricNetwork.CHANNEL,
                "--trusted",
                network.tlsAuthorities().toString(),
                "--msp-id",
                network.mspId(),
                "--client",
                network.client(FabricNetwork.ADAPTER).toString(),
                "--unique",
                AssetNames.GIVEN.title(),
                "--holder",
                network.account("holder"))));
  }

  /** Runs a program of a module to its end. */
  private void run(Side side, String name, String module, String mainClass, List<String> arguments)
      throws InterruptedException {
    processes.run(
        START_MAX,
        Launch.program(
            name + "-" + side.name(),
            installation,
            module,
            List.of("-XX:TieredStopAtLevel=1"),
            mainClass,
            arguments,
            folder(side).resolve(name + ".log")));
  }

  private Path folder(Side side) {
    return plan.folder().resolve(side.name());
  }
}
