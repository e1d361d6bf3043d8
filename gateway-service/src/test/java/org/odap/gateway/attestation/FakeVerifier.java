package org.odap.gateway.attestation;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.odap.api.attestation.v1.AppraiseQuoteRequest;
import org.odap.api.attestation.v1.AppraiseQuoteResponse;
import org.odap.api.attestation.v1.AttestationServiceGrpc.AttestationServiceImplBase;
import org.odap.api.attestation.v1.CreateChallengeRequest;
import org.odap.api.attestation.v1.CreateChallengeResponse;
import org.odap.api.attestation.v1.MakeCredentialRequest;
import org.odap.api.attestation.v1.MakeCredentialResponse;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * A verifier that affirms every machine, unless it is told otherwise.
 *
 * <p>Mutable: what it answers, how often it was asked.
 */
final class FakeVerifier extends AttestationServiceImplBase implements AutoCloseable {
  static final ByteString NONCE = ByteString.copyFromUtf8("nonce-nonce-nonce-nonce-nonce-32");
  static final ByteString SECRET = ByteString.copyFromUtf8("secret");
  static final List<Integer> PCRS = List.of(0, 4, 7);

  private final Server server;
  private final ManagedChannel channel;
  private final AtomicInteger challenges = new AtomicInteger();
  private volatile CreateChallengeRequest asked = CreateChallengeRequest.getDefaultInstance();
  private volatile AppraiseQuoteRequest appraised = AppraiseQuoteRequest.getDefaultInstance();
  private volatile UnaryOperator<String> said = token -> token;
  private volatile Optional<OdapException> refusal = Optional.empty();
  private volatile boolean keyKnown;
  private volatile long now;
  private volatile long validity = 60_000;

  FakeVerifier() {
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(this)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  ManagedChannel channel() {
    return channel;
  }

  /** How often a machine was to be attested. */
  int challenges() {
    return challenges.get();
  }

  AppraiseQuoteRequest appraised() {
    return appraised;
  }

  /** Affirms from now on until so much later. */
  void affirms(long start, long millis) {
    now = start;
    validity = millis;
  }

  /** Says something else in place of its result. */
  void says(UnaryOperator<String> other) {
    said = other;
  }

  void refuses(ErrorReason reason, String description) {
    refusal = Optional.of(new OdapException(reason, description));
  }

  void knowsKey() {
    keyKnown = true;
  }

  @Override
  public void createChallenge(
      CreateChallengeRequest request, StreamObserver<CreateChallengeResponse> observer) {
    challenges.incrementAndGet();
    asked = request;
    observer.onNext(
        CreateChallengeResponse.newBuilder().setNonce(NONCE).addAllPcrSelection(PCRS).build());
    observer.onCompleted();
  }

  @Override
  public void makeCredential(
      MakeCredentialRequest request, StreamObserver<MakeCredentialResponse> observer) {
    observer.onNext(
        keyKnown
            ? MakeCredentialResponse.newBuilder().setKeyKnown(true).build()
            : MakeCredentialResponse.newBuilder()
                .setCredentialBlob(ByteString.copyFromUtf8("blob"))
                .setEncryptedSecret(ByteString.copyFromUtf8("encrypted"))
                .build());
    observer.onCompleted();
  }

  @Override
  public void appraiseQuote(
      AppraiseQuoteRequest request, StreamObserver<AppraiseQuoteResponse> observer) {
    appraised = request;
    if (refusal.isPresent()) {
      observer.onError(OdapErrors.toGrpc(refusal.get()));
      return;
    }
    observer.onNext(
        AppraiseQuoteResponse.newBuilder()
            .setAttestationResult(said.apply(token(asked.getGateway(), asked.getSessionId())))
            .build());
    observer.onCompleted();
  }

  /** A result about the key that was last asked about. */
  String token(String gateway, String session) {
    return ResultToken.sign(
        new AttestationResult(
            "odapattestation://alpha.example/verifier",
            gateway,
            session,
            ResultToken.keyHash(asked.getTlsPubkey()),
            "bm9uY2U",
            now,
            now + validity,
            Map.of("hardware", 2),
            "policy",
            "aa",
            "bb",
            1,
            1),
        List.of(),
        "test",
        bytes -> "c2lnbmVk");
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
