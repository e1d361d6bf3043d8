package org.odap.ledger.ethereum;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.step.EthereumLedger;
import org.odap.ledger.ethereum.submission.FeeRule;
import org.odap.ledger.ethereum.submission.Outbox;
import org.odap.ledger.ethereum.submission.SigningAccount;
import org.odap.runtime.ledger.LedgerServiceEndpoint;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;

/** The Ethereum adapter as a process. */
public final class EthereumLedgerMain {
  private EthereumLedgerMain() {}

  public static void main(String... args) {
    service().run(args);
  }

  /** The service, to be started from a configuration file or inside another JVM. */
  public static ServiceMain<EthereumLedgerConfig> service() {
    return ServiceMain.of("ledger-ethereum", EthereumLedgerConfig.class, EthereumLedgerMain::wire);
  }

  private static void wire(EthereumLedgerConfig config, ServiceAssembly service)
      throws IOException {
    SigningAccount account = SigningAccount.read(config.accountKeyFile());
    Address escrow = Address.ofHex(config.escrow());
    Chain chain = new Chain(config.nodeUrl(), config.nodeTimeout(), nodeHeaders(config));
    service.add(new NodeWatch(chain, config.chainId(), escrow, service.health()));
    Outbox outbox =
        new Outbox(
            chain,
            config.chainId(),
            account,
            new FeeRule(
                BigInteger.valueOf(config.fees().tipMinWei()),
                BigInteger.valueOf(config.fees().perGasMaxWei())),
            config.fees().stuckAfter(),
            config.pollInterval());
    EthereumLedger ledger =
        new EthereumLedger(
            chain,
            outbox,
            new EthereumLedger.Terms(
                config.dltSystem(),
                config.chainId(),
                escrow,
                config.startBlock(),
                config.finality().toRule(),
                config.finality().usualTime(),
                config.pollInterval(),
                config.stepWait()));
    EthereumLedgerMetrics.register(service.metrics(), outbox, ledger);
    service.add(new LedgerPart(ledger, outbox));
    service.serve(new LedgerServiceEndpoint(ledger));
  }

  private static Map<String, String> nodeHeaders(EthereumLedgerConfig config) throws IOException {
    return config.nodeAuthorizationFile().isEmpty()
        ? Map.of()
        : Map.of("Authorization", Files.readString(config.nodeAuthorizationFile().get()).strip());
  }

  private record LedgerPart(EthereumLedger ledger, Outbox outbox) implements Part {
    @Override
    public String name() {
      return "ethereum-ledger";
    }

    @Override
    public void start() {
      outbox.start();
    }

    @Override
    public void stop(Duration limit) {
      ledger.close();
    }
  }
}
