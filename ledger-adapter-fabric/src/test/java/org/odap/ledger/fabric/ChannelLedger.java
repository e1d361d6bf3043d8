package org.odap.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.hyperledger.fabric.client.GatewayException;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.ledger.fabric.assets.Answers;
import org.odap.ledger.fabric.evidence.BlockEvidence;
import org.odap.ledger.fabric.network.Failures;
import org.odap.ledger.fabric.network.IdentityFiles;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.operation.OtherChaincodes;
import org.odap.ledger.fabric.step.FabricLedger;
import org.odap.ledger.fabric.submission.Carried;
import org.odap.ledger.fabric.submission.ChaincodeOrder;
import org.odap.ledger.fabric.submission.Runner;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.conformance.LedgerUnderTest;
import org.odap.runtime.ledger.conformance.TransferUnderTest;

/** A channel with the chaincode behind two adapters; classes and accounts are made for the test. */
final class ChannelLedger implements LedgerUnderTest, AutoCloseable {
  static final String DLT_SYSTEM = "fabric-under-test";

  private static final Duration WAIT = Duration.ofSeconds(30);

  private final NetworkFile network;
  private final Path folder;
  private final Options options;
  private final IdentityFiles gateway;
  private final FabricLedger adapter;
  private final FabricLedger replica;
  private final Peer anybody;
  private final String titles = "titles-" + UUID.randomUUID();
  private final String cash = "cash-" + UUID.randomUUID();
  private final Map<String, IdentityFiles> owners = new ConcurrentHashMap<>();

  /** How the adapters are set up. */
  record Options(Duration stepWait, BlockEvidence.Form form, List<OtherChaincodes.Allowed> others) {
    static Options standard() {
      return new Options(WAIT, BlockEvidence.Form.BLOCK, List.of());
    }

    Options waitingAtMost(Duration time) {
      return new Options(time, form, others);
    }

    Options with(OtherChaincodes.Allowed... chaincodes) {
      return new Options(stepWait, form, List.of(chaincodes));
    }
  }

  ChannelLedger(NetworkFile network, Options options) {
    this.network = network;
    this.options = options;
    try {
      this.folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "fabric-ledger");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    this.gateway = network.enroll(folder, "gateway", "client", "odap.gateway", "odap.issuer");
    this.anybody = peer(network.enroll(folder, "anybody", "client"));
    IdentityFiles admin = network.enroll(folder, "admin", "admin", "odap.admin");
    carryOut(admin, "DefineClass", titles, "UNIQUE");
    carryOut(admin, "DefineClass", cash, "FUNGIBLE");
    this.adapter = adapterOf(gateway);
    this.replica = adapterOf(gateway);
  }

  /** One more adapter of the same gateway. */
  FabricLedger adapterOf(IdentityFiles identity) {
    return new FabricLedger(
        peer(identity),
        new FabricLedger.Terms(
            DLT_SYSTEM,
            network.chaincode(),
            Duration.ofSeconds(2),
            options.stepWait(),
            options.form(),
            131_072,
            options.others(),
            network.known(DLT_SYSTEM)));
  }

  Peer peer(IdentityFiles identity) {
    return new Peer(network.peer(), network.channel(), List.of(), identity);
  }

  IdentityFiles gatewayIdentity() {
    return gateway;
  }

  IdentityFiles newIdentity(String name, String... roles) {
    return network.enroll(folder, name, "client", roles);
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
    return titles;
  }

  @Override
  public String fungibleClass() {
    return cash;
  }

  @Override
  public String unknownClass() {
    return "unknown-" + UUID.randomUUID();
  }

  @Override
  public String newAccount() {
    return network.mspId() + "/user-" + UUID.randomUUID();
  }

  @Override
  public String malformedAccount() {
    return "nobody";
  }

  @Override
  public void mint(Asset asset, String owner) {
    TransferUnderTest.done(
        adapter.create(
            CreateRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setAsset(asset)
                .setOwner(owner)
                .build()));
  }

  @Override
  public void approve(Asset asset, String owner) {
    String idOrAmount =
        asset.getKind() == AssetKind.ASSET_KIND_UNIQUE ? asset.getAssetId() : asset.getAmount();
    carryOut(identityOf(owner), "Approve", asset.getAssetClass(), idOrAmount, network.mspId());
  }

  /** The person behind an account, who is enrolled when he first does something. */
  private IdentityFiles identityOf(String account) {
    return owners.computeIfAbsent(
        account,
        owner -> network.enroll(folder, owner.substring(owner.indexOf('/') + 1), "client"));
  }

  @Override
  public void advancePast(long instant) {
    Await.until("the lock ends", () -> adapter.describe().getLedgerTime() > instant);
  }

  @Override
  public void reclaim(String transferId) {
    carryOut(gateway, "UnlockExpired", transferId);
  }

  @Override
  public long shortLockMillis() {
    return 5_000;
  }

  @Override
  public BigInteger supply(String assetClass) {
    return new BigInteger(ask("GetSupply", assetClass).path("supply").asText());
  }

  @Override
  public BigInteger balance(String assetClass, String account) {
    return new BigInteger(ask("GetBalance", assetClass, account).path("free").asText());
  }

  @Override
  public Optional<String> owner(Asset asset) {
    try {
      byte[] answer =
          anybody.evaluate(
              Invocation.of(
                  network.chaincode(), "GetAsset", asset.getAssetClass(), asset.getAssetId()));
      return Answers.parse(answer).map(told -> told.path("owner").asText());
    } catch (GatewayException e) {
      assertThat(Failures.of(e).words()).startsWith("ASSET_UNKNOWN");
      return Optional.empty();
    }
  }

  /** Has somebody do something on the chaincode. */
  void carryOut(IdentityFiles identity, String function, String... arguments) {
    try (Peer peer = peer(identity);
        Runner runner = new Runner(peer, WAIT)) {
      assertThat(
              runner.carryOut(
                  new ChaincodeOrder(Invocation.of(network.chaincode(), function, arguments))))
          .isInstanceOf(Carried.Done.class);
    }
  }

  private JsonNode ask(String function, String... arguments) {
    return Answers.parse(
            anybody.asked(
                () -> anybody.evaluate(Invocation.of(network.chaincode(), function, arguments))))
        .orElseThrow();
  }

  @Override
  public void close() {
    adapter.close();
    replica.close();
    anybody.close();
  }
}
