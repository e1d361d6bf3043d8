package org.odap.gateway.application;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.gateway.GatewayConfig.ApplicationProfileConfig;

/** The application profiles this gateway supports, each with its X- parameters (ODAP 5.8). */
public final class ApplicationProfiles {
  /** What a parameter must be like, in words too. */
  record Parameter(Predicate<String> fits, String expected) {}

  private final Map<String, Map<String, Parameter>> byName = new LinkedHashMap<>();

  /**
   * The profiles of a configuration, and TRACKER where there is a tracker.
   *
   * @param trackerUrl which URLs may be posted to; empty = TRACKER is not supported
   */
  public ApplicationProfiles(
      Collection<ApplicationProfileConfig> configs, Optional<Predicate<String>> trackerUrl) {
    for (ApplicationProfileConfig config : configs) {
      Map<String, Parameter> parameters = new LinkedHashMap<>();
      config
          .parameters()
          .forEach((name, pattern) ->
              parameters.put(
                  name, new Parameter(Pattern.compile(pattern).asMatchPredicate(), pattern)));
      byName.put(config.name(), parameters);
    }
    trackerUrl.ifPresent(allowed -> byName.put(Tracking.PROFILE, Tracking.parameters(allowed)));
  }

  /** Whether a profile is supported. */
  public boolean supports(String name) {
    return byName.containsKey(name);
  }

  /** Names of a profile's parameters; none of a profile that is not supported. */
  public List<String> parameterNames(String name) {
    return List.copyOf(byName.getOrDefault(name, Map.of()).keySet());
  }

  /** Why a profile as it is asked for is not supported; empty when it is. */
  public Optional<String> mistake(ApplicationProfile asked) {
    Map<String, Parameter> known = byName.get(asked.getApplicationName());
    if (known == null) {
      return Optional.of(
          asked.getApplicationName()
              + " is not supported (expected: one of "
              + byName.keySet()
              + ")");
    }
    List<String> mistakes = new ArrayList<>();
    asked.getParametersMap().keySet().stream()
        .filter(name -> !known.containsKey(name))
        .sorted()
        .forEach(name -> mistakes.add(name + " (expected: one of " + known.keySet() + ")"));
    known.forEach((name, parameter) -> {
      // A value may hold what is nobody else's business, such as a key in a URL: it is not
      // repeated.
      if (!parameter.fits().test(asked.getParametersOrDefault(name, ""))) {
        mistakes.add(name + " does not fit (expected: " + parameter.expected() + ")");
      }
    });
    return mistakes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", mistakes));
  }
}
