package org.odap.runtime.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is known of the transfer that a thread works for. */
@Tag("CARD-6")
class WorkTest {
  private static final String TRANSFER = "0195e3f0-aaaa-8000-8000-000000000001";
  // printf 'odap trace %s' 0195e3f0-aaaa-8000-8000-000000000001 | sha256sum
  private static final String DIGEST_BEGINS = "158852f48886b6987efa76ab9391c11a9a3f570feebd2ce2";

  @Test
  void traceFollowsFromTheTransferWhoeverWorksForIt() {
    AtomicReference<Map<String, String>> fields = new AtomicReference<>();
    Tracing.OFF.work(TRANSFER).run(() -> fields.set(Work.current().orElseThrow().logFields()));
    assertThat(fields.get())
        .containsEntry("transfer", TRANSFER)
        .containsEntry("trace_id", DIGEST_BEGINS.substring(0, 32))
        .containsEntry("span_id", DIGEST_BEGINS.substring(32, 48));
    assertThat(Work.current()).isEmpty();
  }

  @Test
  void nothingIsBegunWhileTracingIsOff() {
    assertThat(Tracing.OFF.work(TRANSFER).call("odap.peer.v1.PeerService/PrepareCommit")).isEmpty();
    assertThat(Tracing.OFF.answering("any", "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01"))
        .isEmpty();
  }

  @Test
  void traceparentIsWhatW3cSaysOrNothing() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    assertThat(TraceParent.parse("00-" + trace + "-b7ad6b7169203331-01"))
        .hasValueSatisfying(span -> {
          assertThat(span.getTraceId()).isEqualTo(trace);
          assertThat(span.isRemote()).isTrue();
          assertThat(TraceParent.format(span)).isEqualTo("00-" + trace + "-b7ad6b7169203331-01");
        });
    for (String wrong :
        new String[] {
          "",
          "01-" + trace + "-b7ad6b7169203331-01",
          "00-" + trace.toUpperCase(java.util.Locale.ROOT) + "-b7ad6b7169203331-01",
          "00-" + "0".repeat(32) + "-b7ad6b7169203331-01",
          "00-" + trace + "-" + "0".repeat(16) + "-01",
          "00-" + trace + "-b7ad6b7169203331-01-more",
          "x".repeat(100_000)
        }) {
      assertThat(TraceParent.parse(wrong)).as(wrong).isEqualTo(Optional.empty());
    }
  }
}
