package org.odap.runtime.rpc;

import java.util.ArrayList;
import java.util.List;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.Identity;

/** A service to call: where it listens and who must answer there. */
public record RpcTarget(
    @Description("host:port, or several with commas between: replicas of one service")
        String address,
    @Description("identity its certificate must name, such as odaplog://alpha.example/log")
        String identity,
    @Description(
            "calls go in plain text to the proxy of a service mesh, whose mutual TLS finds out who"
                + " answers")
        @Default("false")
        boolean mesh)
    implements Checked {
  private static final String ADDRESS = "(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):\\d{1,5}";

  /** A service that is called over our own TLS. */
  public RpcTarget(String address, String identity) {
    this(address, identity, false);
  }

  /** Whether a text is host:port. */
  public static boolean isAddress(String text) {
    return text.matches(ADDRESS);
  }

  /** Each address, host:port. */
  public List<String> addresses() {
    return List.of(address.split(",", -1));
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    addresses().stream()
        .filter(one -> !isAddress(one))
        .forEach(one -> mistakes.add("address: value: " + one + " (expected: host:port)"));
    try {
      Identity _ = new Identity(identity);
    } catch (IllegalArgumentException e) {
      mistakes.add("identity: " + e.getMessage());
    }
    return mistakes;
  }
}
