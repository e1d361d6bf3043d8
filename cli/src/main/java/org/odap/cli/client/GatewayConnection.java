package org.odap.cli.client;

import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.odap.api.client.v1.OperationServiceGrpc;
import org.odap.api.client.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.client.v1.TransferServiceGrpc.TransferServiceBlockingStub;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.TlsReload;
import org.odap.runtime.rpc.RpcChannels;

/** An open connection of a client to its gateway, which may have several replicas. */
public final class GatewayConnection implements AutoCloseable {
  private static final long CLOSE_SECONDS_MAX = 5;

  private final TlsMaterial tls;
  private final TlsReload reload;
  private final ManagedChannel channel;

  private GatewayConnection(TlsMaterial tls, ManagedChannel channel) {
    this.tls = tls;
    this.reload = ClientTls.reload(tls);
    this.channel = channel;
  }

  /** Connects at the first call; the certificate files are read at once. */
  public static GatewayConnection open(ClientProfile profile) {
    TlsMaterial tls = TlsMaterial.load(profile.tls());
    return new GatewayConnection(tls, RpcChannels.inTurn(profile.gateway(), tls));
  }

  /** The gateway's service for transfers. */
  public TransferServiceBlockingStub transfers() {
    return TransferServiceGrpc.newBlockingStub(channel);
  }

  /** The gateway's service for operators. */
  public OperationServiceBlockingStub operations() {
    return OperationServiceGrpc.newBlockingStub(channel);
  }

  /** The client's own public key, base64url of the SPKI DER. */
  public String publicKey() {
    return tls.signingKey().publicKey();
  }

  /** The client's identity. */
  public String identity() {
    return tls.identity().uri();
  }

  @Override
  public void close() {
    reload.stop(Duration.ZERO);
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
