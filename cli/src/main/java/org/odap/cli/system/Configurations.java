package org.odap.cli.system;

import static org.odap.cli.system.YamlFile.ordered;
import static org.odap.cli.system.YamlFile.target;
import static org.odap.cli.system.YamlFile.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.odap.core.access.Permission;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.rpc.RpcTarget;

/** The configuration files of one side's services, each in the words of its service. */
final class Configurations {
  private static final String LEDGER_SERVICE = "odap.ledger.v1.LedgerService/";
  private static final List<String> CLIENTS_ACTIONS =
      List.of("Create", "Write", "Invoke", "Destroy", "SubmitNative", "Subscribe");
  private static final List<String> TRANSFER_STEPS =
      List.of(
          "Describe",
          "Lock",
          "Unlock",
          "FinalizeLock",
          "RecordLocation",
          "LogIncoming",
          "CreateFromTransfer",
          "WithdrawIncoming",
          "GetStep",
          "VerifyEvidence",
          "Read");
  private static final List<String> OPERATOR_ACTIONS =
      List.of("Describe", "Read", "Create", "Write");

  private final Path root;
  private final Path folder;
  private final Side side;
  private final SystemPki pki;
  private final Ports ports;
  private final Attesting attesting;

  /**
   * Where the nodes of a replicated log listen.
   *
   * @param others for callers, without the first node
   * @param raft for each other, all of them; empty = the log is kept by one node alone
   */
  record LogNodes(List<Integer> others, List<Integer> raft) {
    static final LogNodes ALONE = new LogNodes(List.of(), List.of());
  }

  /** Where one side's services listen, all on the loopback interface. */
  record Ports(
      List<Integer> gateways,
      int log,
      List<Integer> ledgers,
      List<Integer> gatewayEdgePorts,
      int logEdgePort,
      int attestation,
      List<Integer> members,
      LogNodes logNodes) {
    /** Those of a side without an attestation service. */
    Ports(
        List<Integer> gateways,
        int log,
        List<Integer> ledgers,
        List<Integer> gatewayEdgePorts,
        int logEdgePort) {
      this(gateways, log, ledgers, gatewayEdgePorts, logEdgePort, 0, List.of(), LogNodes.ALONE);
    }

    /** The gateway, by all of its replicas. */
    RpcTarget gateway(Side side) {
      return on(gateways, side.gateway());
    }

    /** The primary is number 0; its backups follow. */
    RpcTarget gateway(Side side, int number) {
      return on(gateways.get(number), side.gateway());
    }

    /** Where that gateway answers HTTP and JSON. */
    URI gatewayEdge(int number) {
      return edge(gatewayEdgePorts.get(number));
    }

    /** Where the log service answers HTTP and JSON. */
    URI logEdge() {
      return edge(logEdgePort);
    }

    private static URI edge(int port) {
      return URI.create("https://127.0.0.1:" + port);
    }

    /** The log service, each of its nodes. */
    RpcTarget log(Side side) {
      return on(Stream.concat(Stream.of(log), logNodes.others().stream()).toList(), side.log());
    }

    /** The ledger, by all of its adapters. */
    RpcTarget ledger(Side side) {
      return on(ledgers, side.ledger());
    }

    /** One of the ledger's adapters. */
    RpcTarget ledger(Side side, int number) {
      return on(ledgers.get(number), side.ledger());
    }

    /** The attestation service. */
    RpcTarget attestation(Side side) {
      return on(attestation, side.attestation());
    }

    /** A member's signer, by number from 1. */
    RpcTarget member(Side side, int number) {
      return on(members.get(number - 1), side.member(number));
    }

    /** An adapter that members look at the ledger through, by number from 1. */
    RpcTarget memberLedger(Side side, int number) {
      return on(ledgers.get(number), side.memberLedger(number));
    }

    private static RpcTarget on(int port, Identity identity) {
      return on(List.of(port), identity);
    }

    private static RpcTarget on(List<Integer> ports, Identity identity) {
      return new RpcTarget(
          ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")),
          identity.uri());
    }
  }

  /** Those of a side that asks nothing of others' machines. */
  Configurations(Path folder, Side side, SystemPki pki, Ports ports) {
    this(folder, side, pki, ports, Attesting.OFF);
  }

  Configurations(Path folder, Side side, SystemPki pki, Ports ports, Attesting attesting) {
    this.root = folder;
    this.folder = folder.resolve(side.name());
    this.side = side;
    this.pki = pki;
    this.ports = ports;
    this.attesting = attesting;
  }

  /** Those of the ledger's members, where there are any. */
  Optional<MemberConfigurations> members() {
    return pki.members().map(members -> new MemberConfigurations(root, side, members, ports));
  }

  /** The first node is number 0; the others of a replicated log follow. */
  Path log(int number) {
    Map<String, Object> content =
        service(
            pki.log(),
            number == 0 ? ports.log() : ports.logNodes().others().get(number - 1),
            List.of(
                caller(
                    side.gateway(),
                    "odap.log.v1.LogStorageService",
                    "odap.log.v1.LogApiService",
                    "odap.log.v1.LeaseService")));
    if (number == 0) {
      content.put("edge", ordered("port", ports.logEdgePort()));
    }
    String name = Side.logName(number);
    content.put("data-directory", logData(number).toString());
    List<Integer> raft = ports.logNodes().raft();
    if (!raft.isEmpty()) {
      content.put(
          "replication",
          ordered(
              "node",
              name,
              "port",
              raft.get(number),
              "nodes",
              IntStream.range(0, raft.size())
                  .mapToObj(node ->
                      ordered("name", Side.logName(node), "address", "127.0.0.1:" + raft.get(node)))
                  .toList()));
    }
    return written(name, content);
  }

  /**
   * The attestation service.
   *
   * @param blocks what it does, each by its own block
   */
  Path attestation(Map<String, Object> blocks) {
    Map<String, Object> content =
        service(
            pki.attestation(),
            ports.attestation(),
            List.of(
                caller(
                    side.gateway(),
                    "odap.attestation.v1.AttestationService",
                    "odap.threshold.v1.QuorumService"),
                caller(side.client(), "odap.threshold.v1.QuorumService")));
    content.putAll(blocks);
    return written("attestation", content);
  }

  Path sqlLedger(int number, String jdbcUrl) {
    Map<String, Object> content = ledgerService(number);
    content.put("jdbc-url", jdbcUrl);
    content.put(
        "asset-classes",
        List.of(
            ordered("name", AssetNames.GIVEN.title(), "kind", "unique"),
            ordered("name", AssetNames.GIVEN.cash(), "kind", "fungible")));
    return written(ledgerFile(number), content);
  }

  Path ethereumLedger(int number, String nodeUrl, ChainAccounts chain) {
    Map<String, Object> content = ledgerService(number);
    content.put("node-url", nodeUrl);
    content.put("chain-id", chain.chainId());
    content.put("escrow", chain.escrow());
    content.put("start-block", chain.startBlock());
    content.put("account-key-file", chain.adapterKeyFiles().get(number));
    content.put("finality", ordered("rule", "instant"));
    content.put("poll-interval", "50ms");
    return written(ledgerFile(number), content);
  }

  Path fabricLedger(int number, FabricNetwork network) {
    Path msp = network.client(FabricNetwork.ADAPTER).resolve("msp");
    Map<String, Object> content = ledgerService(number);
    content.put(
        "peer", ordered("address", network.peer(), "trusted", network.tlsAuthorities().toString()));
    content.put(
        "identity",
        ordered(
            "msp-id",
            network.mspId(),
            "certificate",
            msp.resolve("signcerts").toString(),
            "key",
            msp.resolve("keystore").toString()));
    content.put("channel", FabricNetwork.CHANNEL);
    content.put("usual-time", "200ms");
    content.put(
        "evidence",
        ordered(
            "channels",
            List.of(
                ordered(
                    "dlt-system",
                    side.dltSystem(),
                    "channel",
                    FabricNetwork.CHANNEL,
                    "endorsers",
                    List.of(organization(network, network.mspId())),
                    "orderers",
                    List.of(organization(network, "OrdererMSP"))))));
    return written(ledgerFile(number), content);
  }

  private String ledgerFile(int number) {
    return number > 0 && pki.members().isPresent()
        ? Side.memberLedgerName(number)
        : Side.ledgerName(number);
  }

  private static Map<String, Object> organization(FabricNetwork network, String mspId) {
    return ordered("msp-id", mspId, "authorities", network.authority(mspId).toString());
  }

  Path fabricPeer(FabricNetwork network, int port) {
    Map<String, Object> content =
        ordered(
            "network",
            network.folder().toString(),
            "state",
            folder.resolve("fabric-state").toString(),
            "port",
            port);
    return written("peer", content);
  }

  private Map<String, Object> ledgerService(int number) {
    if (number > 0 && pki.members().isPresent()) {
      return memberLedgerService(number, pki.members().get());
    }
    Map<String, Object> content =
        service(
            pki.ledger(),
            ports.ledgers().get(number),
            List.of(
                caller(
                    side.gateway(),
                    methods(
                        Stream.concat(TRANSFER_STEPS.stream(), CLIENTS_ACTIONS.stream()).toList())),
                caller(side.client(), methods(OPERATOR_ACTIONS))));
    content.put("dlt-system", side.dltSystem());
    return content;
  }

  /** Members ask what happened, and can do nothing. */
  private Map<String, Object> memberLedgerService(int number, MembersPki members) {
    Map<String, Object> content =
        service(
            members.adapters().get(number - 1),
            ports.ledgers().get(number),
            members.behind(number).stream()
                .map(member -> caller(member.identity(), LEDGER_SERVICE + "GetStep"))
                .toList());
    content.put("dlt-system", side.dltSystem());
    return content;
  }

  private static String[] methods(List<String> names) {
    return names.stream().map(name -> LEDGER_SERVICE + name).toArray(String[]::new);
  }

  /** The primary is number 0; its backups follow. */
  Path gateway(int number, AssetNames names, Side other, SystemPki otherPki, Ports otherPorts) {
    Map<String, Object> content =
        service(
            pki.gateways().get(number),
            ports.gateways().get(number),
            List.of(
                caller(
                    side.client(),
                    "odap.client.v1.TransferService",
                    "odap.client.v1.OperationService",
                    "odap.client.v1.ResourceService"),
                caller(other.gateway(), "odap.peer.v1.PeerService")));
    content.put("access-file", accessFile().toString());
    content.put("edge", ordered("port", ports.gatewayEdgePorts().get(number)));
    content.put("log", target(ports.log(side)));
    Map<String, Object> ledger =
        ordered("dlt-system", side.dltSystem(), "adapter", target(adapters()));
    members().ifPresent(members -> ledger.put("quorum", members.forGateway()));
    content.put("ledgers", List.of(ledger));
    content.put("peers", List.of(peer(other, otherPki, otherPorts)));
    if (attesting != Attesting.OFF) {
      content.put("attestation", ordered("service", target(ports.attestation(side))));
    }
    content.put(
        "replicas",
        IntStream.concat(IntStream.of(0), backups(pki))
            .filter(one -> one != number)
            .mapToObj(one -> certificate(pki, one))
            .toList());
    content.put(
        "asset-profiles",
        List.of(
            profile("land-title.json", landTitle(), names.title()),
            profile("euro-cash.json", euroCash(), names.cash())));
    return written(Side.gatewayName(number), content);
  }

  /** Members look at the ledger through adapters of their own. */
  private RpcTarget adapters() {
    return pki.members().isPresent() ? ports.ledger(side, 0) : ports.ledger(side);
  }

  private Map<String, Object> peer(Side other, SystemPki otherPki, Ports otherPorts) {
    return ordered(
        "target",
        target(otherPorts.gateway(other, 0)),
        "certificate",
        certificate(otherPki, 0),
        "backups",
        backups(otherPki)
            .mapToObj(backup ->
                ordered(
                    "address",
                    otherPorts.gateway(other, backup).address(),
                    "certificate",
                    certificate(otherPki, backup)))
            .toList(),
        "attestation",
        attesting.label());
  }

  /** The side's one client may do everything behind its gateway. */
  private Path accessFile() {
    return written(
        "access",
        ordered(
            "groups",
            ordered("treasury", List.of(side.client().uri())),
            "rules",
            List.of(
                ordered(
                    "clients",
                    List.of("treasury"),
                    "may",
                    Arrays.stream(Permission.values()).map(Configurations::inFile).toList(),
                    "on",
                    List.of(side.resources().gateway().format()))),
            "access-requests",
            List.of(
                ordered(
                    "on",
                    side.resources().gateway().format(),
                    "how",
                    "ask the treasury of " + side.organization()))));
  }

  private static String inFile(Permission permission) {
    return permission.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static IntStream backups(SystemPki pki) {
    return IntStream.range(1, pki.gateways().size());
  }

  private static String certificate(SystemPki pki, int gateway) {
    return pki.gateways().get(gateway).certificate().toString();
  }

  /** How a client reaches whichever of this side's gateways can answer. */
  Path clientProfileOfAll() {
    return written("client-of-all", YamlFile.profile(ports.gateway(side), pki.client()));
  }

  /** Where a log node keeps its data. */
  Path logData(int number) {
    return folder.resolve(Side.logName(number) + "-data");
  }

  /** How a client reaches each of this side's gateways, the primary's profile first. */
  List<Path> clientProfiles() {
    return IntStream.range(0, ports.gateways().size())
        .mapToObj(number ->
            written(
                number == 0 ? "client" : "client-of-" + Side.gatewayName(number),
                YamlFile.profile(ports.gateway(side, number), pki.client())))
        .toList();
  }

  private Map<String, Object> profile(String fileName, String json, String assetClass) {
    Path file = folder.resolve(fileName);
    try {
      Files.createDirectories(folder);
      Files.writeString(file, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ordered("file", file.toString(), "classes", ordered(side.dltSystem(), assetClass));
  }

  private static String landTitle() {
    return """
    {
      "profile_id": "%s",
      "profile_version": "1",
      "kind": "ASSET_KIND_UNIQUE",
      "issuer": "Land Registry of Exampleton",
      "asset_code": "LAND-TITLE",
      "legal_status": "LEGAL_STATUS_REGULATED"
    }
    """
        .formatted(AssetNames.TITLE_PROFILE);
  }

  private static String euroCash() {
    return """
    {
      "profile_id": "%s",
      "profile_version": "1",
      "kind": "ASSET_KIND_FUNGIBLE",
      "issuer": "Bank of Exampleton",
      "asset_code": "EUR",
      "asset_code_type": "ISO 4217",
      "decimals": 2,
      "legal_status": "LEGAL_STATUS_REGULATED"
    }
    """
        .formatted(AssetNames.CASH_PROFILE);
  }

  static Map<String, Object> service(TlsFiles tls, int port, List<Map<String, Object>> callers) {
    return ordered("tls", tls(tls), "server", ordered("port", port, "callers", callers));
  }

  static Map<String, Object> caller(Identity identity, String... services) {
    return ordered("identity", identity.uri(), "services", List.of(services));
  }

  private Path written(String name, Map<String, Object> content) {
    Path file = folder.resolve(name + ".yaml");
    YamlFile.write(file, content);
    return file;
  }
}
