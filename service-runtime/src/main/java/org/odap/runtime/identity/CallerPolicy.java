package org.odap.runtime.identity;

import java.util.List;

/** Who may call what on a service; everybody else is refused. */
public final class CallerPolicy {
  /** What the policy says to one call. */
  public enum Decision {
    /** A rule names the caller and the service or method. */
    ALLOWED,
    /** No rule names the caller. */
    CALLER_UNKNOWN,
    /** Rules name the caller, but for other services. */
    DENIED
  }

  private final List<CallerRule> rules;

  private CallerPolicy(List<CallerRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** A policy of these rules; the order does not matter. */
  public static CallerPolicy of(List<CallerRule> rules) {
    return new CallerPolicy(rules);
  }

  /** Judges a call; the method is gRPC's full name, {@code package.Service/Method}. */
  public Decision decide(Identity caller, String method) {
    String service = method.substring(0, Math.max(0, method.indexOf('/')));
    boolean isKnown = false;
    for (CallerRule rule : rules) {
      if (rule.matches(caller)) {
        if (rule.allows(service, method)) {
          return Decision.ALLOWED;
        }
        isKnown = true;
      }
    }
    return isKnown ? Decision.DENIED : Decision.CALLER_UNKNOWN;
  }
}
