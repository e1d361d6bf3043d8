package org.odap.core.evidence;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.peer.v1.TransferCommenceAck;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.core.attestation.ResultToken.Expected;
import org.odap.core.attestation.ResultToken.Judgement;
import org.odap.core.envelope.OdapMessage;

/**
 * What each gateway's verifier found about the other one's machine: the attestation results in the
 * messages (ARCH 6).
 */
final class ResultChecks {
  private final String transferId;
  private final GatewayRecord record;
  private final CertifiedKeys keys;
  private final Trust trusted;

  private ResultChecks(String transferId, GatewayRecord record, CertifiedKeys keys, Trust trusted) {
    this.transferId = transferId;
    this.record = record;
    this.keys = keys;
    this.trusted = trusted;
  }

  /** A check for each log that holds any result. */
  static List<Check> of(String transferId, List<GatewayRecord> records, Trust trusted) {
    CertifiedKeys keys = CertifiedKeys.of(records);
    return records.stream()
        .map(record -> new ResultChecks(transferId, record, keys, trusted))
        .flatMap(checks -> checks.check().stream())
        .toList();
  }

  private Optional<Check> check() {
    List<Finding> findings = new ArrayList<>();
    int results = 0;
    for (GatewayRecord.Heard heard : record.messages()) {
      String token = result(heard.message());
      if (token.isEmpty()) {
        continue;
      }
      results++;
      fault(token, heard)
          .ifPresent(fault ->
              findings.add(
                  new Finding(
                      record.role(),
                      heard.index(),
                      heard.message().type() + ": attestation_result: " + fault)));
    }
    return results == 0
        ? Optional.empty()
        : Optional.of(
            new Check(
                "Each attestation result in the %s's log (%d) is of its author's verifier, about the other gateway"
                    .formatted(record.role(), results),
                findings));
  }

  private static String result(OdapMessage message) {
    return switch (message.type()) {
      case INITIALIZATION_REQUEST -> message.as(InitializationRequest.class).getAttestationResult();
      case INITIALIZATION_RESPONSE ->
          message.as(InitializationResponse.class).getAttestationResult();
      case TRANSFER_COMMENCE -> message.as(TransferCommence.class).getAttestationResult();
      case TRANSFER_COMMENCE_ACK -> message.as(TransferCommenceAck.class).getAttestationResult();
      default -> "";
    };
  }

  private Optional<String> fault(String token, GatewayRecord.Heard heard) {
    Optional<AttestationResult> read = ResultToken.read(token);
    if (read.isEmpty()) {
      return Optional.of("it is none");
    }
    AttestationResult result = read.get();
    boolean bySender = MessageChecks.authoredBySender(record, heard.message());
    boolean own = bySender == record.sender();
    String author = own ? record.gateway() : record.peerGateway();
    if (!Trust.organization(result.verifier()).equals(Trust.organization(author))) {
      return Optional.of(
          "its verifier %s is not of the organization of %s".formatted(result.verifier(), author));
    }
    // When the other side took it says nothing: it may have been away.
    long at = own ? record.acts().get(heard.index() - 1).recordedAt() : result.issuedAtMillis();
    List<X509Certificate> chain = chain(token, own ? record.chains() : record.peerChains());
    List<String> faults =
        Certificates.faults(
            chain, result.verifier(), Instant.ofEpochMilli(at), Instant.ofEpochMilli(at), trusted);
    if (!faults.isEmpty()) {
      return Optional.of(faults.getFirst());
    }
    Expected about =
        new Expected(
            own ? record.peerGateway() : record.gateway(),
            transferId,
            key(result, keys.of(!bySender)));
    return ResultToken.verify(token, Certificates.publicKey(chain.getFirst()), about, at)
            instanceof Judgement.Refused refused
        ? Optional.of(refused.reason())
        : Optional.empty();
  }

  /** The key of the other gateway that a result is about: it may have backups. */
  private static String key(AttestationResult result, Set<String> keys) {
    return keys.stream()
        .filter(key -> ResultToken.keyHash(key).equals(result.tlsKeyHash()))
        .findFirst()
        .orElse("");
  }

  /** The verifier's chain, which ends with the entity of the author's own, shown or not. */
  private static List<X509Certificate> chain(String token, List<List<X509Certificate>> authors) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] der : ResultToken.certificates(token)) {
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      }
    } catch (CertificateException broken) {
      return List.of();
    }
    if (chain.isEmpty() || authors.isEmpty()) {
      return List.of();
    }
    X509Certificate entity = authors.getFirst().getLast();
    if (!chain.getLast().equals(entity)) {
      chain.add(entity);
    }
    return chain;
  }
}
