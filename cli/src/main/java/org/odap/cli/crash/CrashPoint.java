package org.odap.cli.crash;

import java.util.stream.Stream;

/**
 * A named log point: before or after a role's entry with this command becomes durable.
 *
 * @param role "sender" or "recipient"
 * @param command as the log spells it
 * @param when "before" or "after"
 */
public record CrashPoint(String role, String command, String when) {
  /** Both points of a command. */
  static Stream<CrashPoint> around(String role, String command) {
    return Stream.of("before", "after").map(when -> new CrashPoint(role, command, when));
  }

  /** As the gateway's fail points name it. */
  String text() {
    return role + "." + command + "." + when;
  }

  boolean ofSender() {
    return role.equals("sender");
  }
}
