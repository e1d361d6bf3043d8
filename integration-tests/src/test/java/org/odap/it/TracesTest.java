package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.it.system.TraceCollector.Told;

/** One transfer is one trace, of all services of both sides. */
@Tag("CARD-6")
@ExtendWith(SharedSystem.class)
class TracesTest {
  private static final String STRANGERS_TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Set<String> TOLD =
      Set.of(
          "rpc.system.name",
          "rpc.method",
          "rpc.response.status_code",
          "error.type",
          "odap.transfer.id",
          "odap.transfer.outcome");

  @Test
  void transferIsOneTreeOfAllServicesOfBothSides(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();
    journey.assertUnitsArrived();

    List<Told> spans = system.traces().await(journey.id(), TracesTest::isWhole);
    assertThat(spans).extracting(Told::traceId).containsOnly(spans.getFirst().traceId());
    assertThat(spans)
        .extracting(Told::service)
        .contains(
            "odap-gateway of alpha.example",
            "odap-log of alpha.example",
            "odap-ledger-sql of alpha.example",
            "odap-gateway of beta.example",
            "odap-log of beta.example",
            "odap-ledger-sql of beta.example");
    assertThat(spans.stream().filter(told -> told.parent().isEmpty()))
        .as("the first span")
        .singleElement()
        .satisfies(root -> assertThat(root.span().getName()).isEqualTo("transfer"));
    Set<String> ids = spans.stream().map(Told::id).collect(Collectors.toSet());
    assertThat(spans.stream().filter(told -> !told.parent().isEmpty()))
        .as("each other span has a parent in this trace")
        .allMatch(told -> ids.contains(told.parent()), "orphans: " + orphans(spans, ids));
    assertThat(spans)
        .extracting(told -> told.span().getName())
        .contains(
            "odap.client.v1.TransferService/StartTransfer",
            "odap.peer.v1.PeerService/PrepareCommit",
            "odap.ledger.v1.LedgerService/FinalizeLock",
            "odap.ledger.v1.LedgerService/CreateFromTransfer");
    assertThat(
            parentOf(
                spans, "odap-gateway of beta.example", "odap.peer.v1.PeerService/PrepareCommit"))
        .isEqualTo("odap-gateway of alpha.example");
    assertThat(
            parentOf(
                spans,
                "odap-log of beta.example",
                "odap.log.v1.LogStorageService/StreamLogEntries"))
        .isEqualTo("odap-gateway of beta.example");
    assertThat(spans.stream().flatMap(told -> told.span().getAttributesList().stream()))
        .extracting(KeyValue::getKey)
        .isSubsetOf(TOLD);
  }

  @Test
  void gatewayThatWasKilledGoesOnInTheSameTrace(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    system.kill("gateway-alpha");
    Instant killed = Instant.now();
    system.thaw("sql-alpha");
    system.start("gateway-alpha");
    journey.assertUnitsArrived();

    // What the gateway had not sent yet died with it.
    List<Told> spans = system.traces().await(journey.id(), TracesTest::isEnded);
    assertThat(spans).extracting(Told::traceId).containsOnly(spans.getFirst().traceId());
    long border = TimeUnit.SECONDS.toNanos(killed.getEpochSecond()) + killed.getNano();
    assertThat(
            spans.stream().filter(told -> told.service().equals("odap-gateway of alpha.example")))
        .anyMatch(told -> told.span().getStartTimeUnixNano() < border)
        .anyMatch(told ->
            told.span().getStartTimeUnixNano() > border
                && told.span().getName().endsWith("/CompleteTransfer"));
  }

  @Test
  void traceOfAClientIsLinkedAndNotFollowed(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-" + STRANGERS_TRACE + "-b7ad6b7169203331-01");
    journey.begun(
        journey
            .alpha()
            .gateway()
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .startTransfer(journey.order().build())
            .getTransfer()
            .getTransferId());
    journey.assertUnitsArrived();

    List<Told> spans = system.traces().await(journey.id(), TracesTest::isWhole);
    assertThat(spans).extracting(Told::traceId).doesNotContain(STRANGERS_TRACE);
    Span started =
        spans.stream()
            .map(Told::span)
            .filter(span -> span.getName().endsWith("/StartTransfer"))
            .findFirst()
            .orElseThrow();
    assertThat(started.getLinksList())
        .singleElement()
        .satisfies(link ->
            assertThat(HexFormat.of().formatHex(link.getTraceId().toByteArray()))
                .isEqualTo(STRANGERS_TRACE));
  }

  private static boolean isEnded(List<Told> spans) {
    return spans.stream().anyMatch(told -> told.span().getName().equals("transfer"));
  }

  /** The sender's gateway told how it ended, and the recipient's of the last message. */
  private static boolean isWhole(List<Told> spans) {
    Set<String> ids = spans.stream().map(Told::id).collect(Collectors.toSet());
    return isEnded(spans)
        && spans.stream().anyMatch(told -> told.service().endsWith("log of beta.example"))
        && orphans(spans, ids).isEmpty();
  }

  private static List<String> orphans(List<Told> spans, Set<String> ids) {
    return spans.stream()
        .filter(told -> !told.parent().isEmpty() && !ids.contains(told.parent()))
        .map(told -> told.service() + ": " + told.span().getName())
        .toList();
  }

  /** Which service told the span above this one. */
  private static String parentOf(List<Told> spans, String service, String name) {
    Told child =
        spans.stream()
            .filter(told -> told.service().equals(service) && told.span().getName().equals(name))
            .filter(told -> told.span().getKind() == Span.SpanKind.SPAN_KIND_SERVER)
            .findFirst()
            .orElseThrow();
    return spans.stream()
        .filter(told -> told.id().equals(child.parent()))
        .map(Told::service)
        .findFirst()
        .orElse("nobody");
  }
}
