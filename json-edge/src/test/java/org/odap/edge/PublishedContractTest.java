package org.odap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.client.v1.OperationServiceGrpc.OperationServiceImplBase;
import org.odap.api.client.v1.ResourceServiceGrpc.ResourceServiceImplBase;
import org.odap.api.client.v1.TransferServiceGrpc.TransferServiceImplBase;
import org.odap.api.log.v1.LeaseServiceGrpc.LeaseServiceImplBase;
import org.odap.api.log.v1.LogApiServiceGrpc.LogApiServiceImplBase;
import org.odap.api.log.v1.LogOperationServiceGrpc.LogOperationServiceImplBase;
import org.odap.api.log.v1.LogStorageServiceGrpc.LogStorageServiceImplBase;
import org.odap.api.peer.v1.PeerServiceGrpc.PeerServiceImplBase;
import org.odap.api.resource.v1.OffDltResourceServiceGrpc.OffDltResourceServiceImplBase;

/**
 * The published contracts are those of the schemas; {@code -Dodap.rewrite=true} writes them anew.
 * That running services have the same, and keep them, is for the integration tests.
 */
@Tag("CARD-4")
class PublishedContractTest {
  /**
   * A published contract.
   *
   * @param name of its file
   */
  record Contract(String name, String title, List<BindableService> services) {
    private Path file() {
      return Path.of(System.getProperty("odap.root", ".."))
          .resolve("docs/openapi")
          .resolve(name + ".json");
    }

    private String text() {
      return OpenApi.of(title, services.stream().map(BindableService::bindService).toList());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Contract> contracts() {
    return Stream.of(
        new Contract(
            "gateway",
            "ODAP gateway",
            List.of(
                new TransferServiceImplBase() {},
                new ResourceServiceImplBase() {},
                new OperationServiceImplBase() {},
                new PeerServiceImplBase() {})),
        new Contract(
            "log",
            "ODAP log",
            List.of(
                new LogStorageServiceImplBase() {},
                new LogApiServiceImplBase() {},
                new LeaseServiceImplBase() {},
                new LogOperationServiceImplBase() {})),
        new Contract(
            "resource", "ODAP resources", List.of(new OffDltResourceServiceImplBase() {})));
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void aPublishedContractIsThatOfTheSchemas(Contract contract) throws IOException {
    if (Boolean.getBoolean("odap.rewrite")) {
      Files.writeString(contract.file(), contract.text());
    }
    assertThat(Files.readString(contract.file())).isEqualTo(contract.text());
  }
}
