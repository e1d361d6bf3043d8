package org.odap.gateway.resource;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.DiscoverResourcesRequest;
import org.odap.api.client.v1.Resource;
import org.odap.core.access.Permission;
import org.odap.core.resource.GatewayResources;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.gateway.access.Access;
import org.odap.gateway.ledger.Ledger;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.OdapException;

/**
 * What there is behind this gateway, as far as the caller may know (ODAP 5.9): its ledgers, the
 * classes of assets its profiles name on them, and what rules name below them.
 */
final class Discovery {
  private static final List<Action> ACTIONS =
      java.util.Arrays.stream(Action.values())
          .filter(action -> action != Action.ACTION_UNSPECIFIED && action != Action.UNRECOGNIZED)
          .toList();

  private final GatewayResources resources;
  private final Ledgers ledgers;
  private final AssetProfiles profiles;
  private final Access access;

  Discovery(GatewayResources resources, Ledgers ledgers, AssetProfiles profiles, Access access) {
    this.resources = resources;
    this.ledgers = ledgers;
    this.profiles = profiles;
    this.access = access;
  }

  List<Resource> discover(DiscoverResourcesRequest request, Caller caller) {
    ResourceDescriptor prefix = prefix(request.getPrefix());
    List<Resource> shown = new ArrayList<>();
    int hidden = 0;
    for (Ledger ledger : ledgers.all()) {
      Optional<Set<String>> capabilities = capabilities(ledger);
      for (ResourceDescriptor resource : at(ledger)) {
        if (!prefix.covers(resource)) {
          continue;
        }
        Resource found = resource(resource, capabilities, caller);
        if (found.getAccessible() || (request.getIncludeInaccessible() && isPublic(resource))) {
          shown.add(found);
        } else {
          hidden++;
        }
      }
    }
    access.listed(caller, Permission.READ, prefix, shown.size(), hidden);
    return shown;
  }

  /** What only rules name is nobody's business but theirs whom they let in. */
  private boolean isPublic(ResourceDescriptor resource) {
    return resource.resource().isEmpty() || classes(resource.dltSystem()).contains(resource);
  }

  private ResourceDescriptor prefix(String text) {
    if (text.isEmpty()) {
      return resources.gateway();
    }
    return ResourceDescriptor.parse(text)
        .filter(resources.gateway()::covers)
        .orElseThrow(() ->
            OdapException.fieldInvalid(
                "prefix",
                text.substring(0, Math.min(text.length(), 256)),
                resources.gateway() + " or below"));
  }

  private Set<ResourceDescriptor> at(Ledger ledger) {
    ResourceDescriptor own = resources.ledger(ledger.dltSystem());
    Set<ResourceDescriptor> all = new LinkedHashSet<>(List.of(own));
    all.addAll(classes(ledger.dltSystem()));
    all.addAll(access.rules().namedBelow(own));
    return all;
  }

  private List<ResourceDescriptor> classes(String dltSystem) {
    return profiles.ids().stream()
        .flatMap(id -> profiles.assetClass(id, dltSystem).stream())
        .map(assetClass -> resources.assets(dltSystem, assetClass))
        .toList();
  }

  private Resource resource(
      ResourceDescriptor resource, Optional<Set<String>> capabilities, Caller caller) {
    List<Action> actions =
        ACTIONS.stream()
            .filter(action -> isOffered(action, capabilities))
            .filter(action -> access.allows(caller, ActionRequest.permission(action), resource))
            .toList();
    boolean reaches =
        Access.client(caller)
            .filter(client -> access.rules().reaches(client, resource))
            .isPresent();
    Resource.Builder found =
        Resource.newBuilder()
            .setResourceUrl(resource.format())
            .addAllActions(actions)
            .setAccessible(reaches);
    if (!reaches) {
      access.rules().accessRequest(resource).ifPresent(found::setAccessRequest);
    }
    return found.build();
  }

  /** A ledger that can't be asked now is shown with all that rules allow. */
  private static boolean isOffered(Action action, Optional<Set<String>> capabilities) {
    String needed =
        action == Action.ACTION_TRANSFER ? "TRANSFER_STEPS" : ActionRequest.word(action);
    return capabilities.isEmpty() || capabilities.get().contains(needed);
  }

  private static Optional<Set<String>> capabilities(Ledger ledger) {
    try {
      return Optional.of(Set.copyOf(ledger.description().getCapabilitiesList()));
    } catch (OdapException e) {
      return Optional.empty();
    }
  }
}
