package org.odap.runtime.rpc;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.CallerPolicy;
import org.odap.runtime.identity.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who calls, once a connection, and asks the policy, each call. */
final class CallerInterceptor implements ServerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(CallerInterceptor.class);
  private static final Attributes.Key<Caller> CALLER = Attributes.Key.create("odap-caller");
  // Whoever a trusted organization vouches for may ask whether we are well.
  private static final String HEALTH_SERVICE = "grpc.health.v1.Health/";

  private final CallerPolicy policy;

  CallerInterceptor(CallerPolicy policy) {
    this.policy = policy;
  }

  /** Puts the caller beside each connection. */
  static final class Filter extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      return Optional.ofNullable(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
          .flatMap(CallerInterceptor::caller)
          .map(caller -> attributes.toBuilder().set(CALLER, caller).build())
          .orElse(attributes);
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Caller caller =
        Optional.ofNullable(call.getAttributes().get(CALLER))
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_CALLER_UNKNOWN, "no certificate was shown"));
    log.atDebug()
        .addKeyValue("caller", caller.identity())
        .addKeyValue("method", method)
        .log("call");
    if (!method.startsWith(HEALTH_SERVICE)) {
      require(caller.identity(), method);
    }
    return Contexts.interceptCall(CurrentCaller.in(Context.current(), caller), call, headers, next);
  }

  private void require(Identity caller, String method) {
    CallerPolicy.Decision decision = policy.decide(caller, method);
    if (decision == CallerPolicy.Decision.ALLOWED) {
      return;
    }
    log.atWarn()
        .addKeyValue("caller", caller)
        .addKeyValue("method", method)
        .addKeyValue("decision", decision)
        .log("call refused");
    throw switch (decision) {
      case CALLER_UNKNOWN ->
          new OdapException(
              ErrorReason.ERROR_REASON_CALLER_UNKNOWN, caller + " is not a known caller");
      default ->
          new OdapException(
              ErrorReason.ERROR_REASON_PERMISSION_DENIED, caller + " may not call " + method);
    };
  }

  private static Optional<Caller> caller(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain[0] instanceof X509Certificate certificate
          ? Identity.of(certificate).map(identity -> new Caller(identity, certificate))
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }
}
