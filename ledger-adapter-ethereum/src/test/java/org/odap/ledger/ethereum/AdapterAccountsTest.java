package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.ledger.ethereum.administration.AdapterAccounts;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.development.DevelopmentContracts;
import org.odap.ledger.ethereum.development.Wallet;
import org.odap.ledger.ethereum.escrow.EscrowCalls;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.submission.SigningAccount;

/** The command by which an operator gives each adapter an account of its own. */
class AdapterAccountsTest {
  private static final Pattern TO_SIGN = Pattern.compile("to sign: to (\\S+) value 0 data (\\S+)");

  @TempDir Path folder;
  private Anvil anvil;
  private DevelopmentContracts contracts;
  private Path accountKey;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void start() throws IOException {
    anvil = Anvil.start();
    contracts = new DevelopmentContracts(anvil.chain());
    accountKey = folder.resolve("adapter-2.key");
    SigningAccount.write(administratorKey(), contracts.administrator().key());
  }

  @AfterEach
  void stop() {
    anvil.close();
  }

  private Path administratorKey() {
    return folder.resolve("administrator.key");
  }

  private int command(String... arguments) {
    return command(contracts.escrow(), arguments);
  }

  private int command(Address escrow, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--node-url", anvil.url().toString(), "--escrow", escrow.text()));
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return AdapterAccounts.run(all, out, out);
  }

  private int enrol(String... more) {
    List<String> all =
        new ArrayList<>(List.of("enrol", "--account-key-file", accountKey.toString()));
    all.addAll(List.of(more));
    return command(all.toArray(String[]::new));
  }

  private int enrolAsAdministrator() {
    return enrol(
        "--issuer",
        "yes",
        "--ether",
        "2",
        "--administrator-key-file",
        administratorKey().toString());
  }

  private Address account() throws IOException {
    return SigningAccount.read(accountKey).address();
  }

  /** A transfer step, as the account would do it now. */
  private void step(Address account) {
    String announcement =
        EscrowCalls.logIncoming(
            TransferId.parse("0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001").orElseThrow(),
            contracts.cash(),
            BigInteger.TEN,
            account,
            "11".repeat(32),
            1);
    var _ =
        anvil
            .chain()
            .estimateGas(new CallMessage(account.text(), contracts.escrow().text(), announcement));
  }

  private BigInteger administratorsTransactions() {
    return anvil.chain().transactionCount(contracts.administrator().address().text(), "latest");
  }

  @Test
  @Tag("OURS-8")
  void enrolledAccountMayDoStepsAndHasEther() throws IOException {
    assertThat(enrolAsAdministrator()).isZero();

    step(account());
    assertThat(Files.getPosixFilePermissions(accountKey))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(anvil.chain().ask("eth_getBalance", account().text(), "latest").asString())
        .isEqualTo("0x1bc16d674ec80000");
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("account " + account() + ": GATEWAY_ROLE, ISSUER_ROLE")
        .doesNotContain(Files.readString(accountKey).strip());
  }

  @Test
  @Tag("OURS-8")
  void repeatedEnrolmentKeepsTheKeyAndGivesNoRoleAgain() throws IOException {
    assertThat(enrolAsAdministrator()).isZero();
    Address account = account();
    BigInteger before = administratorsTransactions();

    assertThat(enrol("--administrator-key-file", administratorKey().toString())).isZero();

    assertThat(account()).isEqualTo(account);
    assertThat(administratorsTransactions()).isEqualTo(before);
  }

  @Test
  @Tag("OURS-8")
  void dismissedAccountMayDoNothingMore() throws IOException {
    assertThat(enrolAsAdministrator()).isZero();

    assertThat(
            command(
                "dismiss",
                "--account",
                account().text(),
                "--administrator-key-file",
                administratorKey().toString()))
        .isZero();

    Address dismissed = account();
    assertThatThrownBy(() -> step(dismissed)).isInstanceOf(ChainRefusedException.class);
  }

  /** Its administrator is an account that nobody uses online. */
  @Test
  @Tag("OURS-8")
  void withoutTheAdministratorsKeyTransactionsAreThereToBeSigned() throws IOException {
    assertThat(enrol("--issuer", "yes")).isZero();

    Address account = account();
    assertThatThrownBy(() -> step(account)).isInstanceOf(ChainRefusedException.class);
    List<MatchResult> toSign =
        TO_SIGN.matcher(printed.toString(StandardCharsets.UTF_8)).results().toList();
    assertThat(toSign).hasSize(2);
    Wallet administrator = contracts.administrator();
    toSign.forEach(one -> administrator.call(new Address(one.group(1)), one.group(2)));
    step(account);
  }

  @Test
  @Tag("OURS-8")
  void mistakesAreTold() throws IOException {
    assertThat(command("enrol")).isEqualTo(2);
    assertThat(command("dismiss", "--account", "0x12")).isEqualTo(1);
    assertThat(enrol("--ether", "-1")).isEqualTo(1);
    assertThat(accountKey).doesNotExist();
    assertThat(command(account("nobody"), "enrol", "--account-key-file", accountKey.toString()))
        .isEqualTo(1);
    Path stranger = folder.resolve("stranger.key");
    SigningAccount.write(stranger, Wallet.funded(anvil.chain()).key());
    assertThat(enrol("--administrator-key-file", stranger.toString())).isEqualTo(1);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("usage: enrol", "value: 0x12 (expected: an ERC-55 address)")
        .contains("--ether: value: -1 (expected: such as 1.5)", "(expected: a contract)");
  }

  private Address account(String name) throws IOException {
    Path file = folder.resolve(name + ".key");
    SigningAccount.write(file, Wallet.funded(anvil.chain()).key());
    return SigningAccount.read(file).address();
  }
}
