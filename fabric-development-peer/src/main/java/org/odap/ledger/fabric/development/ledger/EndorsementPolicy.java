package org.odap.ledger.fabric.development.ledger;

import java.util.List;
import java.util.Set;

/**
 * Who has to endorse: at least so many of these organizations.
 *
 * <p>Holds: 1 &lt;= required &lt;= organizations.size().
 */
public record EndorsementPolicy(int required, List<String> organizations) {

  public EndorsementPolicy {
    organizations = List.copyOf(organizations);
    if (required < 1 || required > organizations.size()) {
      throw new IllegalArgumentException(
          "value: " + required + " (expected: 1 to " + organizations.size() + ")");
    }
  }

  /** Whether endorsements of these organizations are enough. */
  public boolean satisfiedBy(Set<String> endorsers) {
    return organizations.stream().filter(endorsers::contains).count() >= required;
  }
}
