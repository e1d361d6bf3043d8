package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_REFUSED;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.DescribeGatewayRequest;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.DescribeRequest;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.log.v1.ListLogsRequest;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.peer.v1.InitiateTransferRequest;
import org.odap.api.peer.v1.PeerServiceGrpc;
import org.odap.it.system.Client;
import org.odap.it.system.Organization;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/** Nobody is served whose certificate is not known for what it asks (CARD-3, ODAP 5.6). */
@ExtendWith(SharedSystem.class)
class StrangersTest {
  @Test
  @Tag("CARD-3")
  @Tag("ODAP-5")
  void gatewayThatTrustsNobodyIsNoPeer(StorySystem system) {
    system.startAll(List.of("log-gamma", "gateway-gamma"));
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey
        .order()
        .setRecipientGateway(system.gamma().gateway().identity())
        .setRecipientDltSystem("sql-gamma");
    journey.begin();

    Journey.assertFailed(
        journey.senderEnd(),
        TRANSFER_OUTCOME_REFUSED,
        ErrorReason.ERROR_REASON_PEER_UNREACHABLE,
        system.gamma().gateway().identity(),
        "certificate",
        "order it again");
    journey.assertNothingMoved();
  }

  @Test
  @Tag("CARD-3")
  void clientNobodyNamedIsNotServed(StorySystem system) {
    TlsFiles intern = system.alpha().certificate("odapclient", "intern", List.of());

    assertThat(describing(system.alpha(), intern))
        .isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  @Test
  @Tag("CARD-3")
  @Tag("ODAP-5")
  void clientWithoutCertificateDoesNotEvenConnect(StorySystem system) throws SSLException {
    Organization alpha = system.alpha();
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(alpha.gateway().address())
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(alpha.entity().certificate().toFile())
                    .build())
            .build();
    try {
      OdapException refusal = describing(channel);
      assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
      assertThat(refusal.description()).containsIgnoringCase("certificate");
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  @Tag("CARD-3")
  void clientOfThePeerIsNotServed(StorySystem system) {
    TlsFiles foreign =
        system.beta().certificate("odapclient", "visitor", List.of(system.alpha().entity()));

    assertThat(describing(system.alpha(), foreign))
        .isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  @Test
  @Tag("CARD-3")
  void clientOfAnUnknownOrganizationDoesNotEvenConnect(StorySystem system) {
    TlsFiles stranger =
        system.gamma().certificate("odapclient", "visitor", List.of(system.beta().entity()));

    assertThat(describing(system.beta(), stranger)).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  @Test
  @Tag("CARD-3")
  void clientMayNotSpeakAsAGateway(StorySystem system) {
    var peers =
        PeerServiceGrpc.newBlockingStub(system.alpha().channel(system.alpha().gateway()))
            .withDeadlineAfter(20, TimeUnit.SECONDS);

    assertThat(
            Client.reason(
                () -> peers.initiateTransfer(InitiateTransferRequest.getDefaultInstance())))
        .isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
  }

  @Test
  @Tag("CARD-3")
  @Tag("ARCH-7")
  void logAndLedgerServeTheirOwnGatewayOnly(StorySystem system) {
    Organization alpha = system.alpha();
    TlsFiles foreign = system.beta().certificate("odapgw", "gateway-2", List.of(alpha.entity()));
    ManagedChannel log = channel(alpha.log(), foreign);
    ManagedChannel ledger = channel(alpha.ledger(Journey.FROM), foreign);
    try {
      assertThat(
              Client.reason(() ->
                  LogStorageServiceGrpc.newBlockingStub(log)
                      .listLogs(ListLogsRequest.getDefaultInstance())
                      .next()))
          .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
      assertThat(
              Client.reason(() ->
                  LedgerServiceGrpc.newBlockingStub(ledger)
                      .describe(DescribeRequest.getDefaultInstance())))
          .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    } finally {
      log.shutdownNow();
      ledger.shutdownNow();
    }
  }

  private static ErrorReason describing(Organization whose, TlsFiles caller) {
    ManagedChannel channel = channel(whose.gateway(), caller);
    try {
      return describing(channel).reason();
    } finally {
      channel.shutdownNow();
    }
  }

  private static OdapException describing(Channel channel) {
    return Client.refusal(() ->
        TransferServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .describeGateway(DescribeGatewayRequest.getDefaultInstance()));
  }

  private static ManagedChannel channel(RpcTarget target, TlsFiles caller) {
    return RpcChannels.channel(target, TlsMaterial.load(caller));
  }
}
