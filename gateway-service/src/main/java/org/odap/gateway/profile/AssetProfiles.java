package org.odap.gateway.profile;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.gateway.GatewayConfig.ProfileConfig;
import org.odap.runtime.rpc.OdapException;

/**
 * The asset profiles this gateway knows, and what their assets are called on its ledgers (ODAP
 * 5.7): some are files of its own, others are in a registry.
 */
public final class AssetProfiles {
  private final Map<String, AssetProfile> own = new HashMap<>();
  private final Map<String, Map<String, String>> classes = new LinkedHashMap<>();
  private final ProfileRegistry registry;

  private AssetProfiles(ProfileRegistry registry) {
    this.registry = registry;
  }

  /**
   * Reads the configured profiles.
   *
   * @throws IOException naming the file that can't be used
   */
  public static AssetProfiles read(List<ProfileConfig> configs) throws IOException {
    return read(configs, ProfileRegistry.NONE);
  }

  /**
   * Reads the configured profiles; those without a file are the registry's.
   *
   * @throws IOException naming the file that can't be used
   */
  public static AssetProfiles read(List<ProfileConfig> configs, ProfileRegistry registry)
      throws IOException {
    AssetProfiles profiles = new AssetProfiles(registry);
    for (ProfileConfig config : configs) {
      if (config.file().isPresent()) {
        AssetProfile profile = ProfileDocument.read(config.file().get());
        profiles.own.put(profile.getProfileId(), profile);
        profiles.classes.put(profile.getProfileId(), config.classes());
      } else {
        profiles.classes.put(config.id().orElseThrow(), config.classes());
      }
    }
    return profiles;
  }

  /** Ids of the profiles. */
  public Set<String> ids() {
    return classes.keySet();
  }

  /** The profile of this id as it was last known; asks nobody. */
  public Optional<AssetProfile> find(String id) {
    return Optional.ofNullable(own.get(id))
        .or(() -> classes.containsKey(id) ? registry.last(id) : Optional.empty());
  }

  /**
   * The profile of this id, from the registry where it is not one of the files.
   *
   * @throws OdapException UNAVAILABLE when the registry can't be asked
   */
  public Optional<AssetProfile> look(String id) {
    return Optional.ofNullable(own.get(id))
        .or(() -> classes.containsKey(id) ? registry.look(id) : Optional.empty());
  }

  /**
   * The profile of this id.
   *
   * @throws OdapException ASSET_PROFILE_DENIED; UNAVAILABLE when the registry can't be asked
   */
  public AssetProfile get(String id) {
    return look(id)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED,
                "asset_profile_id: " + id + " (expected: one of " + classes.keySet() + ")"));
  }

  /** What a ledger calls the assets of a profile; asks nobody. */
  public Optional<String> assetClass(String profileId, String dltSystem) {
    return Optional.ofNullable(classes.get(profileId)).map(names -> names.get(dltSystem));
  }

  /**
   * An asset of a profile as a ledger names it; empty when the ledger holds none of that profile.
   */
  public Optional<Asset> onLedger(String profileId, String dltSystem, Asset asset) {
    return find(profileId)
        .flatMap(profile ->
            Optional.ofNullable(classes.get(profileId).get(dltSystem))
                .map(assetClass ->
                    asset.toBuilder()
                        .setKind(profile.getKind())
                        .setAssetClass(assetClass)
                        .build()));
  }
}
