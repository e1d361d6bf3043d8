package org.odap.gateway.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.gateway.GatewayConfig.ApplicationProfileConfig;
import org.odap.gateway.tracker.Trackers;

/**
 * Whatever profile another gateway or a client asks for is taken or refused, nothing is posted to a
 * host that is no tracker, and no refusal repeats a value (ODAP 5.8).
 */
@Tag("ODAP-9")
class ApplicationProfilesFuzzTest {
  private static final int PROFILES = 60_000;
  private static final String ORIGIN = "https://api.tracker.example:443";
  private static final String SECRET = "k3y-in-a-url";
  private static final List<String> NAMES =
      List.of("TRACKER", "tracker", "BONDS", "", " TRACKER", "TRACKER\u0000", "\ud83d");
  private static final List<String> PARAMETERS =
      List.of("X-Tracker_URL", "X-Tracking-Policy", "X-Coupon", "x-tracker_url", "", "X-");
  private static final List<String> PIECES =
      List.of(
          "https://",
          "http://",
          "HTTPS://",
          "//",
          "api.tracker.example",
          "API.TRACKER.EXAMPLE",
          "api.tracker.example.evil.example",
          "evil.example",
          "127.0.0.1",
          "[::1]",
          "169.254.169.254",
          "localhost",
          ":443",
          ":0443",
          ":",
          ":80",
          ":-1",
          ":99999999999",
          "@",
          "user@",
          "api.tracker.example@evil.example",
          "/",
          "\\",
          "?",
          "#",
          "%",
          "%2f",
          "%00",
          "..",
          ";",
          "\u0000",
          "\n",
          " ",
          "\t",
          "\u00e9",
          "\uff0e",
          "\ud83d",
          "Always",
          "Ends",
          "always",
          "7",
          "updates?key=" + SECRET);

  private final long seed = Long.getLong("odap.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final ApplicationProfiles profiles =
      new ApplicationProfiles(
          List.of(new ApplicationProfileConfig("BONDS", Map.of("X-Coupon", "[0-9]{1,3}"))),
          Optional.of(url -> Trackers.origin(url).filter(ORIGIN::equals).isPresent()));

  @Test
  void anyProfileIsTakenOrRefused() {
    int refused = 0;
    for (int i = 0; i < PROFILES; i++) {
      ApplicationProfile profile = profile();
      Optional<String> mistake = profiles.mistake(profile);
      if (mistake.isPresent()) {
        assertThat(mistake.get()).as("seed %d", seed).isNotEmpty().doesNotContain(SECRET);
        refused++;
      } else {
        InitializationRequest.Builder terms = InitializationRequest.newBuilder();
        terms.getEnvelopeBuilder().setApplicationProfile(profile);
        Tracking.of(terms.build())
            .ifPresent(tracking -> {
              assertThat(tracking.url().getScheme()).isEqualToIgnoringCase("https");
              assertThat(tracking.url().getHost()).isEqualToIgnoringCase("api.tracker.example");
              assertThat(tracking.url().getPort()).isIn(-1, 443);
              assertThat(tracking.url().getUserInfo()).isNull();
            });
      }
    }
    System.out.println(
        "application profiles: " + PROFILES + ", refused " + refused + ", seed " + seed);
    assertThat(refused).isGreaterThan(PROFILES / 3).isLessThan(PROFILES);
  }

  private ApplicationProfile profile() {
    ApplicationProfile.Builder profile =
        ApplicationProfile.newBuilder()
            .setApplicationName(random.nextInt(3) > 0 ? NAMES.getFirst() : oneOf(NAMES));
    for (int i = random.nextInt(4); i > 0; i--) {
      profile.putParameters(oneOf(PARAMETERS), pieces());
    }
    if (random.nextBoolean()) {
      profile.putParameters("X-Tracker_URL", "https://api.tracker.example" + pieces());
    }
    return profile.build();
  }

  private String pieces() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(oneOf(PIECES));
    }
    return text.toString();
  }

  private String oneOf(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
