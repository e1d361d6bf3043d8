package org.odap.gateway.directory;

import java.util.Optional;
import java.util.function.Predicate;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.api.resource.v1.ResolveBeneficiaryResponse;
import org.odap.gateway.client.Counterpart;
import org.odap.gateway.travelrule.TravelRule;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.OdapException;

/** The other side as the directory and the travel rule have it (ARCH 6). */
public final class DirectoryCounterpart implements Counterpart {
  private final OffDltResources resources;
  private final Optional<ActiveVasps> activeOnly;
  private final Optional<TravelRule> travelRule;
  private final String own;
  private final Predicate<String> isKnown;

  /**
   * A counterpart.
   *
   * @param own identity of this gateway
   * @param isKnown whether a gateway is one this gateway deals with
   */
  public DirectoryCounterpart(
      OffDltResources resources,
      Optional<ActiveVasps> activeOnly,
      Optional<TravelRule> travelRule,
      String own,
      Predicate<String> isKnown) {
    this.resources = resources;
    this.activeOnly = activeOnly;
    this.travelRule = travelRule;
    this.own = own;
    this.isKnown = isKnown;
  }

  @Override
  public StartTransferRequest resolved(StartTransferRequest request) {
    if (request.getBeneficiaryId().isEmpty()) {
      return request;
    }
    new FieldChecks()
        .text("beneficiary_id", request.getBeneficiaryId(), 256)
        .absent("recipient_gateway", request.getRecipientGateway())
        .absent("recipient_dlt_system", request.getRecipientDltSystem())
        .absent("destination", request.getDestination())
        .absent("beneficiary_pubkey", request.getBeneficiaryPubkey())
        .end();
    ResolveBeneficiaryResponse found =
        resources
            .beneficiary(request.getBeneficiaryId())
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_ACCOUNT_INVALID,
                    "beneficiary_id: the directory knows no such beneficiary"));
    String gateway =
        found.getGatewaysList().stream()
            .map(DirectoryGateway::getGateway)
            .filter(one -> one.equals(own) || isKnown.test(one))
            .findFirst()
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_PEER_UNKNOWN,
                    "beneficiary_id: none of the beneficiary's gateways is known here"));
    return request.toBuilder()
        .setRecipientGateway(gateway)
        .setRecipientDltSystem(found.getDltSystem())
        .setDestination(found.getAccount())
        .setBeneficiaryPubkey(found.getPubkey())
        .build();
  }

  @Override
  public void require(String gateway, String pubkey, long now) {
    activeOnly.ifPresent(rule -> rule.require(gateway, pubkey, now));
  }

  @Override
  public Optional<String> sealed(
      String document, InitializationRequest terms, String session, String gateway) {
    return travelRule.isPresent()
        ? travelRule.get().seal(document, terms, session, own, gateway)
        : UNKNOWN.sealed(document, terms, session, gateway);
  }

  @Override
  public Optional<TravelRule.Kept> kept(String session, String sender) {
    return travelRule.flatMap(rule -> rule.kept(session, sender));
  }
}
