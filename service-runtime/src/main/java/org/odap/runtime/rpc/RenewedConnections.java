package org.odap.runtime.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.odap.runtime.identity.TlsMaterial;

/**
 * Has a channel connect anew once our TLS files were renewed: servers judge us by the certificate
 * that a connection began with, until it ends or its authority is trusted no longer. Calls under
 * way end where they began.
 *
 * <p>Mutable: which files the connections there are were made with.
 */
final class RenewedConnections implements ClientInterceptor {
  private final TlsMaterial tls;
  private final SslContext context;
  private final AtomicInteger connected;
  private Optional<ManagedChannel> channel = Optional.empty();

  RenewedConnections(TlsMaterial tls, SslContext context) {
    this.tls = tls;
    this.context = context;
    this.connected = new AtomicInteger(tls.renewal());
  }

  /** Whose connections these are; before its first call. */
  void of(ManagedChannel whose) {
    channel = Optional.of(whose);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    int before = connected.get();
    int now = tls.renewal();
    if (now != before && connected.compareAndSet(before, now)) {
      forgetSessions();
      channel.ifPresent(ManagedChannel::enterIdle);
    }
    return next.newCall(method, options);
  }

  /** A session that is resumed shows no certificate: the server would go by the old one. */
  private void forgetSessions() {
    SSLSessionContext sessions = context.sessionContext();
    for (byte[] id : Collections.list(sessions.getIds())) {
      Optional.ofNullable(sessions.getSession(id)).ifPresent(SSLSession::invalidate);
    }
  }
}
