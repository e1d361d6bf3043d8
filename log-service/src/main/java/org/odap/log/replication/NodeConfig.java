package org.odap.log.replication;

import java.util.ArrayList;
import java.util.List;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;
import org.odap.runtime.rpc.RpcTarget;

/** A node of a replicated log. */
public record NodeConfig(
    @Description("name of the node, unlike any node's before it in this log") String name,
    @Description("host:port at which the other nodes reach it") String address)
    implements Checked {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9.-]{0,62}";

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (!name.matches(NAME)) {
      mistakes.add(
          "name: value: " + name + " (expected: 1 to 63 letters, digits, dots and hyphens)");
    }
    if (!RpcTarget.isAddress(address)) {
      mistakes.add("address: value: " + address + " (expected: host:port)");
    }
    return mistakes;
  }
}
