package org.odap.edge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which route a request takes. */
final class RouteTable {
  private final Map<String, List<HttpRoute>> byVerb = new HashMap<>();
  private final List<HttpRoute> all;

  /** A route with what its path's variables hold. */
  record Match(HttpRoute route, Map<String, String> variables) {}

  RouteTable(List<HttpRoute> routes) {
    all = List.copyOf(routes);
    Set<String> known = new HashSet<>();
    for (HttpRoute route : routes) {
      if (!known.add(route.verb() + " " + route.path())) {
        throw new IllegalStateException(
            route.verb() + " " + route.path() + " leads to two methods (expected: one)");
      }
      byVerb.computeIfAbsent(route.verb(), _ -> new ArrayList<>()).add(route);
    }
    // Fixed segments win over variables.
    byVerb
        .values()
        .forEach(list ->
            list.sort((a, b) ->
                a.path().isLessExactThan(b.path())
                    ? 1
                    : b.path().isLessExactThan(a.path()) ? -1 : 0));
  }

  List<HttpRoute> all() {
    return all;
  }

  /** The path is as it was sent, with its percent signs. */
  Optional<Match> find(String verb, String rawPath) {
    List<String> path = segments(rawPath);
    for (HttpRoute route : byVerb.getOrDefault(verb, List.of())) {
      Optional<Map<String, String>> variables = route.path().match(path);
      if (variables.isPresent()) {
        return Optional.of(new Match(route, variables.get()));
      }
    }
    return Optional.empty();
  }

  /** The verbs that this path takes. */
  Set<String> verbs(String rawPath) {
    List<String> path = segments(rawPath);
    Set<String> verbs = new TreeSet<>();
    all.stream()
        .filter(route -> route.path().match(path).isPresent())
        .forEach(route -> verbs.add(route.verb()));
    return verbs;
  }

  private static List<String> segments(String rawPath) {
    return Arrays.stream(rawPath.substring(1).split("/", -1)).map(Percent::decode).toList();
  }
}
