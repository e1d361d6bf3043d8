package org.odap.runtime.rpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Lets a channel know several addresses of one service: those given with commas between. A single
 * one is looked up by name, and may so be several, too.
 */
final class NodeAddresses extends NameResolverProvider {
  private static final String SCHEME = "odap-nodes";
  private static final int PRIORITY = 5;

  static {
    NameResolverRegistry.getDefaultRegistry().register(new NodeAddresses());
  }

  private NodeAddresses() {}

  /** A channel to all addresses of a target. */
  static NettyChannelBuilder builder(RpcTarget target) {
    List<String> addresses = target.addresses();
    return addresses.size() == 1
        ? NettyChannelBuilder.forTarget(addresses.getFirst())
        : NettyChannelBuilder.forTarget(SCHEME + ":///" + String.join(",", addresses))
            .overrideAuthority(addresses.getFirst());
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return new Lookup(List.of(target.getPath().substring(1).split(",")));
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }

  /** Looks all up again when a connection fails: a node that moved is found where it is. */
  private static final class Lookup extends NameResolver {
    private final List<String> addresses;
    private volatile Listener2 listener;

    Lookup(List<String> addresses) {
      this.addresses = addresses;
    }

    @Override
    public String getServiceAuthority() {
      return addresses.getFirst();
    }

    @Override
    public void start(Listener2 told) {
      listener = told;
      refresh();
    }

    @Override
    public void refresh() {
      Thread.startVirtualThread(this::tell);
    }

    private void tell() {
      List<EquivalentAddressGroup> known =
          addresses.stream()
              .map(Lookup::address)
              .filter(address -> !address.isUnresolved())
              .map(EquivalentAddressGroup::new)
              .toList();
      listener.onResult(
          ResolutionResult.newBuilder()
              .setAddressesOrError(
                  known.isEmpty()
                      ? StatusOr.fromStatus(
                          Status.UNAVAILABLE.withDescription("no address is known: " + addresses))
                      : StatusOr.fromValue(known))
              .build());
    }

    private static InetSocketAddress address(String address) {
      int colon = address.lastIndexOf(':');
      return new InetSocketAddress(
          address.substring(0, colon).replaceAll("[\\[\\]]", ""),
          Integer.parseInt(address.substring(colon + 1)));
    }

    @Override
    public void shutdown() {
      // Holds nothing.
    }
  }
}
