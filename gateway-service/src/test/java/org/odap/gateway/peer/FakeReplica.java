package org.odap.gateway.peer;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.PeerServiceGrpc;
import org.odap.api.peer.v1.RollBackTransferRequest;
import org.odap.api.peer.v1.RollBackTransferResponse;
import org.odap.api.peer.v1.RollbackAck;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/** A replica of a gateway that answers, refuses or keeps silent, as it was told. */
final class FakeReplica implements AutoCloseable {
  private final String name;
  private final Server server;
  private final ManagedChannel channel;
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final Queue<StreamObserver<RollBackTransferResponse>> waiting =
      new ConcurrentLinkedQueue<>();
  private volatile Optional<ErrorReason> refusal = Optional.empty();
  private volatile boolean silent;

  /** A replica whose name is its key. */
  FakeReplica(String name) {
    this.name = name;
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(new Peer())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  Replicas.Replica replica() {
    return new Replicas.Replica(name, ReplicaLink.overGrpc(channel));
  }

  FakeReplica refuses(ErrorReason reason) {
    refusal = Optional.of(reason);
    return this;
  }

  FakeReplica answers() {
    refusal = Optional.empty();
    return this;
  }

  FakeReplica keepsSilent() {
    silent = true;
    return this;
  }

  /** Answers those that it has kept waiting. */
  void speaks() {
    silent = false;
    waiting.forEach(this::answer);
  }

  private void answer(StreamObserver<RollBackTransferResponse> observer) {
    observer.onNext(
        RollBackTransferResponse.newBuilder()
            .setMessage(RollbackAck.newBuilder().setServerIdentityPubkey(name))
            .build());
    observer.onCompleted();
  }

  void awaitAsked() throws InterruptedException {
    var _ = asked.take();
  }

  int timesAsked() {
    return asked.size();
  }

  void end() throws InterruptedException {
    server.shutdownNow();
    server.awaitTermination();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private final class Peer extends PeerServiceGrpc.PeerServiceImplBase {
    @Override
    public void rollBackTransfer(
        RollBackTransferRequest request, StreamObserver<RollBackTransferResponse> observer) {
      if (silent) {
        waiting.add(observer);
      }
      asked.add(name);
      if (silent) {
        return;
      }
      if (refusal.isPresent()) {
        observer.onError(
            OdapErrors.toGrpc(new OdapException(refusal.get(), name + " can't answer")));
        return;
      }
      answer(observer);
    }
  }
}
