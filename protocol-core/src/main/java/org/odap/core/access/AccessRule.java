package org.odap.core.access;

import java.util.List;
import java.util.Set;
import org.odap.core.resource.ClientDescriptor;
import org.odap.core.resource.ClientPattern;
import org.odap.core.resource.ResourceDescriptor;

/**
 * One rule: these clients may do this on these resources and below (ODAP 5.5).
 *
 * @param number its place in the file, from 1
 * @param line where it begins in the file, from 1
 */
public record AccessRule(
    int number,
    int line,
    List<ClientPattern> clients,
    Set<Permission> may,
    List<ResourceDescriptor> on) {
  public AccessRule {
    clients = List.copyOf(clients);
    may = Set.copyOf(may);
    on = List.copyOf(on);
  }

  /** Whether it speaks of this client. */
  public boolean names(ClientDescriptor client) {
    return clients.stream().anyMatch(pattern -> pattern.matches(client));
  }

  /** Whether it speaks of this resource. */
  public boolean covers(ResourceDescriptor resource) {
    return on.stream().anyMatch(prefix -> prefix.covers(resource));
  }

  boolean allows(ClientDescriptor client, Permission permission, ResourceDescriptor resource) {
    return may.contains(permission) && covers(resource) && names(client);
  }

  @Override
  public String toString() {
    return "rule " + number + " (line " + line + ")";
  }
}
