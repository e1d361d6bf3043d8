package org.odap.gateway.application;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.api.peer.v1.InitializationRequest;

/**
 * What the TRACKER profile asks for (ODAP 5.8).
 *
 * @param url where steps are posted to
 * @param always whether every step is; else the first and the last
 */
public record Tracking(URI url, boolean always) {
  /** Name of the profile. */
  public static final String PROFILE = "TRACKER";

  private static final String URL = "X-Tracker_URL";
  private static final String POLICY = "X-Tracking-Policy";
  private static final String ENDS = "Ends";

  /** What a proposal asks for; empty when it does not ask for tracking. */
  public static Optional<Tracking> of(InitializationRequest terms) {
    ApplicationProfile profile = terms.getEnvelope().getApplicationProfile();
    if (!profile.getApplicationName().equals(PROFILE)) {
      return Optional.empty();
    }
    return Optional.of(
        new Tracking(
            URI.create(profile.getParametersOrThrow(URL)),
            !profile.getParametersOrDefault(POLICY, "").equals(ENDS)));
  }

  static Map<String, ApplicationProfiles.Parameter> parameters(Predicate<String> allowed) {
    Map<String, ApplicationProfiles.Parameter> parameters = new LinkedHashMap<>();
    parameters.put(
        URL, new ApplicationProfiles.Parameter(allowed, "https at one of this gateway's trackers"));
    parameters.put(
        POLICY,
        new ApplicationProfiles.Parameter(
            policy -> policy.matches("|Always|Ends"), "Always, or Ends"));
    return parameters;
  }
}
