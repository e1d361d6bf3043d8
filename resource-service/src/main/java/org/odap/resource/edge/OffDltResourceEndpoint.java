package org.odap.resource.edge;

import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.resource.v1.GetAssetProfileRequest;
import org.odap.api.resource.v1.GetAssetProfileResponse;
import org.odap.api.resource.v1.GetTravelRuleDataRequest;
import org.odap.api.resource.v1.GetTravelRuleDataResponse;
import org.odap.api.resource.v1.GetVaspRequest;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.api.resource.v1.ListVaspsRequest;
import org.odap.api.resource.v1.ListVaspsResponse;
import org.odap.api.resource.v1.OffDltResourceServiceGrpc;
import org.odap.api.resource.v1.PutTravelRuleDataRequest;
import org.odap.api.resource.v1.PutTravelRuleDataResponse;
import org.odap.api.resource.v1.ResolveBeneficiaryRequest;
import org.odap.api.resource.v1.ResolveBeneficiaryResponse;
import org.odap.core.envelope.Hash;
import org.odap.resource.catalog.Catalog;
import org.odap.resource.travelrule.TravelRuleStore;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.OdapException;

/** API type 3 over gRPC (ODAP 4.3). */
public final class OffDltResourceEndpoint
    extends OffDltResourceServiceGrpc.OffDltResourceServiceImplBase {
  private static final int ID_MAX = 256;
  private static final int DLT_MAX = 128;
  private static final int PAGE_STANDARD = 100;
  private static final int PAGE_MAX = 1_000;
  private static final int VERSION_MAX = 32;
  private static final int PAYLOAD_MAX = 65_536;
  private static final int READERS_MAX = 16;
  private static final int IDENTITY_MAX = 1_024;

  private final Supplier<Catalog> catalog;
  private final TravelRuleStore travelRule;

  /** An endpoint over the catalog in force and a store. */
  public OffDltResourceEndpoint(Supplier<Catalog> catalog, TravelRuleStore travelRule) {
    this.catalog = catalog;
    this.travelRule = travelRule;
  }

  @Override
  public void getAssetProfile(
      GetAssetProfileRequest request, StreamObserver<GetAssetProfileResponse> observer) {
    new FieldChecks()
        .text("profile_id", request.getProfileId(), ID_MAX)
        .optionalText("profile_version", request.getProfileVersion(), VERSION_MAX)
        .end();
    GetAssetProfileResponse answer =
        catalog
            .get()
            .profile(request.getProfileId(), request.getProfileVersion())
            .map(profile -> GetAssetProfileResponse.newBuilder().setAssetProfile(profile).build())
            .orElseThrow(() ->
                none(
                    ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED,
                    "profile_id: " + request.getProfileId()));
    Answers.answer(observer, answer);
  }

  @Override
  public void getVasp(GetVaspRequest request, StreamObserver<GetVaspResponse> observer) {
    new FieldChecks().text("vasp_id", request.getVaspId(), ID_MAX).end();
    GetVaspResponse answer =
        catalog
            .get()
            .vasp(request.getVaspId())
            .orElseThrow(() ->
                none(ErrorReason.ERROR_REASON_PEER_UNKNOWN, "vasp_id: " + request.getVaspId()));
    Answers.answer(observer, answer);
  }

  @Override
  public void listVasps(ListVaspsRequest request, StreamObserver<ListVaspsResponse> observer) {
    FieldChecks checks =
        new FieldChecks()
            .optionalText("dlt_system", request.getDltSystem(), DLT_MAX)
            .optionalText("page_token", request.getPageToken(), ID_MAX);
    if (Integer.compareUnsigned(request.getPageSize(), PAGE_MAX) > 0) {
      checks.invalid(
          "page_size", Integer.toUnsignedString(request.getPageSize()), "at most " + PAGE_MAX);
    }
    checks.end();
    int size = request.getPageSize() == 0 ? PAGE_STANDARD : request.getPageSize();
    // One more than asked for tells whether there are more.
    List<GetVaspResponse> found =
        catalog
            .get()
            .vaspsAfter(request.getPageToken())
            .filter(vasp -> reaches(vasp, request.getDltSystem()))
            .limit(size + 1L)
            .toList();
    List<GetVaspResponse> page = found.subList(0, Math.min(size, found.size()));
    Answers.answer(
        observer,
        ListVaspsResponse.newBuilder()
            .addAllVasps(page)
            .setNextPageToken(found.size() > size ? page.getLast().getOrganization() : "")
            .build());
  }

  private static boolean reaches(GetVaspResponse vasp, String dltSystem) {
    return dltSystem.isEmpty()
        || vasp.getGatewaysList().stream()
            .anyMatch(gateway -> gateway.getDltSystemsList().contains(dltSystem));
  }

  @Override
  public void resolveBeneficiary(
      ResolveBeneficiaryRequest request, StreamObserver<ResolveBeneficiaryResponse> observer) {
    new FieldChecks().text("beneficiary_id", request.getBeneficiaryId(), ID_MAX).end();
    ResolveBeneficiaryResponse answer =
        catalog
            .get()
            .beneficiary(request.getBeneficiaryId())
            // Not repeated: a person's alias is nobody else's business, and errors are logged.
            .orElseThrow(
                () -> none(ErrorReason.ERROR_REASON_ACCOUNT_INVALID, "beneficiary_id: this one"));
    Answers.answer(observer, answer);
  }

  @Override
  public void putTravelRuleData(
      PutTravelRuleDataRequest request, StreamObserver<PutTravelRuleDataResponse> observer) {
    FieldChecks checks =
        new FieldChecks()
            .transferId("transfer_id", request.getTransferId())
            .text("payload", request.getPayload(), PAYLOAD_MAX)
            .count("readers", request.getReadersCount(), READERS_MAX);
    request.getReadersList().forEach(reader -> checks.text("readers", reader, IDENTITY_MAX));
    if (!request.getPayload().isEmpty()
        && !request.getPayload().matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*){4}")) {
      // Plain data would lie here for everybody with access to the disk.
      checks.invalid("payload", "something else", "JWE in compact form");
    }
    checks.end();
    travelRule.put(
        CurrentCaller.get().identity(),
        request.getTransferId(),
        request.getPayload(),
        request.getReadersList());
    Answers.answer(
        observer,
        PutTravelRuleDataResponse.newBuilder()
            .setPayloadHash(Hash.of(request.getPayload().getBytes(StandardCharsets.UTF_8)))
            .build());
  }

  @Override
  public void getTravelRuleData(
      GetTravelRuleDataRequest request, StreamObserver<GetTravelRuleDataResponse> observer) {
    new FieldChecks().transferId("transfer_id", request.getTransferId()).end();
    String payload = travelRule.get(CurrentCaller.get().identity(), request.getTransferId());
    Answers.answer(observer, GetTravelRuleDataResponse.newBuilder().setPayload(payload).build());
  }

  private static OdapException none(ErrorReason reason, String what) {
    return new OdapException(reason, what + " is not known here");
  }
}
