package org.odap.core.resource;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The names of what lies behind one gateway (ODAP 5.3): the gateway itself, its ledgers, and on
 * them the classes of assets and single assets.
 */
public record GatewayResources(ResourceDescriptor gateway) {
  /**
   * Those of a gateway by its identity: {@code odapgw://alpha.example/gateway-1} is the host
   * gateway-1.alpha.example of the organization alpha.example. Empty when no host name comes out.
   */
  public static Optional<GatewayResources> of(String identity) {
    URI uri = URI.create(identity);
    String organization = Optional.ofNullable(uri.getRawAuthority()).orElse("");
    String path = Optional.ofNullable(uri.getRawPath()).orElse("");
    return of(organization, path.substring(path.lastIndexOf('/') + 1) + "." + organization);
  }

  /** Those of a gateway by its organization and host name. */
  public static Optional<GatewayResources> of(String organization, String host) {
    return ResourceDescriptor.parse("odapres://" + organization + "/" + host)
        .map(GatewayResources::new);
  }

  /** A ledger. */
  public ResourceDescriptor ledger(String dltSystem) {
    return named(dltSystem, List.of());
  }

  /** A class of assets on a ledger; the ledger when no class is known. */
  public ResourceDescriptor assets(String dltSystem, String assetClass) {
    return named(dltSystem, assetClass.isEmpty() ? List.of() : List.of(assetClass));
  }

  /** One unique asset on a ledger. */
  public ResourceDescriptor asset(String dltSystem, String assetClass, String assetId) {
    return named(dltSystem, List.of(assetClass, assetId));
  }

  /**
   * What has no name is called by what it lies in: only who may do something with all of that may
   * do it with this.
   */
  private ResourceDescriptor named(String dltSystem, List<String> below) {
    String dlt = Segments.encode(dltSystem);
    if (!Segments.isSegment(dlt)) {
      return gateway;
    }
    List<String> parts =
        below.stream()
            .flatMap(text -> Segments.split(text).stream())
            .map(Segments::encode)
            .takeWhile(Segments::isSegment)
            .toList();
    return new ResourceDescriptor(
        gateway.organization(), gateway.gateway(), dlt, String.join("/", parts));
  }
}
