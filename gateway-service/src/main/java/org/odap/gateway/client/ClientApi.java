package org.odap.gateway.client;

import io.grpc.BindableService;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.driver.TransferDriver;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.peer.Peers;
import org.odap.gateway.policy.AssetProfiles;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.TlsMaterial;

/** Puts the clients' services together. */
public final class ClientApi {
  private ClientApi() {}

  /** The transfer service over a driver. */
  public static BindableService transfers(
      TransferDriver driver,
      Ledgers ledgers,
      AssetProfiles profiles,
      Peers peers,
      TimingConfig timing,
      TlsMaterial tls,
      Clock clock) {
    Known known = new Known(tls, peers);
    Orders orders =
        new Orders(profiles, ledgers, timing, known::pubkeyOf, tls.signingKey().publicKey(), clock);
    return new TransferEndpoint(driver, orders, ledgers, profiles, known);
  }

  /** This gateway and its peers, as their certificates name them. */
  private record Known(TlsMaterial tls, Peers all) implements TransferEndpoint.Certificates {
    @Override
    public String identity() {
      return tls.identity().uri();
    }

    @Override
    public String pubkey() {
      return tls.signingKey().publicKey();
    }

    @Override
    public List<String> own() {
      return tls.chain().stream().map(Pem::text).toList();
    }

    @Override
    public List<String> ofPeer(String peer) {
      return peer.equals(identity()) ? own() : all.get(peer).certificates();
    }

    @Override
    public Set<String> peers() {
      return all.identities();
    }

    String pubkeyOf(String gateway) {
      return gateway.equals(identity()) ? pubkey() : all.get(gateway).pubkey();
    }
  }
}
