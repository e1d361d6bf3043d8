package org.odap.runtime.rpc;

import io.grpc.Attributes;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/**
 * A caller's connection. It can be older than our trusted organizations, or have been resumed from
 * a handshake that was: so its chain is judged at each call, again whenever the trusted ones
 * change.
 *
 * <p>Mutable: by which of our materials the chain was found good.
 */
public final class CallerConnection {
  private static final Attributes.Key<CallerConnection> KEY =
      Attributes.Key.create("odap-connection");

  private final Caller caller;
  private final List<X509Certificate> chain;
  private final Instant notAfter;
  private volatile int generationTrusted;

  private CallerConnection(Caller caller, List<X509Certificate> chain) {
    this.caller = caller;
    this.chain = chain;
    this.notAfter = chain.getFirst().getNotAfter().toInstant();
  }

  /** Who is at the other end of a TLS session; empty when it showed no certificate of ours. */
  public static Optional<CallerConnection> of(SSLSession session) {
    try {
      List<X509Certificate> chain =
          Arrays.stream(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
      return Identity.of(chain.getFirst())
          .map(identity -> new CallerConnection(new Caller(identity, chain.getFirst()), chain));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  static Optional<CallerConnection> in(Attributes attributes) {
    return Optional.ofNullable(attributes.get(KEY));
  }

  Attributes beside(Attributes attributes) {
    return attributes.toBuilder().set(KEY, this).build();
  }

  Caller caller() {
    return caller;
  }

  boolean isTrusted(TlsMaterial tls) {
    int generation = tls.generation();
    if (generationTrusted != generation) {
      if (!tls.isStillTrusted(chain)) {
        return false;
      }
      generationTrusted = generation;
    }
    return !Instant.now().isAfter(notAfter);
  }
}
