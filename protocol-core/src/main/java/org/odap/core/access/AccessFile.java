package org.odap.core.access;

import java.util.List;
import java.util.Map;

/**
 * A gateway's access rules as its operator writes them (ODAP 5.5). What no rule allows is denied.
 *
 * @param groups names for several client patterns, used in rules
 * @param rules who may do what; their order does not matter, the first that allows is named
 * @param accessRequests how to ask for access, told when resources are discovered (ODAP 5.9)
 */
public record AccessFile(
    Map<String, List<String>> groups, List<Rule> rules, List<AccessRequest> accessRequests) {
  /**
   * One rule.
   *
   * @param clients client patterns or names of groups
   * @param may what they may do
   * @param on resources; what lies below them is meant too
   */
  public record Rule(List<String> clients, List<Permission> may, List<String> on) {}

  /**
   * How a person asks for access to what lies at and below a resource.
   *
   * @param on the resource
   * @param how such as an address to write to
   */
  public record AccessRequest(String on, String how) {}
}
