package org.odap.runtime.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.Identity;

/** A service mesh that does the mutual TLS in front of a server, in place of the server's own. */
public record MeshConfig(
    @Description("whose proxy takes the connections; it says who is at their other end")
        MeshProxy proxy,
    @Description("whom the mesh's names stand for; nobody else is served") @Bounds(min = "1")
        List<Member> members)
    implements Checked {

  /** One service of the mesh. */
  public record Member(
      @Description(
              "what the mesh calls it: Istio such as spiffe://cluster.local/ns/odap/sa/gateway,"
                  + " Linkerd such as gateway.odap.serviceaccount.identity.linkerd.cluster.local")
          @Bounds(min = "1")
          String name,
      @Description("the identity that it has here, such as odapgw://alpha.example/gateway-1")
          String identity)
      implements Checked {
    @Override
    public List<String> mistakes() {
      try {
        Identity _ = new Identity(identity);
        return List.of();
      } catch (IllegalArgumentException e) {
        return List.of("identity: " + e.getMessage());
      }
    }
  }

  public MeshConfig {
    members = List.copyOf(members);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    members.stream()
        .collect(Collectors.groupingBy(Member::name, Collectors.counting()))
        .forEach((name, times) -> {
          if (times > 1) {
            mistakes.add("members: " + name + " stands there " + times + " times (expected: once)");
          }
        });
    return mistakes;
  }
}
