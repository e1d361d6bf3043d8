package org.odap.ledger.fabric.chaincode;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.contract.ContractRouter;
import org.hyperledger.fabric.shim.ChaincodeServer;
import org.hyperledger.fabric.shim.NettyGrpcServer;

/**
 * The chaincode as a program. With CHAINCODE_SERVER_ADDRESS it is a service that peers connect to;
 * without, it connects to the peer that started it, as packaged chaincode does.
 */
public final class ChaincodeMain {
  private static final Logger LOG = Logger.getLogger(ChaincodeMain.class.getName());
  private static final int EXIT_MISCONFIGURED = 78;

  private ChaincodeMain() {}

  /** Runs until the process is told to end. */
  public static void main(String[] arguments) throws Exception {
    if (System.getenv().getOrDefault(ServiceEnvironment.ADDRESS, "").isEmpty()) {
      ContractRouter.main(arguments);
      return;
    }
    try {
      serve(ServiceEnvironment.read(System.getenv()), arguments);
    } catch (IllegalArgumentException e) {
      LOG.log(Level.SEVERE, "The environment is not right:\n{0}", e.getMessage());
      System.exit(EXIT_MISCONFIGURED);
    }
  }

  private static void serve(ServiceEnvironment environment, String[] arguments)
      throws IOException, InterruptedException {
    ContractRouter router = new ContractRouter(arguments);
    NettyGrpcServer server = new NettyGrpcServer(router, environment.serverProperties());
    router.startRouterWithChaincodeServer(
        new ChaincodeServer() {
          @Override
          public void start() throws IOException, InterruptedException {
            server.start();
            LOG.log(Level.INFO, "The chaincode listens at {0}", environment.address());
            server.blockUntilShutdown();
          }

          @Override
          public void stop() {
            server.stop();
          }
        });
  }
}
