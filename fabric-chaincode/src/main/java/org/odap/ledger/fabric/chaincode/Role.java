package org.odap.ledger.fabric.chaincode;

/**
 * What an identity may do beside using its own assets. Given by the X.509 attribute of this name
 * with the value "true", which an organization's CA puts into the certificate, or by registering
 * the certificate. Each role counts within the identity's own organization only.
 */
enum Role {
  /** Does the steps of transfers. */
  GATEWAY("odap.gateway"),
  /** Creates and destroys assets of its organization's classes. */
  ISSUER("odap.issuer"),
  /** Defines classes, says whose gateways may transfer them, and registers certificates. */
  ADMIN("odap.admin");

  private final String attribute;

  Role(String attribute) {
    this.attribute = attribute;
  }

  String attribute() {
    return attribute;
  }
}
