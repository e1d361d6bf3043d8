package org.odap.gateway.directory;

import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.resource.v1.GetAssetProfileRequest;
import org.odap.api.resource.v1.GetTravelRuleDataRequest;
import org.odap.api.resource.v1.GetVaspRequest;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.api.resource.v1.ListVaspsRequest;
import org.odap.api.resource.v1.ListVaspsResponse;
import org.odap.api.resource.v1.OffDltResourceServiceGrpc;
import org.odap.api.resource.v1.PutTravelRuleDataRequest;
import org.odap.api.resource.v1.ResolveBeneficiaryRequest;
import org.odap.api.resource.v1.ResolveBeneficiaryResponse;
import org.odap.core.envelope.ProfileCheck;
import org.odap.core.refusal.Refusal;
import org.odap.gateway.GatewayConfig.ResourcesConfig;
import org.odap.gateway.profile.ProfileRegistry;
import org.odap.gateway.travelrule.TravelRuleArchive;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server of resources outside any ledger, as this gateway asks it (ODAP 4.3). */
public final class OffDltResources implements VaspDirectory {
  private static final Logger log = LoggerFactory.getLogger(OffDltResources.class);

  private static final int PAGE = 200;

  private final OffDltResourceServiceGrpc.OffDltResourceServiceBlockingStub stub;
  private final Duration deadline;
  private final Remembered<AssetProfile> profiles;
  private final Remembered<GetVaspResponse> vasps;

  /** A server behind a channel. */
  public OffDltResources(ResourcesConfig config, Channel channel, Clock clock) {
    this.stub = OffDltResourceServiceGrpc.newBlockingStub(channel);
    this.deadline = config.deadline();
    this.profiles = new Remembered<>(this::profile, config.ttl(), clock);
    this.vasps = new Remembered<>(this::askVasp, config.ttl(), clock);
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

  @Override
  public Optional<GetVaspResponse> vasp(String organization) {
    return vasps.fresh(organization);
  }

  @Override
  public Optional<GetVaspResponse> vaspAnew(String organization) {
    return vasps.anew(organization);
  }

  @Override
  public List<GetVaspResponse> vasps() {
    List<GetVaspResponse> all = new ArrayList<>();
    String after = "";
    do {
      ListVaspsRequest request =
          ListVaspsRequest.newBuilder().setPageSize(PAGE).setPageToken(after).build();
      ListVaspsResponse page = asking(() -> call().listVasps(request));
      all.addAll(page.getVaspsList());
      // Of a directory that goes round in circles no more than there can be.
      after = all.size() < Remembered.MOST ? page.getNextPageToken() : "";
    } while (!after.isEmpty());
    return all;
  }

  /**
   * Where a beneficiary is to be found; asked for each time.
   *
   * @throws OdapException UNAVAILABLE
   */
  public Optional<ResolveBeneficiaryResponse> beneficiary(String id) {
    ResolveBeneficiaryRequest request =
        ResolveBeneficiaryRequest.newBuilder().setBeneficiaryId(id).build();
    return unless(
        ErrorReason.ERROR_REASON_ACCOUNT_INVALID, () -> call().resolveBeneficiary(request));
  }

  /** A place for this gateway's travel-rule data, which these identities may read, too. */
  public TravelRuleArchive archive(List<String> readers) {
    return new TravelRuleArchive() {
      @Override
      public void put(String transferId, String payload) {
        PutTravelRuleDataRequest request =
            PutTravelRuleDataRequest.newBuilder()
                .setTransferId(transferId)
                .setPayload(payload)
                .addAllReaders(readers)
                .build();
        ofOurOwn("kept", () -> call().putTravelRuleData(request));
      }

      @Override
      public Optional<String> get(String transferId) {
        GetTravelRuleDataRequest request =
            GetTravelRuleDataRequest.newBuilder().setTransferId(transferId).build();
        return ofOurOwn(
            "read",
            () ->
                unless(
                    ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN,
                    () -> call().getTravelRuleData(request).getPayload()));
      }
    };
  }

  /** Whatever our own store refuses is none of the transfer's, nor its parties', doing. */
  private static <T> T ofOurOwn(String what, Supplier<T> question) {
    try {
      return asking(question);
    } catch (OdapException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_UNAVAILABLE,
          "travel-rule data can't be " + what + ": " + e.description(),
          e);
    }
  }

  private Optional<GetVaspResponse> askVasp(String organization) {
    GetVaspRequest request = GetVaspRequest.newBuilder().setVaspId(organization).build();
    return unless(ErrorReason.ERROR_REASON_PEER_UNKNOWN, () -> call().getVasp(request))
        .filter(vasp -> vasp.getOrganization().equals(organization));
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
      return Optional.of(asking(question));
    } catch (OdapException e) {
      if (e.reason() == none) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static <T> T asking(Supplier<T> question) {
    try {
      return OdapErrors.calling(question);
    } catch (OdapException e) {
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
