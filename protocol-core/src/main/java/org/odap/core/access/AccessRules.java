package org.odap.core.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.odap.core.resource.ClientDescriptor;
import org.odap.core.resource.ClientPattern;
import org.odap.core.resource.ResourceDescriptor;

/**
 * Decides by a gateway's rules (ODAP 5.5): allowed is what a rule allows, everything else is
 * denied. Rules only ever add; none takes away what another one gives.
 */
public final class AccessRules {
  private static final String CLIENT_SCHEME = "odapclient:";
  private static final int NEAREST_MAX = 3;

  private final List<AccessRule> rules;
  private final Map<ResourceDescriptor, String> accessRequests;

  private AccessRules(List<AccessRule> rules, Map<ResourceDescriptor, String> accessRequests) {
    this.rules = List.copyOf(rules);
    this.accessRequests = Map.copyOf(accessRequests);
  }

  /** What is wrong with a file, each as "key: value: X (expected: Y)"; nothing when it is sound. */
  public static List<String> mistakes(AccessFile file) {
    List<String> mistakes = new ArrayList<>();
    // An empty file is more likely half of one than the wish that nobody may do anything.
    notEmpty("rules", file.rules(), mistakes);
    file.groups().forEach((name, patterns) -> group(name, patterns, mistakes));
    for (int i = 0; i < file.rules().size(); i++) {
      rule("rules[" + i + "]", file.rules().get(i), file.groups(), mistakes);
    }
    for (int i = 0; i < file.accessRequests().size(); i++) {
      resource("access-requests[" + i + "].on", file.accessRequests().get(i).on(), mistakes);
    }
    return mistakes;
  }

  /**
   * The rules of a file without mistakes.
   *
   * @param line where a key such as "rules[0]" stands in the file
   */
  public static AccessRules of(AccessFile file, ToIntFunction<String> line) {
    List<AccessRule> rules = new ArrayList<>();
    for (int i = 0; i < file.rules().size(); i++) {
      AccessFile.Rule rule = file.rules().get(i);
      rules.add(
          new AccessRule(
              i + 1,
              line.applyAsInt("rules[" + i + "]"),
              patterns(rule.clients(), file.groups()),
              EnumSet.copyOf(rule.may()),
              rule.on().stream().flatMap(on -> ResourceDescriptor.parse(on).stream()).toList()));
    }
    Map<ResourceDescriptor, String> requests = new LinkedHashMap<>();
    file.accessRequests()
        .forEach(request ->
            ResourceDescriptor.parse(request.on())
                .ifPresent(on -> requests.put(on, request.how())));
    return new AccessRules(rules, requests);
  }

  /** The first rule that allows it; nothing when it is denied. */
  public Optional<AccessRule> allowing(
      ClientDescriptor client, Permission permission, ResourceDescriptor resource) {
    return rules.stream().filter(rule -> rule.allows(client, permission, resource)).findFirst();
  }

  /** Whether a rule allows the client something on this resource or on one below it. */
  public boolean reaches(ClientDescriptor client, ResourceDescriptor resource) {
    return rules.stream()
        .filter(rule -> rule.names(client))
        .anyMatch(rule ->
            rule.covers(resource) || rule.on().stream().anyMatch(on -> resource.covers(on)));
  }

  /** What lies below a resource and is named by a rule. */
  public List<ResourceDescriptor> namedBelow(ResourceDescriptor resource) {
    return rules.stream()
        .flatMap(rule -> rule.on().stream())
        .filter(on -> resource.covers(on) && !on.equals(resource))
        .distinct()
        .toList();
  }

  /** The rules that came nearest to allowing what they deny, the nearest first. */
  public List<NearMiss> nearest(
      ClientDescriptor client, Permission permission, ResourceDescriptor resource) {
    return rules.stream()
        .map(rule ->
            new NearMiss(
                rule, rule.names(client), rule.may().contains(permission), rule.covers(resource)))
        .filter(miss -> miss.fits() > 0)
        .sorted(Comparator.comparingInt(NearMiss::fits).reversed())
        .limit(NEAREST_MAX)
        .toList();
  }

  /** How to ask for access to a resource: what is said of it, or of the nearest above it. */
  public Optional<String> accessRequest(ResourceDescriptor resource) {
    return accessRequests.entrySet().stream()
        .filter(request -> request.getKey().covers(resource))
        .max(Comparator.comparingInt(request -> request.getKey().format().length()))
        .map(Map.Entry::getValue);
  }

  /** Number of rules. */
  public int size() {
    return rules.size();
  }

  private static List<ClientPattern> patterns(
      List<String> clients, Map<String, List<String>> groups) {
    return clients.stream()
        .flatMap(client -> groups.getOrDefault(client, List.of(client)).stream())
        .flatMap(text -> ClientPattern.parse(text).stream())
        .toList();
  }

  private static void group(String name, List<String> patterns, List<String> mistakes) {
    String path = "groups." + name;
    if (name.startsWith(CLIENT_SCHEME)) {
      mistakes.add(path + ": value: " + name + " (expected: a name that is no client pattern)");
    }
    for (int i = 0; i < patterns.size(); i++) {
      pattern(path + "[" + i + "]", patterns.get(i), mistakes);
    }
  }

  private static void rule(
      String path, AccessFile.Rule rule, Map<String, List<String>> groups, List<String> mistakes) {
    notEmpty(path + ".clients", rule.clients(), mistakes);
    notEmpty(path + ".may", rule.may(), mistakes);
    notEmpty(path + ".on", rule.on(), mistakes);
    for (int i = 0; i < rule.clients().size(); i++) {
      String client = rule.clients().get(i);
      String at = path + ".clients[" + i + "]";
      if (client.startsWith(CLIENT_SCHEME)) {
        pattern(at, client, mistakes);
      } else if (!groups.containsKey(client)) {
        mistakes.add(
            at
                + ": value: "
                + client
                + " (expected: odapclient:organization/gateway/unit/name, or one of the groups "
                + groups.keySet().stream().sorted().toList()
                + ")");
      }
    }
    for (int i = 0; i < rule.on().size(); i++) {
      resource(path + ".on[" + i + "]", rule.on().get(i), mistakes);
    }
  }

  private static void notEmpty(String path, List<?> entries, List<String> mistakes) {
    if (entries.isEmpty()) {
      mistakes.add(path + ": 0 entries (expected: from 1)");
    }
  }

  private static void pattern(String path, String text, List<String> mistakes) {
    if (ClientPattern.parse(text).isEmpty()) {
      mistakes.add(
          path
              + ": value: "
              + text
              + " (expected: odapclient:organization/gateway/unit/name; a part may be *, parts at"
              + " the end may be left out)");
    }
  }

  private static void resource(String path, String text, List<String> mistakes) {
    if (ResourceDescriptor.parse(text).isEmpty()) {
      mistakes.add(
          path
              + ": value: "
              + text
              + " (expected: odapres://organization/gateway[/dlt[/resource]])");
    }
  }
}
