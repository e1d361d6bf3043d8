package org.odap.gateway.client;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.odap.core.attestation.Attestation;
import org.odap.core.session.Session;
import org.odap.gateway.GatewayConfig;
import org.odap.gateway.application.ApplicationProfiles;
import org.odap.gateway.driver.TransferDriver;
import org.odap.gateway.history.TransferHistory;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.peer.CertifiedKeys;
import org.odap.gateway.peer.Peer;
import org.odap.gateway.peer.Peers;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.gateway.profile.ProfileRules;
import org.odap.gateway.quorum.QuorumKeys;
import org.odap.runtime.identity.TlsMaterial;

/** Puts the clients' services together. */
public final class ClientApi {
  private ClientApi() {}

  /** The transfer service over a driver. */
  public static TransferEndpoint transfers(
      TransferDriver driver,
      TransferHistory history,
      Ledgers ledgers,
      AssetProfiles profiles,
      ApplicationProfiles applications,
      Known known,
      TransferAccess access,
      Counterpart counterpart,
      Attestation attestation,
      QuorumKeys quorums,
      GatewayConfig config,
      Clock clock) {
    Orders orders =
        new Orders(
            profiles,
            new ProfileRules(config.policy().profiles()),
            applications,
            ledgers,
            config.timing(),
            config.policy().loggingProfile(),
            known,
            quorums,
            counterpart,
            attestation,
            clock);
    return new TransferEndpoint(driver, history, orders, ledgers, profiles, known, access);
  }

  /**
   * This gateway and its peers, as their certificates name them.
   *
   * @param replicas keys of this gateway and of the others with its identity
   */
  public record Known(TlsMaterial tls, CertifiedKeys replicas, Peers all)
      implements TransferEndpoint.Certificates, Orders.Parties {
    @Override
    public String identity() {
      return tls.identity().uri();
    }

    @Override
    public String pubkey() {
      return tls.signingKey().publicKey();
    }

    @Override
    public List<String> own(Session session) {
      return replicas.pems(session.openingOwnPubkey(), session::isOwnKey);
    }

    @Override
    public List<String> ofPeer(Session session) {
      String peer = session.peerIdentity();
      // Of a peer that is none any more its own gateway has the certificates.
      return (peer.equals(identity()) ? Optional.of(replicas) : all.find(peer).map(Peer::keys))
          .map(keys -> keys.pems(session.openingPeerPubkey(), session::isPeerKey))
          .orElse(List.of());
    }

    @Override
    public Set<String> peers() {
      return all.identities();
    }

    @Override
    public String pubkeyOf(String gateway) {
      return gateway.equals(identity()) ? pubkey() : all.get(gateway).pubkey();
    }

    @Override
    public Optional<String> anyInFrontOf(String dltSystem) {
      return all.anyInFrontOf(dltSystem);
    }
  }
}
