package org.odap.core.evidence;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The entity certificates that a reader of evidence knows (ARCH 6 "gateway ownership"). An entity
 * vouches for its own organization's gateways: one that could name another's would make up the
 * other side of a transfer.
 */
public final class Trust {
  private final Map<String, List<X509Certificate>> byOrganization;
  private final List<X509Certificate> ofUnknown;

  private Trust(
      Map<String, List<X509Certificate>> byOrganization, List<X509Certificate> ofUnknown) {
    this.byOrganization = Map.copyOf(byOrganization);
    this.ofUnknown = List.copyOf(ofUnknown);
  }

  /**
   * Knows entities, but not of which organizations; none = those of a bundle are taken at their
   * word. No entity is then taken to vouch for two organizations.
   */
  public static Trust in(Collection<X509Certificate> entities) {
    return new Trust(Map.of(), List.copyOf(entities));
  }

  /** Knows which organization an entity is of; the same one may be of several. */
  public static Trust byOrganization(Map<String, ? extends Collection<X509Certificate>> entities) {
    Map<String, List<X509Certificate>> copy = new HashMap<>();
    entities.forEach((organization, its) -> copy.put(organization, List.copyOf(its)));
    return new Trust(copy, List.of());
  }

  /** Whether nobody is known. */
  boolean isEmpty() {
    return byOrganization.isEmpty() && ofUnknown.isEmpty();
  }

  /** Whether it is known whose each entity is. */
  boolean namesOrganizations() {
    return !byOrganization.isEmpty();
  }

  /** The entities that may vouch for a gateway. */
  List<X509Certificate> of(String identity) {
    return namesOrganizations()
        ? organization(identity)
            .map(organization -> byOrganization.getOrDefault(organization, List.of()))
            .orElse(List.of())
        : ofUnknown;
  }

  /** The organization of an identity: "alpha.example" of "odapgw://alpha.example/gateway-1". */
  static Optional<String> organization(String identity) {
    try {
      return Optional.ofNullable(URI.create(identity).getRawAuthority());
    } catch (IllegalArgumentException noUri) {
      return Optional.empty();
    }
  }
}
