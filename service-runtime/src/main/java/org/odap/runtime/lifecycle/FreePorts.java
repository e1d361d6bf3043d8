package org.odap.runtime.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports nobody uses now: services must know each other's before they start. They are below those
 * that systems give to whoever wants any, so that nobody gets one by chance before its service
 * starts. None is given twice: the service of the first who asked may not have started yet.
 */
public final class FreePorts {
  private static final int FIRST = 10_240;
  private static final int AFTER_LAST = 32_768;
  private static final int ATTEMPTS_MAX = 10_000;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /** Different free ports on the loopback interface. */
  public static List<Integer> find(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int attempts = 0; held.size() < count && attempts < ATTEMPTS_MAX; attempts++) {
        hold(ThreadLocalRandom.current().nextInt(FIRST, AFTER_LAST)).ifPresent(held::add);
      }
      if (held.size() < count) {
        throw new IllegalStateException(
            "of %d ports only %d were found free".formatted(count, held.size()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      held.forEach(FreePorts::release);
    }
  }

  /** The first of two free ports side by side. */
  public static int findPair() {
    for (int attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, AFTER_LAST - 1);
      Optional<ServerSocket> first = hold(port);
      Optional<ServerSocket> second = hold(port + 1);
      first.ifPresent(FreePorts::release);
      second.ifPresent(FreePorts::release);
      if (first.isPresent() && second.isPresent()) {
        return port;
      }
    }
    throw new IllegalStateException("no two free ports side by side were found");
  }

  private static Optional<ServerSocket> hold(int port) {
    if (!GIVEN.add(port)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
    } catch (IOException taken) {
      return Optional.empty();
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
