package org.odap.gateway;

import io.grpc.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.odap.core.attestation.Attestation;
import org.odap.gateway.GatewayConfig.AttestationConfig;
import org.odap.gateway.GatewayConfig.Attesting;
import org.odap.gateway.attestation.AttestationGate;
import org.odap.gateway.attestation.AttestationMetrics;
import org.odap.gateway.attestation.OwnMachine;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.peer.Machine;
import org.odap.gateway.peer.Peers;
import org.odap.runtime.lifecycle.ServiceAssembly;

/** Puts together what this gateway proves of its machine, and what it asks of others'. */
record WiredAttestation(Attestation gate, Machine own, Consumer<String> away) {
  /** A session's other gateway was away: its machine may have been started anew. */
  void forget(String sessionId) {
    away.accept(sessionId);
  }

  static WiredAttestation of(
      GatewayConfig config, GatewaySelf self, Peers peers, ServiceAssembly service) {
    if (config.attestation().isEmpty()) {
      return new WiredAttestation(
          Attestation.UNASKED, OwnMachine.of(self, Duration.ZERO, Optional.empty()), session -> {});
    }
    AttestationConfig rules = config.attestation().get();
    Channel attester = service.channel(rules.service());
    Channel verifier = rules.verifier().<Channel>map(service::channel).orElse(attester);
    Map<String, Attesting> configured =
        config.peers().stream()
            .collect(
                Collectors.toMap(
                    peer -> peer.target().identity(), GatewayConfig.PeerConfig::attestation));
    // Who deals with itself knows its own machine.
    configured.put(self.identity(), Attesting.OFF);
    AttestationGate gate =
        new AttestationGate(
            gateway -> configured.getOrDefault(gateway, rules.listedPeers()),
            about -> peers.get(about.gateway()).link().machine(about.tlsPublicKey()),
            verifier,
            rules.deadline(),
            rules.renewBefore(),
            new AttestationMetrics(service.metrics()));
    return new WiredAttestation(
        gate, OwnMachine.of(self, rules.deadline(), Optional.of(attester)), gate::forget);
  }
}
