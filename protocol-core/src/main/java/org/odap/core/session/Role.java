package org.odap.core.session;

import java.util.Arrays;
import org.odap.api.client.v1.GatewayRole;

/** Which side of a session a gateway is on (ODAP 3). */
public enum Role {
  /** The gateway in front of the ledger the asset leaves (GS). */
  SENDER("sender", "GS", GatewayRole.GATEWAY_ROLE_SENDER),
  /** The gateway in front of the ledger the asset goes to (GR). */
  RECIPIENT("recipient", "GR", GatewayRole.GATEWAY_ROLE_RECIPIENT);

  private final String word;
  private final String sign;
  private final GatewayRole wire;

  Role(String word, String sign, GatewayRole wire) {
    this.word = word;
    this.sign = sign;
    this.wire = wire;
  }

  /** The role as log ids and evidence spell it: "sender" or "recipient". */
  public String word() {
    return word;
  }

  /** The role as log entries spell it: "GS" or "GR" (recovery-01 3.1). */
  public String sign() {
    return sign;
  }

  /** The role in the client's API. */
  public GatewayRole wire() {
    return wire;
  }

  /** Whether this is the side the asset goes to. */
  public boolean isRecipient() {
    return this == RECIPIENT;
  }

  /** The other side. */
  public Role peer() {
    return this == SENDER ? RECIPIENT : SENDER;
  }

  /** Id of the log this side keeps of a session: "session/role". */
  public String logId(String sessionId) {
    return sessionId + "/" + word;
  }

  /** Whether it is the id of a log that a side keeps of a session. */
  public static boolean isLog(String logId) {
    return Arrays.stream(values()).anyMatch(role -> logId.endsWith("/" + role.word));
  }

  /** The session of a log that a side keeps of it. */
  public static String sessionId(String logId) {
    return logId.substring(0, logId.indexOf('/'));
  }

  /**
   * The role a log id ends with.
   *
   * @throws IllegalArgumentException when it ends with neither
   */
  public static Role ofLogId(String logId) {
    for (Role role : values()) {
      if (logId.endsWith("/" + role.word)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "log id: " + logId + " (expected: <session>/sender or <session>/recipient)");
  }
}
