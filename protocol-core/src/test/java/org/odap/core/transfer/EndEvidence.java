package org.odap.core.transfer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.core.evidence.Entity;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.core.log.LogFrame;
import org.odap.core.session.Role;

/**
 * Verifies, as a third party would, the logs of two transfers that have ended, and holds what they
 * show to what the two sides say. Certifies keys once; owned by one test.
 */
public final class EndEvidence {
  private final Map<Role, Entity> entities = new EnumMap<>(Role.class);
  private final Map<Role, Map<String, List<String>>> certificates = new EnumMap<>(Role.class);

  /**
   * Certifies the gateways' keys.
   *
   * @param frame any session's: names the gateways and the keys they open sessions with
   * @param backups keys of backups of each
   */
  public EndEvidence(LogFrame frame, Map<Role, Set<String>> backups) {
    Map<Role, String> first =
        Map.of(Role.SENDER, frame.senderPubkey(), Role.RECIPIENT, frame.recipientPubkey());
    entities.put(Role.SENDER, new Entity(frame.senderGateway()));
    entities.put(Role.RECIPIENT, new Entity(frame.recipientGateway()));
    for (Role role : Role.values()) {
      Map<String, List<String>> pems = new HashMap<>();
      pems.put(first.get(role), entities.get(role).pems(first.get(role)));
      backups.get(role).forEach(key -> pems.put(key, entities.get(role).pems(key)));
      certificates.put(role, pems);
    }
  }

  /** What the evidence lacks, or tells otherwise than the transfers do. */
  public Optional<String> fault(Transfer sender, Transfer recipient) {
    EvidenceBundle.Builder bundle =
        EvidenceBundle.newBuilder().setFormatVersion(1).setTransferId(sender.id());
    bundle.addLogs(log(sender));
    if (recipient.head().length() > 0) {
      bundle.addLogs(log(recipient));
    }
    EvidenceReport report =
        EvidenceVerifier.verify(
            bundle.build(), entities.values().stream().map(Entity::certificate).toList());
    if (!report.holds()) {
      return Optional.of("the evidence does not hold: " + report.findings());
    }
    End end = report.outcome().end();
    boolean agrees =
        sender.state() == SenderState.COMPLETED
            ? end == End.COMPLETED
            : end == End.REFUSED || end == End.ROLLED_BACK;
    return agrees
        ? Optional.empty()
        : Optional.of("the evidence tells of another end: " + report.outcome().text());
  }

  /** Those of the replica that opened the session come first. */
  private List<String> certificates(Role role, String opening) {
    List<String> pems = new ArrayList<>(certificates.get(role).get(opening));
    certificates
        .get(role)
        .forEach((key, chain) -> {
          if (!key.equals(opening)) {
            pems.addAll(chain);
          }
        });
    return pems;
  }

  private GatewayLog log(Transfer transfer) {
    var frame = transfer.session().frame();
    boolean sender = transfer.role() == Role.SENDER;
    return GatewayLog.newBuilder()
        .setRole(transfer.role().word())
        .setGateway(sender ? frame.senderGateway() : frame.recipientGateway())
        .addAllCertificates(certificates(transfer.role(), transfer.session().openingOwnPubkey()))
        .addAllPeerCertificates(
            certificates(transfer.role().peer(), transfer.session().openingPeerPubkey()))
        .addAllEntries(transfer.entries())
        .build();
  }
}
