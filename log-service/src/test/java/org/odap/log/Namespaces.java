package org.odap.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Network namespaces of this machine, one for each node, on two networks: one for callers, one for
 * what nodes say among themselves. A node is cut off by taking its end of the second one down.
 */
final class Namespaces implements LogNodes.Network, AutoCloseable {
  private final List<String> nodes;
  private final long id = ProcessHandle.current().pid() % 10_000;
  private final String prefix = "o" + id;
  private final int block = (int) (20 + id % 200);
  private final List<List<String>> undo = new ArrayList<>();

  /** Whether this machine lets us make any. */
  static boolean arePossible() {
    try {
      String probe = "odap-probe-" + ProcessHandle.current().pid();
      return run(List.of("ip", "netns", "add", probe)) == 0
          && run(List.of("ip", "netns", "delete", probe)) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  Namespaces(String... names) throws IOException {
    nodes = List.of(names);
    try {
      bridge("c", 0);
      bridge("r", 1);
      for (String node : nodes) {
        namespace(node);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void bridge(String network, int number) throws IOException {
    String bridge = prefix + network;
    ip("link", "add", bridge, "type", "bridge");
    undo.addFirst(List.of("ip", "link", "delete", bridge));
    ip("address", "add", "10.%d.%d.1/24".formatted(block, number), "dev", bridge);
    ip("link", "set", bridge, "up");
  }

  private void namespace(String node) throws IOException {
    ip("netns", "add", name(node));
    undo.addFirst(List.of("ip", "netns", "delete", name(node)));
    ip("-n", name(node), "link", "set", "lo", "up");
    connect(node, "c", host(node));
    connect(node, "r", raftHost(node));
  }

  private void connect(String node, String network, String address) throws IOException {
    String outside = outside(node, network);
    ip("link", "add", outside, "type", "veth", "peer", "name", network, "netns", name(node));
    ip("link", "set", outside, "master", prefix + network, "up");
    ip("-n", name(node), "address", "add", address + "/24", "dev", network);
    ip("-n", name(node), "link", "set", network, "up");
  }

  private String name(String node) {
    return prefix + "-" + node;
  }

  private String outside(String node, String network) {
    return prefix + network + nodes.indexOf(node);
  }

  @Override
  public String host(String node) {
    return "10.%d.0.%d".formatted(block, 2 + nodes.indexOf(node));
  }

  @Override
  public String raftHost(String node) {
    return "10.%d.1.%d".formatted(block, 2 + nodes.indexOf(node));
  }

  @Override
  public List<String> before(String node) {
    return List.of("ip", "netns", "exec", name(node));
  }

  /** The other nodes hear nothing of this one any more, nor it of them; callers still do. */
  void cutOff(String node) throws IOException {
    ip("link", "set", outside(node, "r"), "down");
  }

  void reconnect(String node) throws IOException {
    ip("link", "set", outside(node, "r"), "up");
  }

  private static void ip(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    if (run(command) != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }

  private static int run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (List<String> command : undo) {
      int _ = run(command);
    }
  }
}
