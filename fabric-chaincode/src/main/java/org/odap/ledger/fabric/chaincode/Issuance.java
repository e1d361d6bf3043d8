package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Creates and destroys assets outside of transfers (ODAP 5.10.1, 5.10.8), once per request of the
 * issuer's organization. To destroy needs the owner's consent, as a lock does.
 */
final class Issuance {
  private final Invocation call;

  Issuance(Invocation call) {
    this.call = call;
  }

  String create(String requestId, String assetClass, BigInteger idOrAmount, String owner) {
    return once(
        Action.CREATE_ASSET,
        requestId,
        assetClass,
        idOrAmount,
        owner,
        asset -> call.holdings().create(asset, owner));
  }

  String destroy(String requestId, String assetClass, BigInteger idOrAmount, String owner) {
    return once(
        Action.DESTROY_ASSET,
        requestId,
        assetClass,
        idOrAmount,
        owner,
        asset -> call.holdings().destroy(asset, owner, call.caller().mspId()));
  }

  private String once(
      Action action,
      String requestId,
      String assetClass,
      BigInteger idOrAmount,
      String owner,
      Consumer<Asset> effect) {
    Asset asset = Asset.of(call.classes().requireOwn(assetClass, Role.ISSUER), idOrAmount);
    Request request =
        new Request(
            requestId,
            action,
            assetClass,
            idOrAmount,
            owner,
            call.transactionId(),
            call.claimedMillis());
    Optional<Request> first = find(requestId);
    if (first.isPresent()) {
      if (!first.get().asksTheSameAs(request)) {
        throw Refusals.refused(
            Reason.REQUEST_ID_REUSED,
            "the request id was used before for another request, in transaction "
                + first.get().transactionId());
      }
      return Json.text(first.get());
    }
    effect.accept(asset);
    call.state().put(request, Table.REQUEST, call.caller().mspId(), requestId);
    call.emit(action.name(), request);
    return Json.text(request);
  }

  /** A request of the caller's organization. */
  Optional<Request> find(String requestId) {
    return call.state().get(Request.class, Table.REQUEST, call.caller().mspId(), requestId);
  }

  enum Action {
    CREATE_ASSET,
    DESTROY_ASSET
  }

  /** A request that was carried out. */
  record Request(
      String requestId,
      Action action,
      String assetClass,
      BigInteger idOrAmount,
      String owner,
      String transactionId,
      long timestamp) {

    boolean asksTheSameAs(Request other) {
      return action == other.action
          && assetClass.equals(other.assetClass)
          && idOrAmount.equals(other.idOrAmount)
          && owner.equals(other.owner);
    }
  }
}
