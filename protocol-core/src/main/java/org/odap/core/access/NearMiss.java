package org.odap.core.access;

import java.util.ArrayList;
import java.util.List;

/**
 * A rule that did not allow something, and what of it fits: for whoever wonders why.
 *
 * @param client whether it speaks of the client
 * @param permission whether it allows this to anybody
 * @param resource whether it speaks of the resource
 */
public record NearMiss(AccessRule rule, boolean client, boolean permission, boolean resource) {
  int fits() {
    return (client ? 1 : 0) + (permission ? 1 : 0) + (resource ? 1 : 0);
  }

  /** What of the rule does not fit. */
  public List<String> misfits() {
    List<String> misfits = new ArrayList<>();
    if (!client) {
      misfits.add("the client is none of " + rule.clients());
    }
    if (!permission) {
      misfits.add("it allows only " + rule.may().stream().map(Enum::name).sorted().toList());
    }
    if (!resource) {
      misfits.add("the resource is not at or below " + rule.on());
    }
    return misfits;
  }
}
