package org.odap.gateway.travelrule;

/** Where encrypted travel-rule data are kept (API type 3, ARCH 6). */
@FunctionalInterface
public interface TravelRuleArchive {
  /**
   * Stores a transfer's data; they are durable when it returns. A repeat changes nothing.
   *
   * @throws org.odap.runtime.rpc.OdapException UNAVAILABLE
   */
  void put(String transferId, String payload);
}
