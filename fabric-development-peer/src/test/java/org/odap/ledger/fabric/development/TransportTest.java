package org.odap.ledger.fabric.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.odap.ledger.fabric.development.NetworkUnderTest.client;

import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.TlsChannelCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may connect, and whose files are whose. */
class TransportTest {
  @Test
  void clientsWithoutACertificateAreNotServedWhereOneIsWanted(@TempDir Path folder)
      throws Exception {
    try (NetworkUnderTest network =
        NetworkUnderTest.start(folder, DevelopmentPeerConfig::withClientCertificates, "AlphaMSP")) {
      EnrolledIdentity user = network.enroll("AlphaMSP");
      ManagedChannel bare =
          network.channel(
              TlsChannelCredentials.newBuilder()
                  .trustManager(user.tlsAuthorities().toFile())
                  .build());
      try (Gateway shown = network.connect(user);
          Gateway hidden = client(bare, "AlphaMSP", user).connect()) {
        network.contract(shown).evaluateTransaction("get", "a");
        GatewayException e =
            catchThrowableOfType(
                GatewayException.class,
                () -> network.contract(hidden).evaluateTransaction("get", "a"));
        assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
      }
    }
  }

  @Test
  void privateKeysAreTheirOwnersOnly(@TempDir Path folder) throws Exception {
    DevelopmentNetwork network = DevelopmentNetwork.create(folder, "AlphaMSP");
    EnrolledIdentity user = network.enrollAdmin("AlphaMSP", "admin");

    for (Path key : new Path[] {user.key(), user.tlsKey(), folder.resolve("AlphaMSP/ca/key.pem")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
    }
    assertThat(Files.exists(user.folder().resolve("msp/cacerts/ca.pem"))).isTrue();
  }
}
