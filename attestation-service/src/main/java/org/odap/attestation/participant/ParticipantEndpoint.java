package org.odap.attestation.participant;

import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.odap.api.threshold.v1.ActivateKeyRequest;
import org.odap.api.threshold.v1.ActivateKeyResponse;
import org.odap.api.threshold.v1.ConcludeKeyRequest;
import org.odap.api.threshold.v1.ConcludeKeyResponse;
import org.odap.api.threshold.v1.DealSharesRequest;
import org.odap.api.threshold.v1.DealSharesResponse;
import org.odap.api.threshold.v1.JustifyDealRequest;
import org.odap.api.threshold.v1.JustifyDealResponse;
import org.odap.api.threshold.v1.ParticipantServiceGrpc.ParticipantServiceImplBase;
import org.odap.api.threshold.v1.ReceiveDealsRequest;
import org.odap.api.threshold.v1.ReceiveDealsResponse;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.SignPartiallyResponse;
import org.odap.api.threshold.v1.StoreKeyShareRequest;
import org.odap.api.threshold.v1.StoreKeyShareResponse;
import org.odap.attestation.group.Member;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.OdapException;

/** A participant over gRPC; who may call is the server's caller policy. */
public final class ParticipantEndpoint extends ParticipantServiceImplBase {
  private final Member member;
  private final SigningMetrics metrics;

  public ParticipantEndpoint(Member member, SigningMetrics metrics) {
    this.member = member;
    this.metrics = metrics;
  }

  @Override
  public void storeKeyShare(
      StoreKeyShareRequest request, StreamObserver<StoreKeyShareResponse> observer) {
    Answers.answer(observer, member.storeKeyShare(request));
  }

  @Override
  public void signPartially(
      SignPartiallyRequest request, StreamObserver<SignPartiallyResponse> observer) {
    Answers.answer(observer, counted(() -> member.signPartially(request)));
  }

  private <T> T counted(Supplier<T> signing) {
    try {
      T signature = signing.get();
      metrics.given();
      return signature;
    } catch (OdapException refusal) {
      metrics.refused(refusal.reason());
      throw refusal;
    }
  }

  @Override
  public void dealShares(DealSharesRequest request, StreamObserver<DealSharesResponse> observer) {
    Answers.answer(observer, member.dealShares(request));
  }

  @Override
  public void receiveDeals(
      ReceiveDealsRequest request, StreamObserver<ReceiveDealsResponse> observer) {
    Answers.answer(observer, member.receiveDeals(request));
  }

  @Override
  public void justifyDeal(
      JustifyDealRequest request, StreamObserver<JustifyDealResponse> observer) {
    Answers.answer(observer, member.justifyDeal(request));
  }

  @Override
  public void concludeKey(
      ConcludeKeyRequest request, StreamObserver<ConcludeKeyResponse> observer) {
    Answers.answer(observer, member.concludeKey(request));
  }

  @Override
  public void activateKey(
      ActivateKeyRequest request, StreamObserver<ActivateKeyResponse> observer) {
    Answers.answer(observer, member.activateKey(request));
  }
}
