package org.odap.log.replication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.odap.log.store.Replicator;
import org.odap.log.store.StoreException;
import org.odap.runtime.identity.TlsMaterial;

/** This node among those that keep the log: what it can ask of Raft. */
final class RaftNode implements Replicator, AutoCloseable {
  /** A node that is taken in gets a copy of all there is first. */
  private static final Duration CHANGE_LIMIT = Duration.ofMinutes(30);

  private final RaftProperties properties;
  private final Parameters parameters;
  private final RaftGroupId group;
  private final RaftPeer self;
  private final RaftServer server;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final long confirmLimitMillis;

  /**
   * A node that is not started yet.
   *
   * @param directory of the Raft log
   */
  RaftNode(ReplicationConfig config, Path directory, TlsMaterial tls, LogStateMachine machine)
      throws IOException {
    properties = RaftSettings.properties(config, directory);
    parameters = RaftSettings.parameters(tls);
    group =
        RaftGroupId.valueOf(
            UUID.nameUUIDFromBytes(
                ("odap-log " + tls.identity()).getBytes(StandardCharsets.UTF_8)));
    self = peer(config.ownName(), config.bindAddress() + ":" + config.port());
    confirmLimitMillis = config.electionTimeout().multipliedBy(2).toMillis();
    server =
        RaftServer.newBuilder()
            .setServerId(self.getId())
            .setProperties(properties)
            .setParameters(parameters)
            .setStateMachine(machine)
            .build();
  }

  static RaftPeer peer(String name, String address) {
    return RaftPeer.newBuilder().setId(name).setAddress(address).build();
  }

  void start() throws IOException {
    server.start();
  }

  String name() {
    return self.getId().toString();
  }

  /** Whether this node belongs to the log: it was founded or taken in. */
  boolean isMember() {
    return division().isPresent();
  }

  private Optional<RaftServer.Division> division() {
    try {
      return Optional.of(server.getDivision(group));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<DivisionInfo> info() {
    return division().map(RaftServer.Division::getInfo);
  }

  boolean leads() {
    return info().filter(DivisionInfo::isLeaderReady).isPresent();
  }

  /** The name of the node that leads, as far as this one knows. */
  Optional<String> leader() {
    return info().map(DivisionInfo::getLeaderId).map(RaftPeerId::toString);
  }

  /** How the log stands, as this node sees it. */
  Standing standing() {
    return division().map(this::standing).orElseGet(() -> Standing.outside(name()));
  }

  private Standing standing(RaftServer.Division division) {
    DivisionInfo info = division.getInfo();
    long applied = info.getLastAppliedIndex();
    Map<RaftPeerId, Long> told = info.isLeader() ? told(division) : Map.of();
    List<Standing.Node> nodes =
        division.getRaftConf().getAllPeers().stream()
            .map(peer ->
                new Standing.Node(
                    peer.getId().toString(),
                    peer.getAddress(),
                    peer.getId().equals(info.getLeaderId()),
                    peer.getId().equals(self.getId())
                        ? Optional.of(applied)
                        : Optional.ofNullable(told.get(peer.getId()))))
            .toList();
    return new Standing(name(), info.isLeader(), info.getCurrentTerm(), applied, nodes);
  }

  /** How far followers have said to be. */
  private static Map<RaftPeerId, Long> told(RaftServer.Division division) {
    return division.getCommitInfos().stream()
        .collect(
            Collectors.toMap(
                one -> RaftPeerId.valueOf(one.getServer().getId()),
                CommitInfoProto::getCommitIndex,
                Math::max));
  }

  @Override
  public boolean replicate(byte[] batch) {
    RaftClientReply reply =
        await(
            request(
                Message.valueOf(UnsafeByteOperations.unsafeWrap(batch)),
                RaftClientRequest.writeRequestType()));
    return reply.getMessage().getContent().equals(LogStateMachine.WRITTEN.getContent());
  }

  /**
   * Returns if this node leads now.
   *
   * @throws StoreException if it does not, or can't know
   */
  void confirm() {
    RaftClientReply _ =
        await(
            request(Message.EMPTY, RaftClientRequest.readRequestType())
                .orTimeout(confirmLimitMillis, TimeUnit.MILLISECONDS));
  }

  private CompletableFuture<RaftClientReply> request(Message message, RaftClientRequest.Type type) {
    try {
      return server.submitClientRequestAsync(
          RaftClientRequest.newBuilder()
              .setClientId(client)
              .setServerId(self.getId())
              .setGroupId(group)
              .setCallId(calls.incrementAndGet())
              .setMessage(message)
              .setType(type)
              .build());
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static RaftClientReply await(CompletableFuture<RaftClientReply> future) {
    try {
      return successful(future.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while nodes were asked", false, e);
    } catch (ExecutionException e) {
      throw new StoreException(reason(e.getCause()), false, e.getCause());
    }
  }

  private static RaftClientReply successful(RaftClientReply reply) {
    if (reply.getException() != null) {
      throw new StoreException(reason(reply.getException()), false, reply.getException());
    }
    return reply;
  }

  private static String reason(Throwable cause) {
    return cause instanceof TimeoutException
        ? "no majority of the log's nodes answers"
        : "the log's nodes did not agree: " + cause.getMessage();
  }

  /** Founds the log with this node alone. */
  void found() throws IOException {
    RaftClientReply _ =
        successful(
            server.groupManagement(
                GroupManagementRequest.newAdd(
                    client,
                    self.getId(),
                    calls.incrementAndGet(),
                    RaftGroup.valueOf(group, self))));
  }

  /** Makes a checkpoint, so that nodes that are taken in get what was before Raft, too. */
  void checkpoint() throws IOException {
    RaftClientReply _ =
        successful(
            server.snapshotManagement(
                SnapshotManagementRequest.newCreate(
                    client,
                    self.getId(),
                    group,
                    calls.incrementAndGet(),
                    CHANGE_LIMIT.toMillis(),
                    1)));
  }

  /** Whether another node belongs to this log already. */
  boolean isMember(NodeConfig node) throws IOException {
    RaftPeer peer = peer(node.name(), node.address());
    try (RaftClient asking = clientOf(peer)) {
      return asking.getGroupManagementApi(peer.getId()).list().getGroupIds().contains(group);
    }
  }

  /** The names of the nodes that are taken in. */
  List<String> members() {
    return division().stream()
        .flatMap(division -> division.getRaftConf().getAllPeers().stream())
        .map(peer -> peer.getId().toString())
        .toList();
  }

  /** Takes a node in; it is a copy when this returns. Only where this node leads. */
  void add(NodeConfig node) throws IOException {
    RaftPeer peer = peer(node.name(), node.address());
    try (RaftClient asking = clientOf(peer)) {
      if (!asking.getGroupManagementApi(peer.getId()).list().getGroupIds().contains(group)) {
        RaftClientReply _ =
            successful(asking.getGroupManagementApi(peer.getId()).add(RaftGroup.valueOf(group)));
      }
    }
    List<RaftPeer> peers = peers();
    peers.removeIf(one -> one.getId().equals(peer.getId()));
    peers.add(peer);
    configure(peers);
  }

  /** Lets a node go. Only where this node leads. */
  void remove(String name) throws IOException {
    List<RaftPeer> peers = peers();
    peers.removeIf(peer -> peer.getId().toString().equals(name));
    configure(peers);
  }

  private List<RaftPeer> peers() {
    return new ArrayList<>(
        division().map(member -> member.getRaftConf().getAllPeers()).orElse(List.of()));
  }

  private void configure(Collection<RaftPeer> peers) throws IOException {
    RaftClientReply _ =
        successful(
            server.setConfiguration(
                new SetConfigurationRequest(
                    client,
                    self.getId(),
                    group,
                    calls.incrementAndGet(),
                    SetConfigurationRequest.Arguments.newBuilder()
                        .setServersInNewConf(List.copyOf(peers))
                        .build())));
  }

  /** Hands the lead to the node that is furthest, if this one has it and there is another. */
  void handOver(Duration limit) {
    Standing standing = standing();
    standing.nodes().stream()
        .filter(node -> !node.name().equals(name()))
        .max(Comparator.comparing(node -> node.appliedIndex().orElse(-1L)))
        .filter(node -> standing.leads())
        .ifPresent(next -> handOver(next, limit));
  }

  private void handOver(Standing.Node next, Duration limit) {
    try {
      RaftClientReply _ =
          server.transferLeadership(
              new TransferLeadershipRequest(
                  client,
                  self.getId(),
                  group,
                  calls.incrementAndGet(),
                  RaftPeerId.valueOf(next.name()),
                  limit.toMillis()));
    } catch (IOException e) {
      // The others choose another when this one is silent; that takes a little longer.
    }
  }

  private RaftClient clientOf(RaftPeer peer) {
    return RaftClient.newBuilder()
        .setProperties(properties)
        .setParameters(parameters)
        .setRaftGroup(RaftGroup.valueOf(group, peer))
        .setRetryPolicy(RetryPolicies.noRetry())
        .build();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
