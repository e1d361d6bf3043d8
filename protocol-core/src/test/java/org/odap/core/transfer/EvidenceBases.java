package org.odap.core.transfer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.core.attestation.Attestation;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.core.envelope.Base64Url;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.Signer;
import org.odap.core.envelope.TestKeys;
import org.odap.core.envelope.TestKeys.TestSigner;
import org.odap.core.evidence.Entity;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.TwoGateways.Way;

/**
 * True evidence for the test vectors: what the real rules left in the logs, certified by keys that
 * stay the same.
 */
final class EvidenceBases {
  static final Entity SENDERS = entity(Role.SENDER, "entity of the sender");
  static final Entity RECIPIENTS = entity(Role.RECIPIENT, "entity of the recipient");
  static final Signer BACKUP = TestKeys.STRANGER;

  private static final long VALIDITY_MILLIS = 600_000;

  private EvidenceBases() {}

  /** The gateways of all bundles. */
  static String gateway(Role role) {
    return role == Role.SENDER
        ? Messages.frame().senderGateway()
        : Messages.frame().recipientGateway();
  }

  /** The certificate of a gateway's entity. */
  static String entityPem(Role role) {
    Entity entity = role == Role.SENDER ? SENDERS : RECIPIENTS;
    return entity.pems(Bargain.signer(role).publicKey()).getLast();
  }

  static Entity entity(Role role, String key) {
    return Entity.fixed(gateway(role), TestKeys.named(key));
  }

  /** Every bundle by its name, with the end it tells of. */
  static Map<String, EvidenceBundle> all() throws IOException {
    Map<String, EvidenceBundle> bundles = new LinkedHashMap<>();
    bundles.put("completed", told("01-unique"));
    bundles.put("refused", told("05-denied"));
    bundles.put("rolled-back", told("15-sender-cancels"));
    bundles.put("three-phases", told("31-three-phases"));
    bundles.put("recovered", told("26-recovery-figure-2"));
    bundles.put("backup", backup());
    bundles.put("anchored", anchored());
    bundles.put("approved-by-two", told("34-two-approve"));
    bundles.put("unfinished", unfinished());
    bundles.put("attested", attested());
    return bundles;
  }

  private static EvidenceBundle told(String scenario) throws IOException {
    String file = "protocol-core/src/test/resources/scenarios/" + scenario + ".txt";
    return bundle(Scenario.tell(Files.readAllLines(Golden.root().resolve(file))).world());
  }

  /** A backup of the recipient gives the answer that phase 1 waits for. */
  private static EvidenceBundle backup() {
    TwoGateways gateways = Places.ordered(Mood.ASKS_APPROVER);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.takeOver(Role.RECIPIENT, BACKUP);
    gateways.send(Role.RECIPIENT, Way.OPEN);
    gateways.send(Role.RECIPIENT, Way.OPEN);
    gateways.take(Role.RECIPIENT, new Input.Approved("approver"));
    gateways.run();
    return bundle(gateways);
  }

  private static EvidenceBundle anchored() {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(
        Role.SENDER,
        Bargain.order(
            Bargain.terms().setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LEDGER_HASH).build()));
    gateways.run();
    return bundle(gateways);
  }

  /** The asset is extinguished, the recipient is not there to hear it. */
  private static EvidenceBundle unfinished() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    Places.prepare(gateways);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.ledger(Role.SENDER, TwoGateways.LedgerWay.OPEN);
    return bundle(gateways);
  }

  /** Each gateway's verifier affirms the other one's machine. */
  private static EvidenceBundle attested() {
    TwoGateways gateways =
        new TwoGateways(
            Bargain.policy(Mood.AGREES), affirming(Role.SENDER), affirming(Role.RECIPIENT));
    gateways.take(Role.SENDER, Bargain.order(Bargain.terms().build()));
    gateways.run();
    return bundle(gateways);
  }

  private static Attestation affirming(Role role) {
    String verifier =
        "odapattestation://%s/verifier".formatted(URI.create(gateway(role)).getAuthority());
    TestSigner key = TestKeys.named(verifier);
    List<byte[]> chain = (role == Role.SENDER ? SENDERS : RECIPIENTS).ders(verifier, key);
    return (about, now) ->
        new Attestation.Standing.Fine(
            ResultToken.sign(
                new AttestationResult(
                    verifier,
                    about.gateway(),
                    about.sessionId(),
                    ResultToken.keyHash(about.tlsPublicKey()),
                    Base64Url.encode(new byte[32]),
                    Messages.START,
                    Messages.START + VALIDITY_MILLIS,
                    Map.of("hardware", 2, "configuration", 2, "executables", 2),
                    "machines in order",
                    "000b" + "ab".repeat(32),
                    "cd".repeat(32),
                    7,
                    0),
                chain,
                "test vectors",
                key::sign));
  }

  private static EvidenceBundle bundle(TwoGateways gateways) {
    EvidenceBundle.Builder bundle =
        EvidenceBundle.newBuilder().setFormatVersion(1).setTransferId(Messages.SESSION);
    for (Role role : Role.values()) {
      bundle.addLogs(
          GatewayLog.newBuilder()
              .setRole(role.word())
              .setGateway(gateway(role))
              .addAllCertificates(certificates(role, gateways))
              .addAllPeerCertificates(certificates(role.peer(), gateways))
              .addAllEntries(gateways.side(role).log()));
    }
    return bundle.build();
  }

  private static List<String> certificates(Role role, TwoGateways gateways) {
    Entity entity = role == Role.SENDER ? SENDERS : RECIPIENTS;
    List<String> pems = new ArrayList<>(entity.pems(Bargain.signer(role).publicKey()));
    if (gateways.side(role).pubkey().equals(BACKUP.publicKey())) {
      pems.addAll(entity.pems(BACKUP.publicKey()));
    }
    return pems;
  }
}
