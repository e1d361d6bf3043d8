package org.odap.gateway.policy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.gateway.GatewayConfig.ProfileConfig;
import org.odap.runtime.rpc.OdapException;

/**
 * The asset profiles this gateway knows, and what their assets are called on its ledgers (ODAP
 * 5.7).
 */
public final class AssetProfiles {
  private record Known(AssetProfile profile, Map<String, String> classes) {}

  private final Map<String, Known> byId = new LinkedHashMap<>();

  private AssetProfiles() {}

  /**
   * Reads the configured profiles.
   *
   * @throws IOException naming the file that can't be used
   */
  public static AssetProfiles read(List<ProfileConfig> configs) throws IOException {
    AssetProfiles profiles = new AssetProfiles();
    for (ProfileConfig config : configs) {
      AssetProfile profile = read(config.file());
      profiles.byId.put(profile.getProfileId(), new Known(profile, config.classes()));
    }
    return profiles;
  }

  /** Ids of the profiles. */
  public Set<String> ids() {
    return byId.keySet();
  }

  /** The profile of this id. */
  public Optional<AssetProfile> find(String id) {
    return Optional.ofNullable(byId.get(id)).map(Known::profile);
  }

  /**
   * The profile of this id.
   *
   * @throws OdapException ASSET_PROFILE_DENIED
   */
  public AssetProfile get(String id) {
    return find(id)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED,
                "asset_profile_id: " + id + " (expected: one of " + byId.keySet() + ")"));
  }

  /**
   * An asset of a profile as a ledger names it; empty when the ledger holds none of that profile.
   */
  public Optional<Asset> onLedger(String profileId, String dltSystem, Asset asset) {
    return Optional.ofNullable(byId.get(profileId))
        .flatMap(known -> Optional.ofNullable(known.classes().get(dltSystem)))
        .map(assetClass ->
            asset.toBuilder()
                .setKind(byId.get(profileId).profile().getKind())
                .setAssetClass(assetClass)
                .build());
  }

  private static AssetProfile read(Path file) throws IOException {
    AssetProfile.Builder profile = AssetProfile.newBuilder();
    try {
      JsonFormat.parser().merge(Files.readString(file), profile);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("asset profile " + file + ": " + e.getMessage(), e);
    }
    if (profile.getProfileId().isEmpty() || profile.getKind() == AssetKind.ASSET_KIND_UNSPECIFIED) {
      throw new IOException("asset profile " + file + ": profile_id and kind are required");
    }
    return profile.build();
  }
}
