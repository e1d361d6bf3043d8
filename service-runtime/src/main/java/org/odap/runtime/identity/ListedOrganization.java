package org.odap.runtime.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An organization that somebody else's list names, such as a directory's (ARCH 9.3). Unlike a
 * {@link TrustedOrganization} it vouches for nobody but the members that the list names, with the
 * keys it names, and for the services said here only.
 *
 * @param organization host part of its members' identities
 * @param entity its entity certificates
 * @param members their keys (base64url SPKI DER) by identity
 * @param services what its members may call, such as odap.peer.v1.PeerService
 */
public record ListedOrganization(
    String organization,
    List<X509Certificate> entity,
    Map<String, Set<String>> members,
    List<String> services) {

  public ListedOrganization {
    entity = List.copyOf(entity);
    services = List.copyOf(services);
    // Equal lists are equal whatever their order.
    members =
        members.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> new TreeSet<>(entry.getValue()),
                    (one, _) -> one,
                    TreeMap::new));
  }

  boolean names(Identity identity, String pubkey) {
    return members.getOrDefault(identity.uri(), Set.of()).contains(pubkey);
  }
}
