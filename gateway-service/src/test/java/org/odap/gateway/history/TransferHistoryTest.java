package org.odap.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ErrorReason;
import org.odap.gateway.driver.FakeLogService;
import org.odap.gateway.log.FailPoints;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.rpc.OdapException;

/** What is counted of the logs, where some of them went to an archive. */
class TransferHistoryTest {
  private static final String LOG = "0f9a6f5e-0000-8000-8000-000000000001/sender";

  @Test
  @Tag("OURS-8")
  void archivedTransfersAreLeftOutAndKeepNobodyWaiting() throws InterruptedException {
    try (FakeLogService service = new FakeLogService()) {
      service.keepArchived(LOG);
      LogClient logs = new LogClient(service.channel(), new FailPoints(Optional.empty()));
      TransferHistory history = new TransferHistory(logs);
      history.start();
      assertThat(history.awaitComplete(Duration.ofSeconds(10))).isTrue();
      assertThat(history.newestFirst("")).isEmpty();
      history.stop(Duration.ZERO);

      assertThatExceptionOfType(OdapException.class)
          .isThrownBy(() -> logs.read(LOG, 1))
          .satisfies(refused ->
              assertThat(refused.reason()).isEqualTo(ErrorReason.ERROR_REASON_LOG_ARCHIVED));
    }
  }
}
