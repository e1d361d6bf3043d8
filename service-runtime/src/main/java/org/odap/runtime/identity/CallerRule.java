package org.odap.runtime.identity;

import java.util.ArrayList;
import java.util.List;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;

/** One line of a service's list of callers: who may call which gRPC services or methods. */
public record CallerRule(
    @Description("identity, or a prefix ending in /* such as odapclient://alpha.example/*")
        String identity,
    @Description("such as odap.log.v1.LogStorageService or odap.ledger.v1.LedgerService/Read")
        @Bounds(min = "1")
        List<String> services)
    implements Checked {

  public CallerRule {
    services = List.copyOf(services);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    try {
      Identity _ = new Identity(identity.replaceAll("\\*$", "any"));
    } catch (IllegalArgumentException e) {
      mistakes.add("identity: " + e.getMessage());
    }
    if (identity.indexOf('*') >= 0 && !identity.matches("[^*]+[^*/:]/\\*")) {
      mistakes.add(
          "identity: value: " + identity + " (expected: * only at the end, after organization/)");
    }
    for (String service : services) {
      if (!service.matches("[A-Za-z_][A-Za-z0-9_.]*(/[A-Za-z][A-Za-z0-9_]*)?")) {
        mistakes.add(
            "services: value: "
                + service
                + " (expected: package.Service or package.Service/Method)");
      }
    }
    return mistakes;
  }

  boolean matches(Identity caller) {
    return identity.endsWith("/*")
        ? caller.uri().startsWith(identity.substring(0, identity.length() - 1))
        : caller.uri().equals(identity);
  }

  boolean allows(String service, String method) {
    return services.contains(service) || services.contains(method);
  }
}
