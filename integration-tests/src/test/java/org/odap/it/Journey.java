package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.it.system.Client;
import org.odap.it.system.Organization;
import org.odap.it.system.Profile;
import org.odap.it.system.StorySystem;
import org.odap.runtime.identity.Pem;

/**
 * One asset on its way from an account of alpha's to one of beta's, or as a story says: issued,
 * ordered, and looked at from both ends.
 */
final class Journey {
  /** Where journeys begin. */
  static final String FROM = "sql-alpha";

  private final List<Organization> parties;
  private final Client alpha;
  private final Client beta;
  private final String fromDlt;
  private final String toDlt;
  private final String origin = Client.account("alice");
  private final String destination = Client.account("bob");
  private final List<String> originBefore;
  private final List<String> destinationBefore;
  private StartTransferRequest.Builder order;
  private String id = "";

  private record Way(Organization sender, String fromDlt, Organization recipient, String toDlt) {
    static Way of(StorySystem system) {
      return new Way(system.alpha(), FROM, system.beta(), "sql-beta");
    }

    static Way directly(StorySystem system) {
      return new Way(system.alpha(), FROM, system.alpha(), "sql-vault");
    }
  }

  private Journey(Way way, Profile profile, Asset issued, Asset asset) {
    parties = List.of(way.sender(), way.recipient());
    alpha = new Client(way.sender());
    beta = way.sender() == way.recipient() ? alpha : new Client(way.recipient());
    fromDlt = way.fromDlt();
    toDlt = way.toDlt();
    alpha.awaitLedgers();
    beta.awaitLedgers();
    alpha.issue(fromDlt, profile, issued, origin);
    alpha.approve(fromDlt, profile, origin);
    originBefore = alpha.holdings(fromDlt, origin);
    destinationBefore = beta.holdings(toDlt, destination);
    order =
        alpha
            .order(fromDlt, way.recipient(), toDlt, profile, asset)
            .setOrigin(origin)
            .setDestination(destination);
  }

  /** A unique asset that is to move to beta. */
  static Journey ofUnique(StorySystem system, Profile profile) {
    Asset asset = Client.unique();
    return new Journey(Way.of(system), profile, asset, asset);
  }

  /** 30 of 100 units that are to move to beta. */
  static Journey ofUnits(StorySystem system, Profile profile) {
    return new Journey(Way.of(system), profile, Client.amount(100), Client.amount(30));
  }

  /** 30 of 100 units that are to move between the first ledgers of two organizations. */
  static Journey ofUnits(Organization sender, Organization recipient, Profile profile) {
    return new Journey(
        new Way(sender, sender.ledgers().getFirst(), recipient, recipient.ledgers().getFirst()),
        profile,
        Client.amount(100),
        Client.amount(30));
  }

  /** The same to another ledger behind the same gateway. */
  static Journey ofUniqueDirectly(StorySystem system) {
    Asset asset = Client.unique();
    return new Journey(Way.directly(system), Profile.TITLE, asset, asset);
  }

  /** The same with units. */
  static Journey ofUnitsDirectly(StorySystem system) {
    return new Journey(Way.directly(system), Profile.CASH, Client.amount(100), Client.amount(30));
  }

  /** The order as it will be given or was given; to be changed before. */
  StartTransferRequest.Builder order() {
    return order;
  }

  /** Gives the order. */
  Journey begin() {
    id = alpha.start(order.build());
    return this;
  }

  /** Somebody else has given the order. */
  Journey begun(String transferId) {
    id = transferId;
    return this;
  }

  /** The asset is announced on the recipient's ledger; the sender's ledger keeps silent. */
  void untilOnlyTheLockIsMissing(StorySystem system) {
    system.freeze(fromDlt);
    begin().awaitSender("LOCKING");
    awaitRecipient("ANNOUNCED");
  }

  /** The sender's ledger has extinguished the asset; the recipient's is down. */
  void untilOnlyTheCreationIsMissing(StorySystem system) {
    untilOnlyTheLockIsMissing(system);
    system.kill("sql-beta");
    system.thaw("sql-alpha");
    awaitRecipient("CREATING");
    awaitSender("COMMITTING");
  }

  String id() {
    return id;
  }

  Client alpha() {
    return alpha;
  }

  Client beta() {
    return beta;
  }

  String origin() {
    return origin;
  }

  String destination() {
    return destination;
  }

  Transfer awaitSender(String... states) {
    return alpha.awaitState(id, GatewayRole.GATEWAY_ROLE_SENDER, states);
  }

  Transfer awaitRecipient(String... states) {
    return beta.awaitState(id, GatewayRole.GATEWAY_ROLE_RECIPIENT, states);
  }

  Transfer senderEnd() {
    return alpha.awaitEnd(id, GatewayRole.GATEWAY_ROLE_SENDER);
  }

  Transfer recipientEnd() {
    return beta.awaitEnd(id, GatewayRole.GATEWAY_ROLE_RECIPIENT);
  }

  List<String> atOrigin() {
    return alpha.holdings(fromDlt, origin);
  }

  List<String> atDestination() {
    return beta.holdings(toDlt, destination);
  }

  /** Both gateways say it is complete, and the asset has moved exactly once. */
  void assertArrived(List<String> left, List<String> arrived) {
    assertThat(senderEnd().getState()).isEqualTo("COMPLETED");
    assertThat(recipientEnd().getState()).isEqualTo("COMPLETED");
    assertThat(atOrigin()).isEqualTo(left);
    assertThat(atDestination()).isEqualTo(arrived);
  }

  /** The unique asset has moved. */
  void assertUniqueArrived() {
    assertArrived(List.of(), List.of("titles/" + order.getAsset().getAssetId()));
  }

  /** 30 of 100 units have moved. */
  void assertUnitsArrived() {
    assertArrived(List.of("70 cash"), List.of("30 cash"));
  }

  /** What the gateways of both sides can prove of it, together. */
  EvidenceBundle evidence() {
    return alpha.evidence(id).toBuilder().addAllLogs(beta.evidence(id).getLogsList()).build();
  }

  /** Entity certificates of both organizations. */
  List<X509Certificate> entities() {
    return parties.stream()
        .flatMap(one -> Pem.certificates(one.entity().certificate()).stream())
        .toList();
  }

  /** The evidence is verified with the entity certificates alone, and nothing is wrong with it. */
  EvidenceReport assertProven() {
    EvidenceReport report = EvidenceVerifier.verify(evidence(), entities());
    assertThat(report.findings()).isEmpty();
    return report;
  }

  /** Nothing has moved and nothing is locked. */
  void assertNothingMoved() {
    assertThat(atOrigin()).isEqualTo(originBefore);
    assertThat(atDestination()).isEqualTo(destinationBefore);
  }

  /** How a transfer that went nowhere ended, and what its client is told to do. */
  static void assertFailed(
      Transfer end, TransferOutcome outcome, ErrorReason reason, String... words) {
    assertThat(end.getOutcome()).as(end.toString()).isEqualTo(outcome);
    assertThat(end.getReason()).as(end.toString()).isEqualTo(reason);
    assertThat(end.getDescription()).contains(words);
  }
}
