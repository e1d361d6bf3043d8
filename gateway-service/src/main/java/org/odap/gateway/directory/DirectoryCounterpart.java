package org.odap.gateway.directory;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
  private final Function<List<String>, Optional<String>> chosen;

  /**
   * A counterpart.
   *
   * @param own identity of this gateway
   * @param chosen of gateways that would do, best first, the one to deal with
   */
  public DirectoryCounterpart(
      OffDltResources resources,
      Optional<ActiveVasps> activeOnly,
      Optional<TravelRule> travelRule,
      String own,
      Function<List<String>, Optional<String>> chosen) {
    this.resources = resources;
    this.activeOnly = activeOnly;
    this.travelRule = travelRule;
    this.own = own;
    this.chosen = chosen;
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
    List<String> gateways =
        found.getGatewaysList().stream().map(DirectoryGateway::getGateway).toList();
    String gateway =
        (gateways.contains(own) ? Optional.of(own) : chosen.apply(gateways))
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
