package org.odap.attestation.quorum;

import org.odap.api.threshold.v1.ActivateKeyRequest;
import org.odap.api.threshold.v1.ActivateKeyResponse;
import org.odap.api.threshold.v1.ConcludeKeyRequest;
import org.odap.api.threshold.v1.ConcludeKeyResponse;
import org.odap.api.threshold.v1.DealSharesRequest;
import org.odap.api.threshold.v1.DealSharesResponse;
import org.odap.api.threshold.v1.JustifyDealRequest;
import org.odap.api.threshold.v1.JustifyDealResponse;
import org.odap.api.threshold.v1.ReceiveDealsRequest;
import org.odap.api.threshold.v1.ReceiveDealsResponse;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.SignPartiallyResponse;
import org.odap.api.threshold.v1.StoreKeyShareRequest;
import org.odap.api.threshold.v1.StoreKeyShareResponse;
import org.odap.attestation.group.Member;

/** A member that does as another, until a subclass has it cheat. */
class ForwardingMember implements Member {
  private final Member honest;

  ForwardingMember(Member honest) {
    this.honest = honest;
  }

  @Override
  public StoreKeyShareResponse storeKeyShare(StoreKeyShareRequest request) {
    return honest.storeKeyShare(request);
  }

  @Override
  public SignPartiallyResponse signPartially(SignPartiallyRequest request) {
    return honest.signPartially(request);
  }

  @Override
  public DealSharesResponse dealShares(DealSharesRequest request) {
    return honest.dealShares(request);
  }

  @Override
  public ReceiveDealsResponse receiveDeals(ReceiveDealsRequest request) {
    return honest.receiveDeals(request);
  }

  @Override
  public JustifyDealResponse justifyDeal(JustifyDealRequest request) {
    return honest.justifyDeal(request);
  }

  @Override
  public ConcludeKeyResponse concludeKey(ConcludeKeyRequest request) {
    return honest.concludeKey(request);
  }

  @Override
  public ActivateKeyResponse activateKey(ActivateKeyRequest request) {
    return honest.activateKey(request);
  }
}
