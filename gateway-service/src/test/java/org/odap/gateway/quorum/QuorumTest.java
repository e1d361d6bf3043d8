package org.odap.gateway.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.threshold.v1.CollectSignatureRequest;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.QuorumServiceGrpc;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.core.envelope.Base64Url;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.quorum.Statements;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.gateway.GatewayConfig.QuorumConfig;
import org.odap.gateway.GatewayConfig.QuorumKeyConfig;
import org.odap.gateway.driver.SampleOrder;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcTarget;
import org.odap.threshold.GroupKey;
import org.odap.threshold.Polynomial;

/** What this gateway claims, vouched for by its ledger's participants where the other side asks. */
@Tag("IT-3")
class QuorumTest {
  private static final String LEDGER = "sql-alpha";

  private final Polynomial polynomial = Polynomial.random(2, new SecureRandom());
  private final Participants participants = new Participants();
  private Server server;
  private ManagedChannel channel;
  private Quorum quorum;

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(participants)
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    quorum =
        new Quorum(
            new QuorumConfig(
                new RpcTarget("localhost:1", "odapatt://alpha.example/quorum"),
                Optional.of("group-1"),
                Duration.ofSeconds(5)),
            channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void aLockIsVouchedForWhereThatIsTheFormatAgreed() {
    Session session = session(Role.SENDER, Statements.FORMAT);
    LedgerClaim vouched = quorum.vouched(session, claim(LedgerStep.LEDGER_STEP_LOCK)).claim();

    QuorumKeys known =
        new QuorumKeys(
            List.of(new QuorumKeyConfig(LEDGER, Base64Url.encode(polynomial.publicKey().bytes()))),
            List.of());
    assertThat(known.fault(session, vouched)).isEmpty();
    assertThat(participants.asked).hasSize(1);
    assertThat(participants.asked.getFirst().getKeyId()).isEqualTo("group-1");
  }

  @Test
  void inAnotherFormatTheLedgerSpeaksForItself() {
    LedgerClaim lock = claim(LedgerStep.LEDGER_STEP_LOCK);
    assertThat(quorum.vouched(session(Role.SENDER, "urn:receipt"), lock).claim()).isEqualTo(lock);
    assertThat(participants.asked).isEmpty();
  }

  @Test
  void whatTheRecipientCreatesIsVouchedForInAnyCase() {
    LedgerClaim created = claim(LedgerStep.LEDGER_STEP_CREATE);
    assertThat(
            quorum
                .vouched(session(Role.RECIPIENT, "urn:receipt"), created)
                .claim()
                .getProofFormat())
        .isEqualTo(Statements.FORMAT);
  }

  @Test
  void stepsThatNobodyIsToldOfNeedNoSignature() {
    LedgerClaim location = claim(LedgerStep.LEDGER_STEP_RECORD_LOCATION);
    assertThat(quorum.vouched(session(Role.SENDER, Statements.FORMAT), location).claim())
        .isEqualTo(location);
  }

  @Test
  void withoutEnoughParticipantsThereIsNoClaim() {
    participants.refuse = true;
    Session session = session(Role.SENDER, Statements.FORMAT);
    assertThatThrownBy(() -> quorum.vouched(session, claim(LedgerStep.LEDGER_STEP_LOCK)))
        .isInstanceOfSatisfying(
            OdapException.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET));
  }

  private static LedgerClaim claim(LedgerStep step) {
    return LedgerClaim.newBuilder()
        .setDltSystem(LEDGER)
        .setTransferId("7c0e7a3c-7c3f-4f5b-9c59-1d1b3d3d3d3d")
        .setStep(step)
        .setTransactionId("tx-1")
        .build();
  }

  private static Session session(Role role, String format) {
    String id = SampleOrder.newSession();
    InitializationRequest proposal =
        SampleOrder.order().terms().toBuilder()
            .setEnvelope(Envelope.newBuilder().setSessionId(id).setSequenceNumber(1))
            .build();
    OdapMessage proposed = OdapMessage.sign(proposal, SampleOrder.SIGNER);
    OdapMessage agreed =
        OdapMessage.sign(
            InitializationResponse.newBuilder()
                .setEnvelope(Envelope.newBuilder().setSessionId(id).setSequenceNumber(1))
                .setLockClaimFormat(format)
                .build(),
            SampleOrder.SIGNER);
    Session unopened = Session.unopened(role, SampleOrder.frame(id));
    return role == Role.SENDER
        ? unopened.withSent(proposed).withReceived(agreed)
        : unopened.withReceived(proposed).withSent(agreed);
  }

  /** Three participants that believe whatever they are asked. */
  private final class Participants extends QuorumServiceGrpc.QuorumServiceImplBase {
    private final List<CollectSignatureRequest> asked = new ArrayList<>();
    private boolean refuse;

    @Override
    public void collectSignature(
        CollectSignatureRequest request, StreamObserver<CollectSignatureResponse> caller) {
      asked.add(request);
      if (refuse) {
        caller.onError(
            OdapErrors.toGrpc(
                new OdapException(ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET, "1 of 2 signed")));
        return;
      }
      byte[] statement = Statements.bytes(request.getStatement());
      try {
        GroupKey group = GroupKey.of(polynomial.publicKey(), polynomial.commitments(), 3);
        byte[] signature =
            group
                .combine(
                    statement,
                    List.of(
                        polynomial.share(1).sign(statement), polynomial.share(2).sign(statement)))
                .signature()
                .orElseThrow()
                .bytes();
        caller.onNext(
            CollectSignatureResponse.newBuilder()
                .setSignature(
                    QuorumSignature.newBuilder()
                        .setKeyId(request.getKeyId())
                        .setPublicKey(Base64Url.encode(polynomial.publicKey().bytes()))
                        .setHashTx(request.getStatement().getHashTx())
                        .setSignature(Base64Url.encode(signature)))
                .build());
        caller.onCompleted();
      } catch (Exception e) {
        caller.onError(e);
      }
    }
  }
}
