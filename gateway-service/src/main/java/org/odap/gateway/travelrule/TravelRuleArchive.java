package org.odap.gateway.travelrule;

import java.util.Optional;

/** Where encrypted travel-rule data are kept (API type 3, ARCH 6). */
public interface TravelRuleArchive {
  /**
   * Stores a transfer's data; they are durable when it returns. A repeat changes nothing.
   *
   * @throws org.odap.runtime.rpc.OdapException UNAVAILABLE
   */
  void put(String transferId, String payload);

  /**
   * A transfer's data, as this gateway put them. That they were read is recorded there.
   *
   * @throws org.odap.runtime.rpc.OdapException UNAVAILABLE
   */
  Optional<String> get(String transferId);
}
