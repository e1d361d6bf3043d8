package org.odap.ledger.ethereum;

import static org.odap.ledger.ethereum.escrow.EscrowCalls.address;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.encode;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.Log;
import org.odap.ledger.ethereum.development.DevelopmentContracts;
import org.odap.ledger.ethereum.development.Wallet;
import org.odap.ledger.ethereum.escrow.Escrow;
import org.odap.ledger.ethereum.escrow.EscrowCalls;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.finality.FinalityRule;
import org.odap.ledger.ethereum.step.EthereumLedger;
import org.odap.ledger.ethereum.step.Tokens;
import org.odap.ledger.ethereum.submission.FeeRule;
import org.odap.ledger.ethereum.submission.Outbox;
import org.odap.ledger.ethereum.submission.SigningAccount;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.conformance.LedgerUnderTest;
import org.web3j.abi.datatypes.generated.Uint256;

/** The Ethereum adapter and a replica of it, with an account each, in front of an anvil node. */
final class AnvilLedger implements LedgerUnderTest, AutoCloseable {
  static final String DLT_SYSTEM = "ethereum-test";
  private static final BigInteger FEE_LIMIT = BigInteger.valueOf(500_000_000_000L);

  private final Anvil anvil;
  private final DevelopmentContracts contracts;
  private final Tokens tokens;
  private final Options options;
  private final EthereumLedger adapter;
  private final EthereumLedger replica;
  private final ConcurrentMap<String, Wallet> wallets = new ConcurrentHashMap<>();

  /** What tests vary. */
  record Options(FinalityRule finality, Duration stuckAfter, Duration waitAtMost) {
    static Options standard() {
      return new Options(new FinalityRule.Instant(), Duration.ofMinutes(1), Duration.ofSeconds(30));
    }

    Options with(FinalityRule other) {
      return new Options(other, stuckAfter, waitAtMost);
    }

    Options waitingAtMost(Duration time) {
      return new Options(finality, stuckAfter, time);
    }
  }

  AnvilLedger(Anvil anvil, Options options) {
    this(anvil, options, new DevelopmentContracts(anvil.chain()));
  }

  AnvilLedger(Anvil anvil, Options options, DevelopmentContracts contracts) {
    this.anvil = anvil;
    this.options = options;
    this.contracts = contracts;
    this.tokens = new Tokens(anvil.chain());
    this.adapter = adapterOf(appointed());
    this.replica = adapterOf(appointed());
  }

  /** A new account that may act as gateway. */
  Wallet appointed() {
    Wallet wallet = Wallet.funded(anvil.chain());
    contracts.appoint(wallet.address());
    return wallet;
  }

  /** One more adapter, as after a restart if the account was used before. The caller closes it. */
  EthereumLedger adapterOf(Wallet account) {
    return adapterOf(account, options.stuckAfter());
  }

  /** The same, with another patience for transactions without a block. */
  EthereumLedger adapterOf(Wallet account, Duration stuckAfter) {
    Chain chain = new Chain(anvil.url(), Duration.ofSeconds(10), Map.of());
    Outbox outbox =
        new Outbox(
            chain,
            chain.chainId(),
            SigningAccount.ofKey(account.key()),
            new FeeRule(BigInteger.ZERO, FEE_LIMIT),
            stuckAfter,
            Duration.ofMillis(50));
    outbox.start();
    return new EthereumLedger(
        chain,
        outbox,
        new EthereumLedger.Terms(
            DLT_SYSTEM,
            chain.chainId(),
            contracts.escrow(),
            contracts.startBlock(),
            options.finality(),
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            options.waitAtMost()));
  }

  DevelopmentContracts contracts() {
    return contracts;
  }

  Anvil anvil() {
    return anvil;
  }

  Wallet wallet(String account) {
    return wallets.get(account);
  }

  @Override
  public LedgerAdapter adapter() {
    return adapter;
  }

  @Override
  public LedgerAdapter replica() {
    return replica;
  }

  @Override
  public String uniqueClass() {
    return contracts.title().text();
  }

  @Override
  public String fungibleClass() {
    return contracts.cash().text();
  }

  @Override
  public String unknownClass() {
    return newAccount();
  }

  @Override
  public String newAccount() {
    Wallet wallet = Wallet.funded(anvil.chain());
    wallets.put(wallet.address().text(), wallet);
    return wallet.address().text();
  }

  @Override
  public String malformedAccount() {
    // One digit short of an address.
    return newAccount().substring(0, 41);
  }

  @Override
  public void mint(Asset asset, String owner) {
    if (asset.getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      contracts.mintTitle(new Address(owner), new BigInteger(asset.getAssetId()));
    } else {
      contracts.mintCash(new Address(owner), new BigInteger(asset.getAmount()));
    }
  }

  @Override
  public void approve(Asset asset, String owner) {
    boolean unique = asset.getKind() == AssetKind.ASSET_KIND_UNIQUE;
    String number = unique ? asset.getAssetId() : asset.getAmount();
    wallet(owner)
        .call(
            new Address(asset.getAssetClass()),
            encode("approve", address(contracts.escrow()), new Uint256(new BigInteger(number))));
  }

  @Override
  public void advancePast(long instant) {
    anvil.setNextBlockTime(instant / 1_000 + 1);
    anvil.mine(1);
  }

  @Override
  public void reclaim(String transferId) {
    Wallet anybody = Wallet.funded(anvil.chain());
    anybody.call(
        contracts.escrow(), EscrowCalls.unlockExpired(TransferId.parse(transferId).orElseThrow()));
  }

  @Override
  public void awaitFinality() {
    anvil.mine(1);
  }

  @Override
  public BigInteger supply(String assetClass) {
    Address token = new Address(assetClass);
    return token.equals(contracts.cash())
        ? tokens.totalSupply(token)
        : BigInteger.valueOf(titlesInExistence());
  }

  @Override
  public BigInteger balance(String assetClass, String account) {
    return tokens.balanceOf(new Address(assetClass), new Address(account));
  }

  @Override
  public Optional<String> owner(Asset asset) {
    Address token = new Address(asset.getAssetClass());
    BigInteger id = new BigInteger(asset.getAssetId());
    Escrow escrow = new Escrow(anvil.chain(), contracts.escrow());
    return tokens
        .ownerOf(token, id)
        .map(owner ->
            owner.equals(contracts.escrow())
                ? escrow
                    .lockHolder(token, id)
                    .map(transfer -> escrow.transferOf(transfer).sent().owner())
                    .orElseThrow()
                : owner)
        .map(Address::text);
  }

  @Override
  public void close() {
    adapter.close();
    replica.close();
  }

  /** ERC-721 keeps no count: titles made less titles burned. */
  private long titlesInExistence() {
    String transfer = EscrowEvents.topicOf("Transfer(address,address,uint256)");
    String nobody = "0x" + "0".repeat(64);
    long balance = 0;
    for (Log log :
        anvil
            .chain()
            .logs(
                List.of(contracts.title().text()),
                List.of(List.of(transfer)),
                contracts.startBlock(),
                anvil.chain().blockNumber())) {
      balance += log.topics().get(1).equals(nobody) ? 1 : 0;
      balance -= log.topics().get(2).equals(nobody) ? 1 : 0;
    }
    return balance;
  }
}
