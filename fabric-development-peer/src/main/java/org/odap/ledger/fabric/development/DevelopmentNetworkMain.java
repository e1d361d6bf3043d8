package org.odap.ledger.fabric.development;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Makes a network of one organization: an administrator "admin"; "adapter", which may act for the
 * organization's gateway and issue assets; and "holder", who may own them.
 */
public final class DevelopmentNetworkMain {
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;
  private static final String YES = "true";

  private DevelopmentNetworkMain() {}

  /** Arguments: {@code --folder FOLDER --msp-id ID}. */
  public static void main(String... args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) {
    if (args.size() != 4 || !args.get(0).equals("--folder") || !args.get(2).equals("--msp-id")) {
      System.err.println("usage: --folder FOLDER --msp-id ID");
      return EXIT_USAGE;
    }
    String mspId = args.get(3);
    try {
      DevelopmentNetwork network = DevelopmentNetwork.create(Path.of(args.get(1)), mspId);
      var _ = network.enrollAdmin(mspId, "admin");
      var _ = network.enroll(mspId, "adapter", Map.of("odap.gateway", YES, "odap.issuer", YES));
      var _ = network.enroll(mspId, "holder", Map.of());
      return 0;
    } catch (IOException e) {
      System.err.println("development network: " + e.getMessage());
      return EXIT_FAILED;
    }
  }
}
