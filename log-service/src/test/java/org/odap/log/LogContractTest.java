package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.log.v1.LeaseServiceGrpc.LeaseServiceImplBase;
import org.odap.api.log.v1.LogApiServiceGrpc.LogApiServiceImplBase;
import org.odap.api.log.v1.LogStorageServiceGrpc.LogStorageServiceImplBase;
import org.odap.edge.OpenApi;

/**
 * The published contract is that of the schemas; {@code -Dodap.rewrite=true} writes it anew. That a
 * running gateway has the same is for the integration tests.
 */
class LogContractTest {
  private static final Path FILE =
      Path.of(System.getProperty("odap.root", "..")).resolve("docs/openapi/log.json");

  @Test
  @Tag("CARD-4")
  void thePublishedContractIsTheSchemas() throws IOException {
    String contract =
        OpenApi.of(
            "ODAP log",
            Stream.<BindableService>of(
                    new LogStorageServiceImplBase() {},
                    new LogApiServiceImplBase() {},
                    new LeaseServiceImplBase() {})
                .map(BindableService::bindService)
                .toList());
    if (Boolean.getBoolean("odap.rewrite")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, contract);
    }
    assertThat(Files.readString(FILE)).isEqualTo(contract);
  }
}
