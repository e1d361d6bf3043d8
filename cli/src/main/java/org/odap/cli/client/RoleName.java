package org.odap.cli.client;

import org.odap.api.client.v1.GatewayRole;

/** A gateway's role as one types it (ODAP 3). */
enum RoleName {
  ANY(GatewayRole.GATEWAY_ROLE_UNSPECIFIED),
  SENDER(GatewayRole.GATEWAY_ROLE_SENDER),
  RECIPIENT(GatewayRole.GATEWAY_ROLE_RECIPIENT);

  private final GatewayRole role;

  RoleName(GatewayRole role) {
    this.role = role;
  }

  GatewayRole role() {
    return role;
  }
}
