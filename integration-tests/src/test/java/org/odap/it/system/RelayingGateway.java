package org.odap.it.system;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.odap.api.peer.v1.AttestGatewayRequest;
import org.odap.api.peer.v1.AttestGatewayResponse;
import org.odap.api.peer.v1.PeerServiceGrpc;
import org.odap.api.peer.v1.PeerServiceGrpc.PeerServiceBlockingStub;
import org.odap.api.peer.v1.PeerServiceGrpc.PeerServiceImplBase;
import org.odap.api.peer.v1.ProveAttestationKeyRequest;
import org.odap.api.peer.v1.ProveAttestationKeyResponse;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServer;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.rpc.RpcTarget;

/**
 * A gateway without a TPM that has another gateway's machine prove what it is asked to prove, and
 * hands that on as its own.
 */
public final class RelayingGateway extends PeerServiceImplBase implements AutoCloseable {
  private static final Duration STOP_MAX = Duration.ofSeconds(2);

  private final ManagedChannel channel;
  private final RpcServer server;

  /**
   * Listens in a gateway's place, with its certificate.
   *
   * @param good the gateway whose machine is in order; the only caller, too
   */
  public RelayingGateway(TlsFiles files, int port, RpcTarget good) throws IOException {
    TlsMaterial tls = TlsMaterial.load(files);
    channel = RpcChannels.channel(good, tls);
    RpcServerConfig there =
        RpcServerConfig.loopback(
                List.of(new CallerRule(good.identity(), List.of(PeerServiceGrpc.SERVICE_NAME))))
            .at(port);
    server = RpcServer.builder(there, tls).service(this).build();
    server.start();
  }

  @Override
  public void attestGateway(
      AttestGatewayRequest request, StreamObserver<AttestGatewayResponse> observer) {
    handOn(() -> good().attestGateway(request), observer);
  }

  @Override
  public void proveAttestationKey(
      ProveAttestationKeyRequest request, StreamObserver<ProveAttestationKeyResponse> observer) {
    handOn(() -> good().proveAttestationKey(request), observer);
  }

  private PeerServiceBlockingStub good() {
    return PeerServiceGrpc.newBlockingStub(channel);
  }

  private static <T> void handOn(Supplier<T> proof, StreamObserver<T> observer) {
    try {
      observer.onNext(proof.get());
      observer.onCompleted();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  @Override
  public void close() {
    try {
      server.stop(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.shutdownNow();
  }
}
