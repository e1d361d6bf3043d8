package org.odap.ledger.ethereum.administration;

import static org.odap.ledger.ethereum.escrow.EscrowCalls.address;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.encode;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.word;

import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.chain.ChainUnavailableException;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.odap.ledger.ethereum.submission.SigningAccount;
import org.web3j.crypto.Keys;
import org.web3j.utils.Convert;
import org.web3j.utils.Numeric;

/**
 * Enrols the accounts that adapters sign with, one for each adapter, and dismisses them.
 *
 * <pre>
 *   enrol   --node-url URL --escrow ADDRESS --account-key-file FILE[,FILE...]
 *           [--issuer yes] [--ether AMOUNT]
 *   dismiss --node-url URL --escrow ADDRESS --account ADDRESS
 * </pre>
 *
 * <p>Both with {@code --administrator-key-file FILE}; without it they print the transactions, for
 * whoever signs them elsewhere. What is so already is left as it is. A key file that is not there
 * is made, closed to others.
 */
public final class AdapterAccounts {
  private static final Duration NODE_TIMEOUT = Duration.ofSeconds(20);
  private static final String GATEWAY_ROLE = "GATEWAY_ROLE";
  private static final String ISSUER_ROLE = "ISSUER_ROLE";
  private static final Pattern AMOUNT = Pattern.compile("(?=.*[1-9])\\d{1,9}(\\.\\d{1,18})?");
  private static final int EXIT_USAGE = 2;

  private final Chain chain;
  private final Address escrow;
  private final Signing signing;
  private final PrintStream out;

  private AdapterAccounts(Chain chain, Address escrow, Signing signing, PrintStream out) {
    this.chain = chain;
    this.escrow = escrow;
    this.signing = signing;
    this.out = out;
  }

  /** Where transactions go: to the chain, or to whoever signs them elsewhere. */
  interface Signing extends AutoCloseable {
    /**
     * Has a transaction done.
     *
     * @param wei what it pays
     */
    void transact(Address to, String data, BigInteger wei);

    @Override
    default void close() {
      // Nothing is open.
    }
  }

  public static void main(String... args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  /** Does a command; answers with the exit code. */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    Optional<URI> node = option(args, "--node-url").map(URI::create);
    Optional<String> escrow = option(args, "--escrow");
    Optional<String> keyFiles = option(args, "--account-key-file");
    Optional<String> account = option(args, "--account");
    String command = args.isEmpty() ? "" : args.getFirst();
    boolean isEnrol = command.equals("enrol") && keyFiles.isPresent();
    boolean isDismiss = command.equals("dismiss") && account.isPresent();
    if (node.isEmpty() || escrow.isEmpty() || !(isEnrol || isDismiss)) {
      err.println(
          "usage: enrol --node-url URL --escrow ADDRESS --account-key-file FILE[,FILE...]"
              + " [--issuer yes] [--ether AMOUNT] [--administrator-key-file FILE]");
      err.println(
          "       dismiss --node-url URL --escrow ADDRESS --account ADDRESS"
              + " [--administrator-key-file FILE]");
      return EXIT_USAGE;
    }
    Optional<Path> administrator = option(args, "--administrator-key-file").map(Path::of);
    try (Chain chain = new Chain(node.get(), NODE_TIMEOUT, Map.of());
        Signing signing =
            administrator.isPresent()
                ? new Administrator(chain, SigningAccount.read(administrator.get()))
                : printing(out)) {
      AdapterAccounts accounts =
          new AdapterAccounts(chain, contract(chain, escrow.get()), signing, out);
      if (isEnrol) {
        boolean issuer = option(args, "--issuer").filter("yes"::equals).isPresent();
        Optional<BigInteger> wei = option(args, "--ether").map(AdapterAccounts::wei);
        for (String keyFile : keyFiles.get().split(",", -1)) {
          accounts.enrol(Path.of(keyFile), issuer, wei);
        }
      } else {
        accounts.dismiss(new Address(account.get()));
      }
      return 0;
    } catch (IOException
        | ChainUnavailableException
        | ChainRefusedException
        | IllegalArgumentException e) {
      err.println("adapter accounts: " + e.getMessage());
      return 1;
    }
  }

  private static Signing printing(PrintStream out) {
    return (to, data, wei) -> out.println("to sign: to " + to + " value " + wei + " data " + data);
  }

  private static Address contract(Chain chain, String text) {
    Address address = new Address(text);
    if (chain.code(text).equals("0x")) {
      throw new IllegalArgumentException("escrow: value: " + text + " (expected: a contract)");
    }
    return address;
  }

  private static BigInteger wei(String ether) {
    if (!AMOUNT.matcher(ether).matches()) {
      throw new IllegalArgumentException("--ether: value: " + ether + " (expected: such as 1.5)");
    }
    return Convert.toWei(new BigDecimal(ether), Convert.Unit.ETHER).toBigIntegerExact();
  }

  private void enrol(Path keyFile, boolean issuer, Optional<BigInteger> wei) throws IOException {
    if (!Files.exists(keyFile)) {
      SigningAccount.write(keyFile, newKey());
    }
    Address account = SigningAccount.read(keyFile).address();
    List<String> roles = new ArrayList<>(List.of(GATEWAY_ROLE));
    if (issuer) {
      roles.add(ISSUER_ROLE);
    }
    out.println("account " + account + ": " + String.join(", ", roles));
    for (String role : roles) {
      if (!hasRole(role, account)) {
        change("grantRole", role, account);
      }
    }
    wei.ifPresent(amount -> signing.transact(account, "0x", amount));
  }

  private void dismiss(Address account) {
    out.println("account " + account + ": no role");
    for (String role : List.of(GATEWAY_ROLE, ISSUER_ROLE)) {
      if (hasRole(role, account)) {
        change("revokeRole", role, account);
      }
    }
  }

  private void change(String function, String role, Address account) {
    signing.transact(
        escrow, encode(function, word(roleWord(role)), address(account)), BigInteger.ZERO);
  }

  private boolean hasRole(String role, Address account) {
    CallMessage question =
        new CallMessage(
            Address.ZERO.text(),
            escrow.text(),
            encode("hasRole", word(roleWord(role)), address(account)));
    return Numeric.toBigInt(chain.call(question, "latest")).signum() > 0;
  }

  private static String roleWord(String role) {
    return EscrowEvents.topicOf(role).substring(2);
  }

  private static String newKey() {
    try {
      return Numeric.toHexStringNoPrefixZeroPadded(Keys.createEcKeyPair().getPrivateKey(), 64);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java can't make secp256k1 keys", e);
    }
  }

  private static Optional<String> option(List<String> args, String name) {
    int at = args.indexOf(name);
    return at >= 0 && at + 1 < args.size() ? Optional.of(args.get(at + 1)) : Optional.empty();
  }
}
