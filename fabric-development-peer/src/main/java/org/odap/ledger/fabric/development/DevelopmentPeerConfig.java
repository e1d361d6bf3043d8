package org.odap.ledger.fabric.development;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** How a development peer is set up. */
public record DevelopmentPeerConfig(
    @Description("folder of the network's certificates and keys (DevelopmentNetwork)") Path network,
    @Description("folder of the chain; made if it is not there") Path state,
    @Description("name of the channel") @Default("odap-channel") @Bounds(min = "1", max = "249")
        String channel,
    @Description("MSP id of the peer clients call; by default the network's first")
        Optional<String> organization,
    @Description("organizations that have to endorse; 0: all")
        @Default("0")
        @Bounds(min = "0", max = "100")
        int endorsementsMin,
    @Description("longest time a transaction waits for others in its block")
        @Default("200ms")
        @Bounds(min = "1ms", max = "1m")
        Duration batchTimeout,
    @Description("transactions in a block, at most")
        @Default("500")
        @Bounds(min = "1", max = "10000")
        int batchMessagesMax,
    @Description("port on 127.0.0.1; 0 takes a free one")
        @Default("0")
        @Bounds(min = "0", max = "65535")
        int port,
    @Description("TLS; false: plaintext") @Default("true") boolean tls,
    @Description("clients have to show a TLS certificate of an organization") @Default("false")
        boolean clientCertificates,
    @Description("file that gets the port once the peer is ready") Optional<Path> portFile,
    @Description(
            "port on 127.0.0.1 where faults can be ordered; 0 takes a free one; none if absent")
        Optional<Integer> controlPort,
    @Description("contract class of each chaincode by its name; odap is there without")
        Map<String, String> chaincodes) {

  public DevelopmentPeerConfig {
    chaincodes = Map.copyOf(chaincodes);
  }

  /** Everything else as by default. */
  public static DevelopmentPeerConfig of(Path network, Path state) {
    return new DevelopmentPeerConfig(
        network,
        state,
        "odap-channel",
        Optional.empty(),
        0,
        Duration.ofMillis(200),
        500,
        0,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  public DevelopmentPeerConfig withPort(int newPort) {
    return new DevelopmentPeerConfig(
        network,
        state,
        channel,
        organization,
        endorsementsMin,
        batchTimeout,
        batchMessagesMax,
        newPort,
        tls,
        clientCertificates,
        portFile,
        controlPort,
        chaincodes);
  }

  public DevelopmentPeerConfig withBatchTimeout(Duration newTimeout) {
    return new DevelopmentPeerConfig(
        network,
        state,
        channel,
        organization,
        endorsementsMin,
        newTimeout,
        batchMessagesMax,
        port,
        tls,
        clientCertificates,
        portFile,
        controlPort,
        chaincodes);
  }

  public DevelopmentPeerConfig withBatchMessagesMax(int newMax) {
    return new DevelopmentPeerConfig(
        network,
        state,
        channel,
        organization,
        endorsementsMin,
        batchTimeout,
        newMax,
        port,
        tls,
        clientCertificates,
        portFile,
        controlPort,
        chaincodes);
  }

  public DevelopmentPeerConfig withClientCertificates() {
    return new DevelopmentPeerConfig(
        network,
        state,
        channel,
        organization,
        endorsementsMin,
        batchTimeout,
        batchMessagesMax,
        port,
        tls,
        true,
        portFile,
        controlPort,
        chaincodes);
  }
}
