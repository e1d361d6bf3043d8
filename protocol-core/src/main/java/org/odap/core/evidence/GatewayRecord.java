package org.odap.core.evidence;

import com.google.protobuf.Any;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;

/**
 * One gateway's log taken apart: what it said and heard, what its ledger did, who it is. Nothing of
 * it is believed yet.
 */
final class GatewayRecord {
  /** A message where the log first holds it. */
  record Heard(int index, OdapMessage message) {}

  /** A finished ledger step where the log holds it. */
  record Claimed(int index, LedgerClaim claim) {}

  private final GatewayLog log;
  private final List<Act> acts;
  private final List<List<X509Certificate>> chains;
  private final List<List<X509Certificate>> peerChains;
  private final Map<String, Heard> messages = new LinkedHashMap<>();
  private final List<Claimed> claims = new ArrayList<>();
  private final Map<LedgerStep, Integer> plans = new EnumMap<>(LedgerStep.class);
  private final List<Finding> unreadable = new ArrayList<>();

  GatewayRecord(GatewayLog log) {
    this.log = log;
    this.acts = log.getEntriesList().stream().map(Act::of).toList();
    this.chains = chains(log.getCertificatesList(), "certificates");
    this.peerChains = chains(log.getPeerCertificatesList(), "peer_certificates");
    for (int i = 0; i < acts.size(); i++) {
      take(i + 1, acts.get(i), log.getEntries(i).getPayload().getContent());
    }
  }

  private List<List<X509Certificate>> chains(List<String> pems, String field) {
    try {
      return Certificates.chains(Certificates.parse(pems));
    } catch (CertificateException broken) {
      unreadable.add(Finding.about(role(), field + " can't be read as PEM certificates"));
      return List.of();
    }
  }

  private void take(int index, Act act, Any content) {
    switch (act.deed()) {
      case Deed.Said(String name) -> takeMessage(index, name, content);
      case Deed.StepPlanned(LedgerStep step) -> plans.putIfAbsent(step, index);
      case Deed.StepFinished(LedgerClaim claim) -> claims.add(new Claimed(index, claim));
      case Deed.Failed ignored -> {}
      case Deed.Accepted ignored -> {}
      case Deed.Ordered ignored -> {}
      case Deed.Other() -> {}
    }
  }

  private void takeMessage(int index, String name, Any content) {
    try {
      OdapMessage message = OdapMessage.unpack(content);
      messages.putIfAbsent(message.hash(), new Heard(index, message));
    } catch (IllegalArgumentException broken) {
      unreadable.add(new Finding(role(), index, name + " can't be read"));
    }
  }

  String role() {
    return log.getRole();
  }

  boolean sender() {
    return role().equals("sender");
  }

  String gateway() {
    return log.getGateway();
  }

  List<LogEntry> entries() {
    return log.getEntriesList();
  }

  List<Act> acts() {
    return acts;
  }

  /** Chains of the gateway's certificates, that of the replica that opened the session first. */
  List<List<X509Certificate>> chains() {
    return chains;
  }

  /** The same of the other gateway, as this one knew them. */
  List<List<X509Certificate>> peerChains() {
    return peerChains;
  }

  /** The gateway's keys by its certificates: its own and those of its backups. */
  Set<String> publicKeys() {
    return keys(chains);
  }

  Set<String> peerPublicKeys() {
    return keys(peerChains);
  }

  private static Set<String> keys(List<List<X509Certificate>> chains) {
    Set<String> keys = new LinkedHashSet<>();
    chains.forEach(chain -> keys.add(Certificates.publicKey(chain.getFirst())));
    return keys;
  }

  /** Key of the gateway by its first certificate; empty where there is none. */
  String publicKey() {
    return publicKeys().stream().findFirst().orElse("");
  }

  /** Key of the other gateway as this one knew it; empty where there is none. */
  String peerPublicKey() {
    return peerPublicKeys().stream().findFirst().orElse("");
  }

  String senderKey() {
    return sender() ? publicKey() : peerPublicKey();
  }

  String recipientKey() {
    return sender() ? peerPublicKey() : publicKey();
  }

  /** Identity of the other gateway as the first entry names it; empty where there is no entry. */
  String peerGateway() {
    if (log.getEntriesCount() == 0) {
      return "";
    }
    LogEntry first = log.getEntries(0);
    return sender() ? first.getRecipientGatewayUid() : first.getSourceGatewayUid();
  }

  Instant firstInstant() {
    return acts.isEmpty() ? Instant.EPOCH : Instant.ofEpochMilli(acts.getFirst().recordedAt());
  }

  Instant lastInstant() {
    return acts.isEmpty() ? Instant.EPOCH : Instant.ofEpochMilli(acts.getLast().recordedAt());
  }

  /** Every message once, in the log's order. */
  List<Heard> messages() {
    return List.copyOf(messages.values());
  }

  boolean holds(String messageHash) {
    return messages.containsKey(messageHash);
  }

  Optional<Heard> last(MessageType type) {
    return messages().stream().filter(heard -> heard.message().type() == type).reduce((a, b) -> b);
  }

  List<Claimed> claims() {
    return List.copyOf(claims);
  }

  Optional<Claimed> claim(LedgerStep step) {
    return claims.stream().filter(claimed -> claimed.claim().getStep() == step).findFirst();
  }

  /** Where the log says that a step is about to be done. */
  Optional<Integer> plan(LedgerStep step) {
    return Optional.ofNullable(plans.get(step));
  }

  List<Finding> unreadable() {
    return List.copyOf(unreadable);
  }
}
