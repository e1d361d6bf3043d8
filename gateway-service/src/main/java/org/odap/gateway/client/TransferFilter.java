package org.odap.gateway.client;

import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.ListTransfersRequest;
import org.odap.core.transfer.RecipientState;
import org.odap.core.transfer.SenderState;
import org.odap.core.transfer.State;
import org.odap.gateway.history.Known;
import org.odap.runtime.rpc.FieldChecks;

/** Which transfers a client wants listed. */
final class TransferFilter {
  private static final int NAME_MAX = 256;
  private static final int DLT_MAX = 128;
  private static final Set<String> STATES =
      Stream.<State[]>of(SenderState.values(), RecipientState.values())
          .flatMap(Stream::of)
          .map(State::name)
          .collect(Collectors.toUnmodifiableSet());

  private TransferFilter() {}

  /**
   * The filter of a request.
   *
   * @throws org.odap.runtime.rpc.OdapException FIELD_INVALID
   */
  static Predicate<Known> of(ListTransfersRequest request) {
    FieldChecks checks =
        new FieldChecks()
            .optionalText("page_token", request.getPageToken(), NAME_MAX)
            .optionalText("peer", request.getPeer(), NAME_MAX)
            .optionalText("dlt_system", request.getDltSystem(), DLT_MAX)
            .optionalText("asset_profile_id", request.getAssetProfileId(), NAME_MAX);
    if (request.getRole() == GatewayRole.UNRECOGNIZED) {
      checks.invalid("role", "" + request.getRoleValue(), "sender or recipient");
    }
    if (!request.getState().isEmpty() && !STATES.contains(request.getState())) {
      checks.optionalText("state", request.getState(), DLT_MAX);
      checks.invalid("state", "unknown", "a state of docs/transfer-states.md");
    }
    checks.end();
    return known ->
        (!request.getUnfinishedOnly() || !known.state().ended())
            && (request.getRole() == GatewayRole.GATEWAY_ROLE_UNSPECIFIED
                || request.getRole() == known.role().wire())
            && isIn(request.getState(), known.state().name())
            && isIn(request.getPeer(), known.peer())
            && (isIn(request.getDltSystem(), known.senderDlt())
                || isIn(request.getDltSystem(), known.recipientDlt()))
            && isIn(request.getAssetProfileId(), known.assetProfileId())
            && request.getStartedFrom() <= known.startedAt()
            && (request.getStartedBefore() == 0 || known.startedAt() < request.getStartedBefore());
  }

  private static boolean isIn(String wanted, String value) {
    return wanted.isEmpty() || wanted.equals(value);
  }
}
