package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.GetOperationsRequest;
import org.odap.api.client.v1.Operations;
import org.odap.api.client.v1.PostAgainRequest;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.it.system.TrackerServer.Mode;
import org.odap.it.system.TrackerServer.Post;

/**
 * Every step of a tracked transfer reaches its tracker once (ODAP 5.8), also when gateways are
 * killed between logging a step and posting it; twice only when one is killed between the tracker's
 * answer and its own note of it.
 */
@Tag("ODAP-9")
@ExtendWith(SharedSystem.class)
class TrackedTransferTest {
  private static final String BACKUP = "backup-1-alpha";

  private boolean hasBackup;

  @AfterEach
  void endBackup(StorySystem system) {
    if (hasBackup) {
      system.end(BACKUP);
    }
  }

  @Test
  void stepsLoggedBeforeACrashArePostedAfterItOnce(StorySystem system) {
    String path = path();
    system.tracker().mode(path, Mode.FAILS);
    Journey journey = tracked(system, path).begin();
    int last = last(journey);
    assertThat(system.tracker().posts(sender(journey))).isEmpty();

    system.kill("gateway-alpha");
    system.tracker().mode(path, Mode.TAKES);
    system.start("gateway-alpha");

    assertPostedOnce(system, journey, last);
  }

  @Test
  void aReplicaPostsWhatTheKilledOneHadLogged(StorySystem system) {
    hasBackup = true;
    system.start(BACKUP);
    String path = path();
    system.tracker().mode(path, Mode.FAILS);
    Journey journey = tracked(system, path).begin();
    int last = last(journey);

    system.kill("gateway-alpha");
    system.tracker().mode(path, Mode.TAKES);

    assertPostedOnce(system, journey, last);
  }

  @Test
  void aPostWhoseAnswerWasLostInACrashIsRepeatedUnderItsKey(StorySystem system) {
    String path = path();
    system.tracker().mode(path, Mode.TAKES_SILENTLY);
    Journey journey = tracked(system, path).begin();
    awaitPosts(system, sender(journey), posts -> !posts.isEmpty());
    int last = last(journey);

    system.kill("gateway-alpha");
    int before = system.tracker().posts(sender(journey)).size();
    assertThat(before).as("posts that were taken and not answered").isEqualTo(1);
    system.tracker().mode(path, Mode.TAKES);
    system.start("gateway-alpha");

    List<Post> posts = awaitLast(system, journey, last);
    assertThat(indexes(posts.subList(before, posts.size()))).isEqualTo(all(last));
    assertThat(posts.getFirst()).isEqualTo(posts.get(before));
    assertThat(posts).allMatch(Post::isSigned);
  }

  @Test
  void aTrackerThatRefusesIsGivenUpAndPostedToAgainWhenAnOperatorOrdersIt(StorySystem system) {
    String path = path();
    system.tracker().mode(path, Mode.REFUSES);
    Journey journey = tracked(system, path).begin();
    int last = last(journey);
    awaitGivenUp(journey, true);

    system.kill("gateway-alpha");
    system.tracker().mode(path, Mode.TAKES);
    system.start("gateway-alpha");
    awaitGivenUp(journey, true);
    assertThat(system.tracker().posts(sender(journey))).isEmpty();

    PostAgainRequest again =
        PostAgainRequest.newBuilder()
            .setRequestId("again-" + Client.number())
            .setTransferId(journey.id())
            .setReason("the tracker knows us again")
            .build();
    Operations _ = journey.alpha().operations().postAgain(again).getOperations();
    Operations _ = journey.beta().operations().postAgain(again).getOperations();
    assertPostedOnce(system, journey, last);
    awaitGivenUp(journey, false);
  }

  private static void awaitGivenUp(Journey journey, boolean isGivenUp) {
    Conditions.await(
        "the tracker to be given up: " + isGivenUp,
        () ->
            journey
                .alpha()
                .operations()
                .getOperations(GetOperationsRequest.getDefaultInstance())
                .getOperations(),
        operations ->
            isGivenUp
                == operations.getGivenUpTrackersList().stream()
                    .anyMatch(one -> one.getTransferId().equals(journey.id())));
  }

  private static void assertPostedOnce(StorySystem system, Journey journey, int last) {
    List<Post> posts = awaitLast(system, journey, last);
    assertThat(indexes(posts)).isEqualTo(all(last));
    assertThat(posts).allMatch(Post::isSigned);
  }

  private static List<Post> awaitLast(StorySystem system, Journey journey, int last) {
    return awaitPosts(
        system, sender(journey), posts -> !posts.isEmpty() && posts.getLast().index() == last);
  }

  private static List<Post> awaitPosts(
      StorySystem system, String log, Predicate<List<Post>> expected) {
    return Conditions.await("posts of " + log, () -> system.tracker().posts(log), expected);
  }

  /** The number of entries in the sender's log, once the transfer is complete. */
  private static int last(Journey journey) {
    journey.assertUnitsArrived();
    return journey.alpha().evidence(journey.id()).getLogsList().stream()
        .filter(log -> log.getRole().equals("sender"))
        .findFirst()
        .orElseThrow()
        .getEntriesCount();
  }

  private static List<Integer> all(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  private static List<Integer> indexes(List<Post> posts) {
    return posts.stream().map(Post::index).toList();
  }

  private static String sender(Journey journey) {
    return journey.id() + "/sender";
  }

  private static String path() {
    return "updates-" + Client.number();
  }

  private static Journey tracked(StorySystem system, String path) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey
        .order()
        .setApplicationProfile(
            ApplicationProfile.newBuilder()
                .setApplicationName("TRACKER")
                .putParameters("X-Tracker_URL", system.tracker().url(path))
                .putParameters("X-Tracking-Policy", "Always"));
    return journey;
  }
}
