package org.odap.ledger.ethereum;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.finality.FinalityRule;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;

/** What an operator sets for the Ethereum adapter. */
public record EthereumLedgerConfig(
    TlsFiles tls,
    RpcServerConfig server,
    OperationsConfig operations,
    @Description("name of the ledger between gateways (DLT system)") @Bounds(min = "1", max = "256")
        String dltSystem,
    @Description("JSON-RPC address of the Ethereum node, http or https") URI nodeUrl,
    @Description("file whose text is sent to the node as the Authorization header")
        Optional<Path> nodeAuthorizationFile,
    @Description("longest time the node may take for an answer")
        @Default("10s")
        @Bounds(min = "100ms", max = "5m")
        Duration nodeTimeout,
    @Description("chain id the node must have; a node of another chain stops the start")
        @Bounds(min = "1")
        long chainId,
    @Description("address of the escrow contract, mixed case (ERC-55)") String escrow,
    @Description("block the escrow was deployed in: nothing is looked for before it")
        @Default("0")
        @Bounds(min = "0")
        long startBlock,
    @Description("file with the private key of the account that acts as gateway; closed to others")
        Path accountKeyFile,
    FinalityConfig finality,
    FeeConfig fees,
    @Description("pause between looks at the chain while a step is not final")
        @Default("500ms")
        @Bounds(min = "10ms", max = "1m")
        Duration pollInterval,
    @Description(
            "time after which a step is answered as submitted, if the caller sets no nearer one")
        @Default("30s")
        @Bounds(min = "100ms", max = "1h")
        Duration stepWait)
    implements ServiceConfig, Checked {

  /** The rules there are. */
  public enum FinalityKind {
    INSTANT,
    CONFIRMATIONS,
    FINALIZED_TAG
  }

  /** When a block counts as final. */
  public record FinalityConfig(
      @Description("instant (QBFT, IBFT 2), confirmations, or finalized-tag (proof of stake)")
          FinalityKind rule,
      @Description("blocks on top of a step's block, for the rule confirmations")
          @Default("12")
          @Bounds(min = "1", max = "10000")
          int confirmations,
      @Description("usual time from submission to finality, told to gateways")
          @Default("5s")
          @Bounds(min = "1ms", max = "1d")
          Duration usualTime) {

    FinalityRule toRule() {
      return switch (rule) {
        case INSTANT -> new FinalityRule.Instant();
        case CONFIRMATIONS -> new FinalityRule.Confirmations(confirmations);
        case FINALIZED_TAG -> new FinalityRule.FinalizedTag();
      };
    }
  }

  /** What is offered for gas, in wei (10^9 wei = 1 gwei). */
  public record FeeConfig(
      @Description("least tip per gas in wei, where the node suggests less")
          @Default("0")
          @Bounds(min = "0")
          long tipMinWei,
      @Description("most that is ever offered per gas, in wei")
          @Default("500000000000")
          @Bounds(min = "1")
          long perGasMaxWei,
      @Description("time without a block after which a transaction is replaced by a dearer one")
          @Default("60s")
          @Bounds(min = "100ms", max = "1h")
          Duration stuckAfter) {}

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    String scheme = Optional.ofNullable(nodeUrl.getScheme()).orElse("");
    if (!scheme.equals("http") && !scheme.equals("https")) {
      mistakes.add("node-url: value: " + nodeUrl + " (expected: http or https)");
    }
    if (Address.parse(escrow).isEmpty()) {
      mistakes.add("escrow: value: " + escrow + " (expected: an ERC-55 address)");
    }
    return mistakes;
  }
}
