package org.odap.ledger.fabric.development;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.shim.Chaincode;
import org.odap.ledger.fabric.chaincode.OdapContract;
import org.odap.ledger.fabric.development.simulation.ContractChaincode;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.config.ConfigFile;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** A development peer as a process of its own. */
public final class DevelopmentPeerMain {
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  private DevelopmentPeerMain() {}

  /** Arguments: {@code --config <file.yaml>}, or {@code --describe-config}. */
  public static void main(String[] args) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) {
    if (args.equals(List.of("--describe-config"))) {
      System.out.print(ConfigFile.describe(DevelopmentPeerConfig.class));
      return 0;
    }
    if (args.size() != 2 || !args.getFirst().equals("--config")) {
      System.err.println("usage: --config <file.yaml> | --describe-config");
      return EXIT_USAGE;
    }
    try {
      serve(ConfigFile.read(Path.of(args.getLast()), DevelopmentPeerConfig.class));
      return 0;
    } catch (ConfigException | ReflectiveOperationException e) {
      System.err.println(e.getMessage());
      return EXIT_USAGE;
    } catch (IOException e) {
      System.err.println("fabric-development-peer: " + e.getMessage());
      return EXIT_FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return EXIT_FAILED;
    }
  }

  private static void serve(DevelopmentPeerConfig config)
      throws IOException, ReflectiveOperationException, InterruptedException {
    DevelopmentPeer peer = DevelopmentPeer.start(config, chaincodes(config.chaincodes()));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(peer), "stop"));
    StringBuilder ready = new StringBuilder("ready fabric-development-peer port=" + peer.port());
    if (config.controlPort().isPresent()) {
      FaultControl control = FaultControl.start(peer.faults(), config.controlPort().get());
      ready.append(" control=").append(control.port());
    }
    if (config.portFile().isPresent()) {
      writePort(config.portFile().get(), peer.port());
    }
    System.out.println(ready);
    System.out.flush();
    // Until somebody ends the process.
    new CountDownLatch(1).await();
  }

  private static Map<String, Chaincode> chaincodes(Map<String, String> configured)
      throws ReflectiveOperationException {
    Map<String, Chaincode> all = new HashMap<>();
    all.put("odap", ContractChaincode.of(OdapContract.class));
    for (Map.Entry<String, String> chaincode : configured.entrySet()) {
      all.put(
          chaincode.getKey(),
          ContractChaincode.of(
              Class.forName(chaincode.getValue()).asSubclass(ContractInterface.class)));
    }
    return all;
  }

  private static void stop(DevelopmentPeer peer) {
    try {
      peer.close();
    } catch (IOException e) {
      System.err.println("fabric-development-peer: " + e.getMessage());
    }
  }

  private static void writePort(Path file, int port) throws IOException {
    // Moved into place, so that whoever waits for the file never reads half of it.
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, port + "\n");
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
