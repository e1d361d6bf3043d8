package org.odap.gateway.directory;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.core.envelope.PublicKeys;
import org.odap.gateway.travelrule.Counterparties;
import org.odap.runtime.identity.Identity;

/** Counterparties as they are configured, and as the directory has them (ARCH 6). */
public final class KnownCounterparties implements Counterparties {
  private final Map<String, Known> configured;
  private final Function<String, Optional<GetVaspResponse>> directory;

  /** What is configured of a gateway. */
  public record Known(Optional<String> vasp, Optional<String> encryptionKey) {}

  /**
   * Counterparties.
   *
   * @param configured by identity; the gateway itself is one of them
   * @param directory gives the VASP of an organization, or throws UNAVAILABLE
   */
  public KnownCounterparties(
      Map<String, Known> configured, Function<String, Optional<GetVaspResponse>> directory) {
    this.configured = Map.copyOf(configured);
    this.directory = directory;
  }

  @Override
  public Optional<String> vasp(String gateway) {
    return Optional.ofNullable(configured.get(gateway))
        .flatMap(Known::vasp)
        .or(() -> listed(gateway).map(GetVaspResponse::getVaspId));
  }

  @Override
  public Optional<String> encryptionKey(String gateway) {
    return Optional.ofNullable(configured.get(gateway))
        .flatMap(Known::encryptionKey)
        .or(() ->
            listed(gateway).stream()
                .flatMap(vasp -> vasp.getGatewaysList().stream())
                .filter(one -> one.getGateway().equals(gateway))
                .map(DirectoryGateway::getEncryptionKey)
                .filter(key -> PublicKeys.parse(key).isPresent())
                .findFirst());
  }

  private Optional<GetVaspResponse> listed(String gateway) {
    return directory.apply(new Identity(gateway).organization());
  }
}
