package org.odap.ledger.ethereum.development;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.chain.ChainUnavailableException;
import org.odap.ledger.ethereum.step.Tokens;
import org.odap.ledger.ethereum.submission.SigningAccount;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sets up a fresh development node (anvil) for a demonstration, and shows who holds what on it.
 *
 * <pre>
 *   set-up --node-url URL --output FOLDER    writes ethereum.json and key files
 *   holdings --output FOLDER [ACCOUNT ...]   prints what the accounts hold, as JSON
 * </pre>
 *
 * <p>There is an account for one adapter; {@link org.odap.ledger.ethereum.administration} enrols
 * others.
 */
public final class DevelopmentChain {
  private static final Duration NODE_TIMEOUT = Duration.ofSeconds(20);
  private static final int EXIT_USAGE = 2;

  /** Whose key {@code administrator.key} is. */
  private static final String ADMINISTRATOR = "administrator";

  private DevelopmentChain() {}

  public static void main(String... args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    try {
      Optional<Path> output = option(args, "--output").map(Path::of);
      Optional<URI> nodeUrl = option(args, "--node-url").map(URI::create);
      String command = args.isEmpty() ? "" : args.getFirst();
      if (command.equals("set-up") && nodeUrl.isPresent() && output.isPresent()) {
        out.println(setUp(nodeUrl.get(), output.get()).toJson());
      } else if (command.equals("holdings") && output.isPresent()) {
        out.println(holdings(Deployment.read(output.get()), accounts(args)));
      } else {
        err.println("usage: set-up --node-url URL --output FOLDER");
        err.println("       holdings --output FOLDER [ACCOUNT ...]");
        return EXIT_USAGE;
      }
      return 0;
    } catch (IOException | ChainUnavailableException | ChainRefusedException e) {
      err.println("development chain: " + e.getMessage());
      return 1;
    }
  }

  /**
   * Deploys contracts and makes accounts; the originator consents to every transfer there will be.
   */
  public static Deployment setUp(URI nodeUrl, Path folder) throws IOException {
    try (Chain chain = new Chain(nodeUrl, NODE_TIMEOUT, Map.of())) {
      DevelopmentContracts contracts = new DevelopmentContracts(chain);
      Wallet originator = Wallet.funded(chain);
      contracts.approveAll(originator);
      Wallet adapter = Wallet.funded(chain);
      contracts.appoint(adapter.address());
      Files.createDirectories(folder);
      Path _ = keyFile(folder, ADMINISTRATOR, contracts.administrator());
      Deployment deployment =
          new Deployment(
              nodeUrl,
              chain.chainId(),
              contracts.startBlock(),
              contracts.escrow(),
              contracts.title(),
              contracts.cash(),
              new Deployment.Adapter(adapter.address(), keyFile(folder, "adapter", adapter)),
              originator.address(),
              keyFile(folder, "originator", originator));
      deployment.write(folder);
      return deployment;
    }
  }

  /** What accounts hold, and how much cash there is; as JSON. */
  public static String holdings(Deployment deployment, List<Address> accounts) {
    try (Chain chain = new Chain(deployment.nodeUrl(), NODE_TIMEOUT, Map.of())) {
      Tokens tokens = new Tokens(chain);
      ObjectNode json = JsonMapper.shared().createObjectNode();
      json.put("cashSupply", tokens.totalSupply(deployment.cash()).toString());
      ArrayNode list = json.putArray("accounts");
      for (Address account : accounts.isEmpty() ? List.of(deployment.originator()) : accounts) {
        ObjectNode entry = list.addObject();
        entry.put("account", account.text());
        entry.put("titles", tokens.balanceOf(deployment.title(), account).toString());
        entry.put("cash", tokens.balanceOf(deployment.cash(), account).toString());
      }
      return json.toPrettyString();
    }
  }

  private static Path keyFile(Path folder, String name, Wallet wallet) throws IOException {
    Path file = folder.resolve(name + ".key").toAbsolutePath();
    SigningAccount.write(file, wallet.key());
    return file;
  }

  private static Optional<String> option(List<String> args, String name) {
    int at = args.indexOf(name);
    return at >= 0 && at + 1 < args.size() ? Optional.of(args.get(at + 1)) : Optional.empty();
  }

  private static List<Address> accounts(List<String> args) {
    List<Address> accounts = new ArrayList<>();
    for (String arg : args) {
      Address.parse(arg).ifPresent(accounts::add);
    }
    return accounts;
  }
}
