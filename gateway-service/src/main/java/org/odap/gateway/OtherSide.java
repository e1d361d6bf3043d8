package org.odap.gateway;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.odap.core.envelope.OdapMessage;
import org.odap.gateway.GatewayConfig.ResourcesConfig;
import org.odap.gateway.GatewayConfig.TravelRuleConfig;
import org.odap.gateway.client.Counterpart;
import org.odap.gateway.directory.ActiveVasps;
import org.odap.gateway.directory.DirectoryCounterpart;
import org.odap.gateway.directory.KnownCounterparties;
import org.odap.gateway.directory.KnownCounterparties.Known;
import org.odap.gateway.directory.OffDltResources;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.peer.PeerLink;
import org.odap.gateway.peer.Peers;
import org.odap.gateway.policy.ProposalRule;
import org.odap.gateway.travelrule.TravelRule;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;

/** Puts together what this gateway asks of the other side: active VASPs, travel-rule data. */
record OtherSide(
    Optional<ActiveVasps> activeOnly, Optional<TravelRule> travelRule, Counterpart counterpart) {
  static OtherSide of(
      GatewayConfig config, GatewaySelf self, Peers peers, Optional<OffDltResources> resources) {
    if (resources.isEmpty()) {
      return new OtherSide(Optional.empty(), Optional.empty(), Counterpart.UNKNOWN);
    }
    OffDltResources server = resources.get();
    BiFunction<String, String, List<X509Certificate>> chains =
        (gateway, pubkey) -> peers.get(gateway).keys().chain(pubkey);
    Optional<ActiveVasps> activeOnly =
        config
            .resources()
            .filter(rules -> rules.activeVaspsOnly() || rules.peers().isPresent())
            .map(rules ->
                new ActiveVasps(
                    server::vasp, chains, gateway -> isExempt(gateway, rules, self, peers)));
    Optional<TravelRule> travelRule =
        config
            .travelRule()
            .map(rules ->
                new TravelRule(
                    rules,
                    Pem.privateKey(rules.key()),
                    new KnownCounterparties(known(config, rules, self), server::vasp),
                    server.archive(rules.readers())));
    return new OtherSide(
        activeOnly,
        travelRule,
        new DirectoryCounterpart(server, activeOnly, travelRule, self.identity(), peers::chosen));
  }

  /** Whoever is known from the directory alone is dealt with while the directory speaks for him. */
  private static boolean isExempt(
      String gateway, ResourcesConfig rules, GatewaySelf self, Peers peers) {
    return gateway.equals(self.identity())
        || (!rules.activeVaspsOnly() && peers.isConfigured(gateway));
  }

  List<ProposalRule> rules() {
    List<ProposalRule> rules = new ArrayList<>();
    activeOnly.ifPresent(rules::add);
    rules.add(travelRule.map(ProposalRule.class::cast).orElse(TravelRule.NONE_TAKEN));
    return rules;
  }

  PeerLink around(PeerLink link) {
    return travelRule.map(rule -> rule.keeping(link)).orElse(link);
  }

  void agreed(OdapMessage request, OdapMessage answer) {
    travelRule.ifPresent(rule -> rule.keepAgreed(request, answer));
  }

  private static Map<String, Known> known(
      GatewayConfig config, TravelRuleConfig rules, GatewaySelf self) {
    Map<String, Known> known = new HashMap<>();
    config
        .peers()
        .forEach(peer ->
            known.put(peer.target().identity(), new Known(peer.vasp(), peer.encryptionPubkey())));
    known.put(
        self.identity(),
        new Known(
            Optional.of(rules.vasp()), Optional.of(SigningKey.read(rules.key()).publicKey())));
    return known;
  }
}
