package org.odap.attestation.group;

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

/**
 * A participant, here or across the network; its methods are those of ParticipantService. What is
 * refused or failed is an {@link org.odap.runtime.rpc.OdapException}.
 */
public interface Member {
  StoreKeyShareResponse storeKeyShare(StoreKeyShareRequest request);

  SignPartiallyResponse signPartially(SignPartiallyRequest request);

  DealSharesResponse dealShares(DealSharesRequest request);

  ReceiveDealsResponse receiveDeals(ReceiveDealsRequest request);

  JustifyDealResponse justifyDeal(JustifyDealRequest request);

  ConcludeKeyResponse concludeKey(ConcludeKeyRequest request);

  ActivateKeyResponse activateKey(ActivateKeyRequest request);
}
