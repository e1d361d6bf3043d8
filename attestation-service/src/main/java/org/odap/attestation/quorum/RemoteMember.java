package org.odap.attestation.quorum;

import io.grpc.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.odap.api.threshold.v1.ActivateKeyRequest;
import org.odap.api.threshold.v1.ActivateKeyResponse;
import org.odap.api.threshold.v1.ConcludeKeyRequest;
import org.odap.api.threshold.v1.ConcludeKeyResponse;
import org.odap.api.threshold.v1.DealSharesRequest;
import org.odap.api.threshold.v1.DealSharesResponse;
import org.odap.api.threshold.v1.JustifyDealRequest;
import org.odap.api.threshold.v1.JustifyDealResponse;
import org.odap.api.threshold.v1.ParticipantServiceGrpc;
import org.odap.api.threshold.v1.ParticipantServiceGrpc.ParticipantServiceBlockingStub;
import org.odap.api.threshold.v1.ReceiveDealsRequest;
import org.odap.api.threshold.v1.ReceiveDealsResponse;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.SignPartiallyResponse;
import org.odap.api.threshold.v1.StoreKeyShareRequest;
import org.odap.api.threshold.v1.StoreKeyShareResponse;
import org.odap.attestation.group.Member;
import org.odap.runtime.rpc.OdapErrors;

/** A participant across the network; each call has a deadline. */
public final class RemoteMember implements Member {
  private final ParticipantServiceBlockingStub stub;
  private final Duration signing;
  private final Duration round;

  /** A participant behind a channel, with the time it has to sign and for a round. */
  public RemoteMember(Channel channel, Duration signing, Duration round) {
    this.stub = ParticipantServiceGrpc.newBlockingStub(channel);
    this.signing = signing;
    this.round = round;
  }

  @Override
  public StoreKeyShareResponse storeKeyShare(StoreKeyShareRequest request) {
    return within(round, stub -> stub.storeKeyShare(request));
  }

  @Override
  public SignPartiallyResponse signPartially(SignPartiallyRequest request) {
    return within(signing, stub -> stub.signPartially(request));
  }

  @Override
  public DealSharesResponse dealShares(DealSharesRequest request) {
    return within(round, stub -> stub.dealShares(request));
  }

  @Override
  public ReceiveDealsResponse receiveDeals(ReceiveDealsRequest request) {
    return within(round, stub -> stub.receiveDeals(request));
  }

  @Override
  public JustifyDealResponse justifyDeal(JustifyDealRequest request) {
    return within(round, stub -> stub.justifyDeal(request));
  }

  @Override
  public ConcludeKeyResponse concludeKey(ConcludeKeyRequest request) {
    return within(round, stub -> stub.concludeKey(request));
  }

  @Override
  public ActivateKeyResponse activateKey(ActivateKeyRequest request) {
    return within(round, stub -> stub.activateKey(request));
  }

  private <T> T within(Duration limit, Function<ParticipantServiceBlockingStub, T> call) {
    return OdapErrors.calling(
        () -> call.apply(stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)));
  }
}
