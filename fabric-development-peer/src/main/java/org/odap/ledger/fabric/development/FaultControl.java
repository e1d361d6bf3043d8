package org.odap.ledger.fabric.development;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Orders faults of a peer process over HTTP on the loopback interface: {@code POST} to a path of
 * words, answered when it is done.
 *
 * <pre>
 *   /orderer/kill-after-next-acknowledgement
 *   /orderer/kill  /orderer/restart  /orderer/freeze  /orderer/thaw
 *   /chaincode/&lt;name&gt;/stop  /chaincode/&lt;name&gt;/restart
 *   /peer/stop  /peer/freeze  /peer/restart                 the gateway's peer
 *   /peer/&lt;MSP id&gt;/stop  .../notice  .../restart      another organization's
 * </pre>
 */
final class FaultControl implements AutoCloseable {
  private static final int DONE = 204;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;

  private final PeerFaults faults;
  private final HttpServer server;

  private FaultControl(PeerFaults faults, HttpServer server) {
    this.faults = faults;
    this.server = server;
  }

  static FaultControl start(PeerFaults faults, int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    FaultControl control = new FaultControl(faults, server);
    server.createContext("/", control::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return control;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(NOT_ALLOWED, -1);
        return;
      }
      try {
        order(List.of(exchange.getRequestURI().getPath().substring(1).split("/")));
        exchange.sendResponseHeaders(DONE, -1);
      } catch (IllegalArgumentException e) {
        byte[] why = (e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(NOT_FOUND, why.length);
        exchange.getResponseBody().write(why);
      }
    }
  }

  private void order(List<String> words) throws IOException {
    String last = words.getLast();
    switch (words.getFirst() + words.size()) {
      case "orderer2" -> orderer(last);
      case "chaincode3" -> chaincode(words.get(1), last);
      case "peer2" -> peer(last);
      case "peer3" -> peerOf(words.get(1), last);
      default -> throw unknown(String.join("/", words));
    }
  }

  private void orderer(String word) {
    switch (word) {
      case "kill-after-next-acknowledgement" -> faults.killOrdererAfterNextAcknowledgement();
      case "kill" -> faults.killOrderer();
      case "restart" -> faults.restartOrderer();
      case "freeze" -> faults.freezeOrderer();
      case "thaw" -> faults.thawOrderer();
      default -> throw unknown(word);
    }
  }

  private void chaincode(String name, String word) {
    switch (word) {
      case "stop" -> faults.stopChaincode(name);
      case "restart" -> faults.restartChaincode(name);
      default -> throw unknown(word);
    }
  }

  private void peer(String word) throws IOException {
    switch (word) {
      case "stop" -> faults.stopPeer();
      case "freeze" -> faults.freezePeer();
      case "restart" -> faults.restartPeer();
      default -> throw unknown(word);
    }
  }

  private void peerOf(String mspId, String word) {
    switch (word) {
      case "stop" -> faults.stopPeerOf(mspId, false);
      case "notice" -> faults.stopPeerOf(mspId, true);
      case "restart" -> faults.restartPeerOf(mspId);
      default -> throw unknown(word);
    }
  }

  private static IllegalArgumentException unknown(String what) {
    return new IllegalArgumentException("value: " + what + " (expected: a fault)");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
