package org.odap.gateway.directory;

import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.resource.v1.GetAssetProfileRequest;
import org.odap.api.resource.v1.OffDltResourceServiceGrpc;
import org.odap.core.envelope.ProfileCheck;
import org.odap.core.refusal.Refusal;
import org.odap.gateway.GatewayConfig.ResourcesConfig;
import org.odap.gateway.profile.ProfileRegistry;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server of resources outside any ledger, as this gateway asks it (ODAP 4.3). */
public final class OffDltResources {
  private static final Logger log = LoggerFactory.getLogger(OffDltResources.class);

  private final OffDltResourceServiceGrpc.OffDltResourceServiceBlockingStub stub;
  private final Duration deadline;
  private final Remembered<AssetProfile> profiles;

  /** A server behind a channel. */
  public OffDltResources(ResourcesConfig config, Channel channel, Clock clock) {
    this.stub = OffDltResourceServiceGrpc.newBlockingStub(channel);
    this.deadline = config.deadline();
    this.profiles = new Remembered<>(this::profile, config.ttl(), clock);
  }

  /** The registry of asset profiles. While it is down, what it said last stands. */
  public ProfileRegistry profiles() {
    return new ProfileRegistry() {
      @Override
      public Optional<AssetProfile> look(String id) {
        return profiles.freshOrLast(id);
      }

      @Override
      public Optional<AssetProfile> last(String id) {
        return profiles.last(id);
      }
    };
  }

  private Optional<AssetProfile> profile(String id) {
    GetAssetProfileRequest request = GetAssetProfileRequest.newBuilder().setProfileId(id).build();
    Optional<AssetProfile> told =
        unless(
            ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED,
            () -> call().getAssetProfile(request).getAssetProfile());
    return told.filter(profile -> isUsable(profile, id));
  }

  /** A registry is asked, not believed: a profile it should never have taken is none. */
  private static boolean isUsable(AssetProfile profile, String id) {
    Optional<Refusal> refusal = ProfileCheck.structure(profile);
    boolean usable = refusal.isEmpty() && profile.getProfileId().equals(id);
    if (!usable) {
      log.atWarn()
          .addKeyValue("profile", id)
          .addKeyValue("cause", refusal.map(Refusal::description).orElse("another profile's id"))
          .log("profile from the registry not usable");
    }
    return usable;
  }

  /** The answer, or nothing when the server says with this reason that it has none. */
  private static <T> Optional<T> unless(ErrorReason none, Supplier<T> question) {
    try {
      return Optional.of(OdapErrors.calling(question));
    } catch (OdapException e) {
      if (e.reason() == none) {
        return Optional.empty();
      }
      throw e.reason() == ErrorReason.ERROR_REASON_UNAVAILABLE
          ? new OdapException(
              e.reason(), "the resource server can't be reached: " + e.description(), e)
          : e;
    }
  }

  private OffDltResourceServiceGrpc.OffDltResourceServiceBlockingStub call() {
    return stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }
}
