package org.odap.ledger.fabric.network;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** The peer whose Gateway service is used. */
public record PeerConfig(
    @Description("host:port of a peer's Gateway service") String address,
    @Description("certificates of the TLS authorities the peer may have, PEM") Path trusted,
    @Description("name the peer's TLS certificate has, where it is not the address's")
        Optional<String> serverName,
    @Description("own TLS certificate, PEM, where the peer demands one") Optional<Path> certificate,
    @Description("private key of the own TLS certificate, PEM (PKCS#8)") Optional<Path> key,
    @Description("longest time for a question") @Default("10s") @Bounds(min = "100ms", max = "5m")
        Duration evaluateTimeout,
    @Description("longest time for the endorsement of a transaction")
        @Default("15s")
        @Bounds(min = "100ms", max = "5m")
        Duration endorseTimeout,
    @Description("longest time for the orderer to take a transaction")
        @Default("5s")
        @Bounds(min = "100ms", max = "5m")
        Duration submitTimeout,
    @Description(
            "time after which a transaction that is in no block yet is handed in again; several"
                + " times the orderer's batch timeout")
        @Default("6s")
        @Bounds(min = "100ms", max = "5m")
        Duration commitTimeout,
    @Description("largest answer taken of the peer, bytes; a block of the channel must fit")
        @Default("104857600")
        @Bounds(min = "1048576", max = "1073741824")
        int messageBytesMax)
    implements Checked {

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (!address.matches("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):\\d{1,5}")) {
      mistakes.add("address: value: " + address + " (expected: host:port)");
    }
    if (certificate.isPresent() != key.isPresent()) {
      mistakes.add("certificate: certificate and key (expected: both or none)");
    }
    return mistakes;
  }
}
