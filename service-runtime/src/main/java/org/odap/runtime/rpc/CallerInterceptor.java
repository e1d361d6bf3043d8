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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.CallerPolicy;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TokenSchemes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who calls, once a connection, and asks the policy, each call. */
final class CallerInterceptor implements ServerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(CallerInterceptor.class);
  // Whoever a trusted organization vouches for may ask whether we are well.
  private static final String HEALTH_SERVICE = "grpc.health.v1.Health/";

  private final CallerPolicy policy;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Callers callers;
  private final TlsMaterial tls;
  private final TokenSchemes tokens;
  private final CallLimits limits;

  CallerInterceptor(
      CallerPolicy policy,
      Callers callers,
      TlsMaterial tls,
      TokenSchemes tokens,
      CallLimits limits) {
    this.policy = policy;
    this.callers = callers;
    this.tls = tls;
    this.tokens = tokens;
    this.limits = limits;
  }

  /** Puts the caller beside each connection; one that has too many gets no other. */
  static final class Filter extends ServerTransportFilter {
    private static final Attributes.Key<CallLimits.Place> PLACE =
        Attributes.Key.create("odap-place-of-connection");

    private final CallLimits limits;

    Filter(CallLimits limits) {
      this.limits = limits;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
      return Optional.ofNullable(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
          .flatMap(CallerConnection::of)
          .map(connection -> {
            CallLimits.Place place = limits.connect(connection.caller().identity());
            return connection.beside(attributes).toBuilder().set(PLACE, place).build();
          })
          .orElse(attributes);
    }

    // gRPC has no attributes for a connection that ended before it was ready, such as one that only
    // looked whether the port is open; and it keeps for ever a connection whose end throws here.
    @Override
    public void transportTerminated(Attributes attributes) {
      Optional.ofNullable(attributes)
          .map(known -> known.get(PLACE))
          .ifPresent(CallLimits.Place::giveBack);
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Caller caller = known(callers.proven(call, headers), headers, method);
    log.atDebug()
        .addKeyValue("caller", caller.identity())
        .addKeyValue("method", method)
        .log("call");
    // Before the policy is asked: what it refuses costs something too.
    CallLimits.Place place = limits.begin(caller.identity());
    try {
      if (!method.startsWith(HEALTH_SERVICE)) {
        require(caller, method);
      }
      return place.until(
          Contexts.interceptCall(CurrentCaller.in(Context.current(), caller), call, headers, next));
    } catch (RuntimeException e) {
      place.giveBack();
      throw e;
    }
  }

  /** Whom the call's token speaks for, if it brings one; else whom the connection speaks for. */
  private Caller known(Optional<Caller> connected, Metadata headers, String method) {
    Iterable<String> given = headers.getAll(AUTHORIZATION);
    if (given == null) {
      return connected.orElseThrow(() ->
          new OdapException(
              ErrorReason.ERROR_REASON_CALLER_UNKNOWN,
              "neither a trusted certificate nor a token"));
    }
    try {
      Iterator<String> all = given.iterator();
      Caller caller = tokens.caller(connected.flatMap(Caller::certificate), all.next());
      if (all.hasNext()) {
        throw new IdentityException("authorization header: given twice");
      }
      return caller;
    } catch (IdentityException e) {
      log.atWarn()
          .addKeyValue("connection", connected.map(one -> one.identity().uri()).orElse("none"))
          .addKeyValue("method", method)
          .addKeyValue("cause", e.getMessage())
          .log("token refused");
      throw new OdapException(ErrorReason.ERROR_REASON_CALLER_UNKNOWN, e.getMessage(), e);
    }
  }

  private void require(Caller known, String method) {
    Identity caller = known.identity();
    CallerPolicy.Decision decision = policy(known).decide(caller, method);
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

  /** Whoever is trusted for a list's sake alone may do what the list is for, and nothing else. */
  private CallerPolicy policy(Caller caller) {
    return caller.scheme() == CredentialScheme.CREDENTIAL_SCHEME_X509
        ? tls.ruleOfListed(caller.identity())
            .map(rule -> CallerPolicy.of(List.of(rule)))
            .orElse(policy)
        : policy;
  }
}
