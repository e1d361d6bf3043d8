package org.odap.gateway.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.session.Role;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.gateway.GatewayConfig.TrackerConfig;
import org.odap.gateway.driver.Admission;
import org.odap.gateway.driver.FakeLogService;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.SampleOrder;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.log.FailPoints;
import org.odap.gateway.log.LogClient;
import org.odap.gateway.tracker.FakeTracker.Mode;
import org.odap.gateway.tracker.FakeTracker.Post;

/**
 * Steps reach a tracker over HTTPS in order and none is lost, whatever the tracker and the gateway
 * go through.
 */
@Tag("ODAP-9")
@Timeout(60)
class TrackerTest {
  private static final String SECRET = "a secret that both sides know";

  @TempDir private Path folder;
  private final FakeLogService service = new FakeLogService();
  private final String session = SampleOrder.newSession();
  private final String logId = Role.SENDER.logId(session);
  private final GatewaySelf self = new GatewaySelf(SampleOrder.SENDER, SampleOrder.SIGNER);
  private final String progress = PositionLog.id(self, logId);
  private volatile Duration patience = Duration.ofHours(24);
  private volatile long postingAgainAt;
  private FakeTracker server;
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    server = FakeTracker.start(folder);
    replica = new Replica("replica-1");
  }

  @AfterEach
  void stop() {
    replica.tracker.stop(Duration.ZERO);
    server.close();
    service.close();
  }

  @Test
  void everyStepIsPostedInOrderAndSigned() throws Exception {
    replica.begin("Always");
    List<LogEntry> entries = replica.end();
    awaitClosed();

    List<Post> posts = server.posts();
    assertThat(posts.stream().map(Post::index).distinct()).isEqualTo(numbers(entries.size()));
    for (Post post : posts) {
      assertThat(post.header("X-Odap-Signature"))
          .isEqualTo(
              "v1="
                  + Trackers.signature(
                      new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"),
                      post.header("X-Odap-Timestamp"),
                      post.body().getBytes(StandardCharsets.UTF_8)));
      assertThat(post.header("Idempotency-Key")).isEqualTo(logId + "#" + post.index());
      JsonNode json = new ObjectMapper().readTree(post.body());
      assertThat(json.get("log_entry_hash").asText())
          .isEqualTo(entries.get(post.index() - 1).getLogEntryHash());
      assertThat(post.body())
          .doesNotContain("alice")
          .doesNotContain("bob")
          .doesNotContain("titles");
    }
  }

  @Test
  void ofAShortTrackingTheEndsArePosted() {
    replica.begin("Ends");
    int last = replica.end().size();
    awaitClosed();

    assertThat(server.posts().stream().map(Post::index).distinct()).containsExactly(1, last);
  }

  @Test
  void aTrackerThatFailsHangsOrRedirectsIsAskedAgain() {
    for (Mode mode : List.of(Mode.FAIL, Mode.REDIRECT, Mode.HANG)) {
      server.mode(mode);
      if (mode == Mode.FAIL) {
        replica.begin("Always");
      }
      int seen = server.attempts();
      await(() -> server.attempts() >= seen + 2);
      assertThat(server.posts()).isEmpty();
    }
    assertThat(server.redirected()).as("followed to another place").isZero();
    server.mode(Mode.WORK);
    int last = replica.end().size();
    awaitClosed();

    assertThat(server.posts().stream().map(Post::index).distinct()).isEqualTo(numbers(last));
  }

  @Test
  void aTrackerThatIsDownAndComesBackMissesNothing() throws Exception {
    replica.begin("Always");
    await(() -> server.posts().size() == 2);
    server.down();
    int last = replica.end().size();
    await(() -> replica.metrics.counter("odap.gateway.tracker.failed").count() >= 2);
    assertThat(replica.metrics.get("odap.gateway.tracker.backlog").gauge().value()).isPositive();

    server.up();
    awaitClosed();
    assertThat(server.posts().stream().map(Post::index).distinct()).isEqualTo(numbers(last));
  }

  /** The first replica stops without a word, as one that is killed; the other claims its logs. */
  @Test
  void whoeverTakesTheLogsOverPostsTheRest() throws Exception {
    server.mode(Mode.FAIL);
    replica.begin("Always");
    int last = replica.end().size();
    int seen = server.attempts();
    await(() -> server.attempts() > seen);
    replica.tracker.stop(Duration.ZERO);
    service.endLease(replica.epoch);

    server.mode(Mode.WORK);
    Replica heir = new Replica("replica-2");
    List<String> claimed = heir.keeper.claim(heir.epoch);
    assertThat(claimed).contains(progress);
    heir.tracker.claimed(progress);
    awaitClosed();

    assertThat(server.posts().stream().map(Post::index).distinct()).isEqualTo(numbers(last));
    heir.tracker.stop(Duration.ZERO);
  }

  /** Its answers say that it won't take the entry, not that it can't. */
  @Test
  void aTrackerThatRefusesForLongIsGivenUpUntilItIsOrderedAgain() throws Exception {
    patience = Duration.ofMillis(300);
    replica.tracker.stop(Duration.ZERO);
    replica = new Replica("replica-2");
    server.fail(403);
    replica.begin("Always");
    await(() -> !replica.tracker.givenUp().isEmpty());

    assertThat(replica.tracker.givenUp())
        .singleElement()
        .satisfies(given -> {
          assertThat(given.getTransferId()).isEqualTo(session);
          assertThat(given.getRole()).isEqualTo("sender");
          assertThat(given.getTracker() + "/updates").isEqualTo(server.url());
          assertThat(given.getPosted()).isZero();
          assertThat(given.getStatus()).isEqualTo(403);
        });
    assertThat(replica.metrics.get("odap.gateway.tracker.given.up").gauge().value()).isEqualTo(1);
    assertThat(server.attempts()).as("refusals are not the end at once").isGreaterThan(1);

    int last = replica.end().size();
    int seen = server.attempts();
    replica.tracker.stop(Duration.ZERO);
    service.endLease(replica.epoch);
    server.mode(Mode.WORK);
    Replica heir = new Replica("replica-3");
    assertThat(heir.keeper.claim(heir.epoch)).contains(progress);
    heir.tracker.claimed(progress);
    assertThat(heir.tracker.givenUp()).as("whoever takes over").hasSize(1);

    postingAgainAt = heir.tracker.givenUp().getFirst().getGivenUpAt() - 1;
    heir.tracker.changed(replica.transfer);
    assertThat(server.attempts()).as("posts after it was given up").isEqualTo(seen);

    postingAgainAt = System.currentTimeMillis() + 1;
    awaitClosed();
    assertThat(server.posts().stream().map(Post::index)).isEqualTo(numbers(last));
    assertThat(heir.tracker.givenUp()).isEmpty();
    heir.tracker.stop(Duration.ZERO);
  }

  @Test
  void aTrackerThatIsGoneIsNotAskedTwice() {
    server.fail(410);
    replica.begin("Always");
    await(() -> !replica.tracker.givenUp().isEmpty());

    assertThat(server.attempts()).isEqualTo(1);
  }

  @Test
  void onlyRefusalsEndInGivingUp() throws Exception {
    patience = Duration.ZERO;
    replica.tracker.stop(Duration.ZERO);
    replica = new Replica("replica-2");
    server.fail(503);
    replica.begin("Always");
    // Pauses grow with each attempt: few of each.
    for (int status : List.of(408, 425, 429, 307, 500)) {
      server.fail(status);
      int seen = server.attempts();
      await(() -> server.attempts() > seen);
    }
    assertThat(replica.tracker.givenUp()).isEmpty();
    server.mode(Mode.WORK);
    int last = replica.end().size();
    awaitClosed();
    assertThat(server.posts().stream().map(Post::index)).isEqualTo(numbers(last));
  }

  @Test
  void onlyConfiguredHostsOverHttpsArePostedTo() throws Exception {
    Trackers trackers = trackers();
    var allowed = trackers.allowed().orElseThrow();
    String origin = server.url().replace("/updates", "");
    assertThat(allowed.test(origin + "/updates?tenant=1")).isTrue();
    assertThat(
            List.of(
                origin.replace("https", "http"),
                "https://localhost.evil.example/updates",
                "https://user@" + origin.substring("https://".length()),
                origin.replace("localhost", "127.0.0.1"),
                "https://169.254.169.254/latest/meta-data",
                "file:///etc/passwd",
                "https://localhost:1/updates",
                "not a url",
                ""))
        .noneMatch(allowed);
    assertThat(new Trackers(List.of(), Clock.systemUTC()).allowed()).isEmpty();
  }

  private Trackers trackers() throws Exception {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, SECRET + "\n");
    return new Trackers(
        List.of(
            new TrackerConfig(
                server.url().replace("/updates", ""),
                secret,
                Optional.of(server.authority()),
                Duration.ofMillis(500),
                patience)),
        Clock.systemUTC());
  }

  private void awaitClosed() {
    await(() -> service.isClosed(progress));
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static List<Integer> numbers(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  /** A replica that runs one transfer by hand. */
  private final class Replica {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final LogClient logs =
        new LogClient(service.channel(), new FailPoints(Optional.empty()));
    private final LeaseKeeper keeper;
    private final long epoch;
    private final Tracker tracker;
    private Transfer transfer = Transfer.unopened(Role.SENDER, SampleOrder.frame(session));

    Replica(String holder) throws Exception {
      keeper = new LeaseKeeper(service.channel(), holder, Duration.ofSeconds(30));
      epoch = keeper.acquire();
      tracker =
          new Tracker(
              Admission.OPEN,
              self,
              logs,
              () -> epoch,
              trackers(),
              id -> id.equals(session) ? postingAgainAt : 0,
              new TrackerMetrics(metrics),
              Clock.systemUTC());
      tracker.start();
    }

    void begin(String policy) {
      Input.Order order = SampleOrder.order();
      InitializationRequest.Builder terms = order.terms().toBuilder();
      terms
          .getEnvelopeBuilder()
          .setApplicationProfile(
              ApplicationProfile.newBuilder()
                  .setApplicationName("TRACKER")
                  .putParameters("X-Tracker_URL", server.url())
                  .putParameters("X-Tracking-Policy", policy));
      assertThat(
              tracker.admit(
                  new Admission.Candidate(
                      Role.SENDER, session, SampleOrder.RECIPIENT, terms.build()),
                  System.currentTimeMillis()))
          .isEmpty();
      take(new Input.Order(order.order(), terms.build()));
    }

    List<LogEntry> end() {
      take(new Input.Stalled(ErrorReason.ERROR_REASON_PEER_UNREACHABLE, "silence"));
      return transfer.entries();
    }

    private void take(Input input) {
      Step step =
          TransferMachine.decide(
              transfer, input, SampleOrder.setting(), System.currentTimeMillis());
      Step.Accepted accepted = (Step.Accepted) step;
      transfer = accepted.transfer();
      logs.append(logId, epoch, accepted.entries(), transfer.state().ended());
      tracker.changed(transfer);
    }
  }
}
