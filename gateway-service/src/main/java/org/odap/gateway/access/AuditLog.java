package org.odap.gateway.access;

import java.util.Optional;
import org.odap.core.access.AccessRule;
import org.odap.core.access.Permission;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.identity.Caller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of decisions: one line each, of logger "audit". It holds names only, never what a
 * caller proved itself with.
 */
final class AuditLog {
  private static final int SUBJECT_MAX = 128;
  private static final Logger log = LoggerFactory.getLogger("audit");

  /** A decision about one thing. */
  void decided(
      Caller caller,
      Permission permission,
      ResourceDescriptor resource,
      Optional<AccessRule> rule,
      String subject) {
    log.atInfo()
        .addKeyValue("caller", caller.identity())
        .addKeyValue("scheme", scheme(caller))
        .addKeyValue("permission", permission)
        .addKeyValue("resource", resource)
        .addKeyValue("decision", rule.isPresent() ? "ALLOWED" : "DENIED")
        .addKeyValue("rule", rule.map(AccessRule::number).orElse(0))
        .addKeyValue("subject", shown(subject))
        .log("access decided");
  }

  /** Decisions about each entry of a list. */
  void listed(
      Caller caller, Permission permission, ResourceDescriptor resource, int shown, int hidden) {
    log.atInfo()
        .addKeyValue("caller", caller.identity())
        .addKeyValue("scheme", scheme(caller))
        .addKeyValue("permission", permission)
        .addKeyValue("resource", resource)
        .addKeyValue("decision", "FILTERED")
        .addKeyValue("shown", shown)
        .addKeyValue("hidden", hidden)
        .log("list filtered by access");
  }

  /**
   * A caller's text, which was not checked yet: it can neither fill the record nor forge values.
   */
  private static String shown(String subject) {
    return subject
        .substring(0, Math.min(subject.length(), SUBJECT_MAX))
        .replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "?");
  }

  private static String scheme(Caller caller) {
    return caller.scheme().name().substring("CREDENTIAL_SCHEME_".length());
  }
}
