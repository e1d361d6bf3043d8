package org.odap.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.client.v1.OperationServiceGrpc.OperationServiceImplBase;
import org.odap.api.client.v1.ResourceServiceGrpc.ResourceServiceImplBase;
import org.odap.api.client.v1.TransferServiceGrpc.TransferServiceImplBase;
import org.odap.api.peer.v1.PeerServiceGrpc.PeerServiceImplBase;
import org.odap.edge.OpenApi;

/**
 * The published contract is that of the schemas; {@code -Dodap.rewrite=true} writes it anew. That a
 * running gateway has the same is for the integration tests.
 */
class GatewayContractTest {
  private static final Path FILE =
      Path.of(System.getProperty("odap.root", "..")).resolve("docs/openapi/gateway.json");

  @Test
  @Tag("CARD-4")
  void thePublishedContractIsTheSchemas() throws IOException {
    String contract =
        OpenApi.of(
            "ODAP gateway",
            Stream.<BindableService>of(
                    new TransferServiceImplBase() {},
                    new ResourceServiceImplBase() {},
                    new OperationServiceImplBase() {},
                    new PeerServiceImplBase() {})
                .map(BindableService::bindService)
                .toList());
    if (Boolean.getBoolean("odap.rewrite")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, contract);
    }
    assertThat(Files.readString(FILE)).isEqualTo(contract);
  }
}
