package org.odap.ledger.fabric.setup;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Status;
import org.odap.ledger.fabric.network.Endorsed;
import org.odap.ledger.fabric.network.IdentityFiles;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.network.PeerConfig;
import org.odap.ledger.fabric.network.PeerException;

/**
 * Sets up a fresh channel of a development network for a demonstration: defines a unique and a
 * fungible class, and has the holder consent to every transfer there will be.
 *
 * <pre>
 *   --peer HOST:PORT --channel NAME --trusted FILE --msp-id ID
 *   --admin FOLDER --holder FOLDER --unique CLASS --fungible CLASS
 * </pre>
 *
 * <p>The folders hold {@code msp/signcerts} and {@code msp/keystore}, as Fabric's tools make them.
 */
public final class DevelopmentChannel {
  private static final int EXIT_USAGE = 2;
  private static final String CHAINCODE = "odap";
  private static final List<String> OPTIONS =
      List.of(
          "--peer",
          "--channel",
          "--trusted",
          "--msp-id",
          "--admin",
          "--holder",
          "--unique",
          "--fungible");

  private final Map<String, String> options;

  private DevelopmentChannel(Map<String, String> options) {
    this.options = options;
  }

  public static void main(String... args) {
    System.exit(run(List.of(args), System.err));
  }

  static int run(List<String> args, PrintStream err) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.size(); i += 2) {
      options.put(args.get(i), args.get(i + 1));
    }
    if (args.size() != 2 * OPTIONS.size() || !options.keySet().containsAll(OPTIONS)) {
      err.println("usage: " + String.join(" VALUE ", OPTIONS) + " VALUE");
      return EXIT_USAGE;
    }
    try {
      new DevelopmentChannel(options).setUp();
      return 0;
    } catch (GatewayException | PeerException e) {
      err.println("development channel: " + e.getMessage());
      return 1;
    }
  }

  private void setUp() throws GatewayException {
    String unique = options.get("--unique");
    String fungible = options.get("--fungible");
    try (Peer admin = peer("--admin")) {
      write(admin, "DefineClass", unique, "UNIQUE");
      write(admin, "DefineClass", fungible, "FUNGIBLE");
    }
    try (Peer holder = peer("--holder")) {
      write(holder, "ApproveAll", unique, options.get("--msp-id"));
      write(holder, "ApproveAll", fungible, options.get("--msp-id"));
    }
  }

  private Peer peer(String identity) {
    Path msp = Path.of(options.get(identity)).resolve("msp");
    Duration limit = Duration.ofSeconds(20);
    return new Peer(
        new PeerConfig(
            options.get("--peer"),
            Path.of(options.get("--trusted")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            limit,
            limit,
            limit,
            limit,
            1 << 20),
        options.get("--channel"),
        List.of(),
        new IdentityFiles(
            options.get("--msp-id"), msp.resolve("signcerts"), msp.resolve("keystore")));
  }

  private static void write(Peer peer, String function, String... arguments)
      throws GatewayException {
    Endorsed endorsed = peer.endorse(Invocation.of(CHAINCODE, function, arguments));
    peer.submit(endorsed);
    Status status = peer.status(endorsed.transactionId(), peer.commitTimeout());
    if (!status.isSuccessful()) {
      throw new PeerException(function + " is in its block, and not valid: " + status.getCode());
    }
  }
}
