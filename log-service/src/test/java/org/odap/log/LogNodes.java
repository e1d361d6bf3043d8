package org.odap.log;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.odap.api.log.v1.GetReplicationRequest;
import org.odap.api.log.v1.GetReplicationResponse;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.ReplicationServiceGrpc;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/** The nodes of a replicated log as processes, to be killed and started again. */
final class LogNodes implements AutoCloseable {
  private final Path folder;
  private final Network network;
  private final DevelopmentPki pki;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private String more = "";

  private static final class Node {
    private final int port = freePort();
    private final int raftPort = freePort();
    private LogProcess process;
  }

  /** Where nodes live. */
  interface Network {
    /** Where callers reach a node. */
    String host(String node);

    /** Where the other nodes do. */
    String raftHost(String node);

    /** What a node's process is started with. */
    List<String> before(String node);
  }

  /** All on the loopback interface. */
  private record Loopback() implements Network {
    @Override
    public String host(String node) {
      return "127.0.0.1";
    }

    @Override
    public String raftHost(String node) {
      return "127.0.0.1";
    }

    @Override
    public List<String> before(String node) {
      return List.of();
    }
  }

  /**
   * Nodes of these names on this machine; none is started. The log is founded with them, but for
   * those whose name begins with "new": callers know these from the start, too.
   */
  LogNodes(Path folder, String... names) {
    this(folder, new Loopback(), names);
  }

  LogNodes(Path folder, Network network, String... names) {
    this.folder = folder;
    this.network = network;
    pki = DevelopmentPki.create(folder, "alpha.example");
    pki.issue(LogServiceFixture.LOG, "log", List.of());
    for (String name : names) {
      nodes.put(name, new Node());
    }
  }

  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_240, 32_768);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException taken) {
        // Another one.
      }
    }
  }

  /** Settings that nodes have besides; for those started from now on. */
  LogNodes with(String settings) {
    more = settings;
    return this;
  }

  /** Starts all founders that do not run. */
  LogNodes startAll() throws IOException {
    for (Map.Entry<String, Node> node : nodes.entrySet()) {
      if (!isNew(node.getKey())
          && (node.getValue().process == null || !node.getValue().process.isAlive())) {
        start(node.getKey());
      }
    }
    return this;
  }

  /** Starts a node, of the founders or a new one; returns when it takes calls. */
  void start(String name) throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    String founders =
        nodes.entrySet().stream()
            .filter(node -> !isNew(node.getKey()))
            .map(node ->
                "\n    - name: %s\n      address: %s"
                    .formatted(node.getKey(), raftAddress(node.getKey())))
            .collect(Collectors.joining());
    Node node = nodes.get(name);
    String configuration =
        """
        tls:
          certificate: ../log.pem
          key: ../log-key.pem
          trusted:
            - organization: alpha.example
              certificate: ../entity.pem
        server:
          bind-address: %s
          port: %d
          callers:
            - identity: odapgw://alpha.example/*
              services: [odap.log.v1.LogStorageService, odap.log.v1.LeaseService, odap.log.v1.ReplicationService, odap.log.v1.LogOperationService]
        operations: {}
        data-directory: data
        replication:
          node: %s
          bind-address: %s
          port: %d
          election-timeout: 500ms
          checkpoint-batches: 200
          nodes:%s
        %s
        """
            .formatted(
                network.host(name),
                node.port,
                name,
                network.raftHost(name),
                node.raftPort,
                founders,
                more);
    node.process = new LogProcess(own, LogProcess.start(own, network.before(name), configuration));
  }

  private static boolean isNew(String name) {
    return name.startsWith("new");
  }

  LogProcess process(String name) {
    return nodes.get(name).process;
  }

  Path data(String name) {
    return folder.resolve(name).resolve("data");
  }

  String raftAddress(String name) {
    return network.raftHost(name) + ":" + nodes.get(name).raftPort;
  }

  void kill(String name) throws InterruptedException {
    nodes.get(name).process.kill();
  }

  /** Removes all that a node has written, but for backups and archives. */
  void loseDisk(String name) throws IOException {
    Files.walkFileTree(
        data(name),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Where a node's backups go, if it makes any. */
  Path backups(String name) {
    return folder.resolve(name).resolve("backups");
  }

  /** Where a node's archives go, if it makes any. */
  Path archives(String name) {
    return folder.resolve(name).resolve("archives");
  }

  /** A channel as a gateway has it: to whichever node leads. */
  ManagedChannel channel(Identity caller) {
    String addresses =
        nodes.entrySet().stream()
            .map(node -> network.host(node.getKey()) + ":" + node.getValue().port)
            .collect(Collectors.joining(","));
    return kept(
        RpcChannels.channel(
            new RpcTarget(addresses, LogServiceFixture.LOG.uri()),
            LogStorageServiceGrpc.SERVICE_NAME,
            material(caller)));
  }

  /** A channel to one node, whatever it is. */
  ManagedChannel channelTo(String name) {
    return kept(
        RpcChannels.channel(
            network.host(name),
            nodes.get(name).port,
            material(LogServiceFixture.GATEWAY),
            LogServiceFixture.LOG));
  }

  private ManagedChannel kept(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  TlsMaterial material(Identity caller) {
    return TlsMaterial.load(pki.issue(caller, "caller", List.of()));
  }

  GetReplicationResponse standing(String name) {
    ManagedChannel channel = channelTo(name);
    try {
      return ReplicationServiceGrpc.newBlockingStub(channel)
          .withWaitForReady()
          .getReplication(GetReplicationRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }

  /** Something asked of the node that leads. */
  interface Change {
    Object of(ReplicationServiceGrpc.ReplicationServiceBlockingStub leader);
  }

  void change(Change change) {
    Object _ =
        change.of(
            ReplicationServiceGrpc.newBlockingStub(channelTo(leader()))
                .withDeadlineAfter(60, TimeUnit.SECONDS));
  }

  /** The node that leads, by the word of one that does. */
  String leader() {
    for (int attempt = 0; attempt < 600; attempt++) {
      for (Map.Entry<String, Node> node : nodes.entrySet()) {
        if (node.getValue().process != null
            && node.getValue().process.isAlive()
            && standing(node.getKey()).getLeads()) {
          return node.getKey();
        }
      }
      Waiting.briefly();
    }
    throw new AssertionError("no node leads");
  }

  List<String> followers() {
    String leader = leader();
    return nodes.entrySet().stream()
        .filter(node -> node.getValue().process != null)
        .map(Map.Entry::getKey)
        .filter(name -> !name.equals(leader))
        .toList();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    nodes.values().stream()
        .map(node -> node.process)
        .filter(Objects::nonNull)
        .forEach(LogProcess::close);
  }

  /** What went wrong at a node, for people. */
  String log(String name) {
    try {
      return Files.readString(folder.resolve(name).resolve("stderr"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
