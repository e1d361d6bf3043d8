package org.odap.resource.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.api.resource.v1.ResolveBeneficiaryResponse;

/**
 * One state of the catalog, whole and without contradictions: each VASP and organization once, each
 * beneficiary a customer of a VASP that is here.
 *
 * @param profiles by id, the newest version first
 * @param vasps by id and by organization
 * @param beneficiaries by id, without gateways
 */
public record Catalog(
    Map<String, List<AssetProfile>> profiles,
    Map<String, GetVaspResponse> vasps,
    Map<String, ResolveBeneficiaryResponse> beneficiaries) {
  public Catalog {
    profiles = Map.copyOf(profiles);
    vasps = Map.copyOf(vasps);
    beneficiaries = Map.copyOf(beneficiaries);
  }

  /** A profile; of an empty version the newest. */
  public Optional<AssetProfile> profile(String id, String version) {
    return profiles.getOrDefault(id, List.of()).stream()
        .filter(profile -> version.isEmpty() || profile.getProfileVersion().equals(version))
        .findFirst();
  }

  /** A VASP by its id or its organization. */
  public Optional<GetVaspResponse> vasp(String id) {
    return Optional.ofNullable(vasps.get(id));
  }

  /** VASPs whose organization comes after this one, in its order. */
  public Stream<GetVaspResponse> vaspsAfter(String organization) {
    return vasps.values().stream()
        .filter(vasp -> vasp.getOrganization().compareTo(organization) > 0)
        .distinct()
        .sorted(Comparator.comparing(GetVaspResponse::getOrganization));
  }

  /** A beneficiary with the gateways it is reached through: primaries before their backups. */
  public Optional<ResolveBeneficiaryResponse> beneficiary(String id) {
    return Optional.ofNullable(beneficiaries.get(id))
        .map(known ->
            known.toBuilder()
                .addAllGateways(
                    vasps.get(known.getVaspId()).getGatewaysList().stream()
                        .filter(
                            gateway -> gateway.getDltSystemsList().contains(known.getDltSystem()))
                        .sorted(Comparator.comparing(DirectoryGateway::getBackup))
                        .toList())
                .build());
  }
}
