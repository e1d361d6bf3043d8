package org.odap.runtime.rpc;

import com.google.common.collect.Iterables;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/**
 * Who is at the other end of a call, before any token is looked at: whose certificate its
 * connection showed us, or whom the mesh's proxy saw.
 */
final class Callers {
  private final TlsMaterial tls;
  private final Optional<MeshConfig> mesh;
  private final Map<String, Caller> members;
  private final Optional<Metadata.Key<String>> header;

  Callers(TlsMaterial tls, Optional<MeshConfig> mesh) {
    this.tls = tls;
    this.mesh = mesh;
    this.members =
        mesh.stream()
            .flatMap(config -> config.members().stream())
            .collect(Collectors.toUnmodifiableMap(MeshConfig.Member::name, Callers::caller));
    this.header =
        mesh.map(
            config -> Metadata.Key.of(config.proxy().header(), Metadata.ASCII_STRING_MARSHALLER));
  }

  private static Caller caller(MeshConfig.Member member) {
    return new Caller(
        new Identity(member.identity()), Optional.empty(), CredentialScheme.CREDENTIAL_SCHEME_X509);
  }

  /** Whether a service of our organization calls; its clients are people and their programs. */
  boolean isOurOwn(ServerCall<?, ?> call, Metadata headers) {
    return claimed(call, headers)
        .map(Caller::identity)
        .filter(caller -> caller.organization().equals(tls.identity().organization()))
        .filter(caller -> !caller.uri().startsWith("odapclient:"))
        .isPresent();
  }

  private Optional<Caller> claimed(ServerCall<?, ?> call, Metadata headers) {
    return mesh.isPresent()
        ? header
            .map(headers::getAll)
            .map(Iterables::getLast)
            .flatMap(mesh.get().proxy()::name)
            .map(members::get)
        : CallerConnection.in(call.getAttributes()).map(CallerConnection::caller);
  }

  /**
   * Who calls.
   *
   * @throws OdapException CALLER_UNKNOWN when its certificate is trusted no longer
   */
  Optional<Caller> proven(ServerCall<?, ?> call, Metadata headers) {
    boolean isDoubtful =
        CallerConnection.in(call.getAttributes())
            .filter(connection -> !connection.isTrusted(tls))
            .isPresent();
    if (isDoubtful) {
      throw new OdapException(ErrorReason.ERROR_REASON_CALLER_UNKNOWN, "certificate not trusted");
    }
    return claimed(call, headers);
  }
}
