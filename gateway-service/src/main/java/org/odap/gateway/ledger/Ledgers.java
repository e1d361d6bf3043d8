package org.odap.gateway.ledger;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;

/** The ledgers behind this gateway, by identifier. */
public final class Ledgers {
  private final Map<String, Ledger> byDlt = new LinkedHashMap<>();

  /** The ledgers of a configuration. */
  public Ledgers(List<Ledger> ledgers) {
    ledgers.forEach(ledger -> byDlt.put(ledger.dltSystem(), ledger));
  }

  /** The ledger of this identifier, if it is here. */
  public Optional<Ledger> find(String dltSystem) {
    return Optional.ofNullable(byDlt.get(dltSystem));
  }

  /**
   * The ledger of this identifier.
   *
   * @throws OdapException LEDGER_UNKNOWN
   */
  public Ledger get(String dltSystem) {
    return find(dltSystem)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_LEDGER_UNKNOWN,
                "ledger: " + dltSystem + " (expected: one of " + byDlt.keySet() + ")"));
  }

  /** All of them. */
  public Collection<Ledger> all() {
    return byDlt.values();
  }
}
