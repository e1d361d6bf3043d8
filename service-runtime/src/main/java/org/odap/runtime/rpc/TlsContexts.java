package org.odap.runtime.rpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import javax.net.ssl.SSLException;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.TlsMaterial;

/** Mutual TLS for both ends (ODAP 5.6, CARD-3). */
final class TlsContexts {
  private static final SslProvider PROVIDER = SslProvider.JDK;

  static {
    // Looks for buffers that channel handlers forgot, at a cost for each call: we write none.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  private TlsContexts() {}

  static SslContext server(TlsMaterial tls, boolean allowTls12) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forServer(tls.keyManager()), PROVIDER)
          .trustManager(tls.trustManager())
          .clientAuth(ClientAuth.REQUIRE)
          .protocols(allowTls12 ? new String[] {"TLSv1.3", "TLSv1.2"} : new String[] {"TLSv1.3"})
          .build();
    } catch (SSLException e) {
      throw new IdentityException("TLS for the server can't be set up", e);
    }
  }

  static SslContext client(TlsMaterial tls, Identity server) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forClient(), PROVIDER)
          .keyManager(tls.keyManager())
          .trustManager(tls.trustManagerFor(server))
          .protocols("TLSv1.3")
          .build();
    } catch (SSLException e) {
      throw new IdentityException("TLS for the client can't be set up", e);
    }
  }
}
