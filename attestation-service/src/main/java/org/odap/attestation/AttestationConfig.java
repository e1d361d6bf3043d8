package org.odap.attestation;

import java.util.List;
import java.util.Optional;
import org.odap.attestation.appraisal.VerifierConfig;
import org.odap.attestation.attester.AttesterConfig;
import org.odap.attestation.participant.ParticipantConfig;
import org.odap.attestation.quorum.QuorumConfig;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;

/** Configuration of an attestation service: it does what it has a block for. */
public record AttestationConfig(
    TlsFiles tls,
    RpcServerConfig server,
    OperationsConfig operations,
    @Description("makes evidence with this machine's TPM; without it there is no TPM")
        Optional<AttesterConfig> attester,
    @Description("appraises others' evidence") Optional<VerifierConfig> verifier,
    @Description("signs what a ledger did, as one of its members; alone in its own process")
        Optional<ParticipantConfig> participant,
    @Description("has a ledger's participants sign together") Optional<QuorumConfig> quorum)
    implements ServiceConfig, Checked {

  @Override
  public List<String> mistakes() {
    if (attester.isEmpty() && verifier.isEmpty() && participant.isEmpty() && quorum.isEmpty()) {
      return List.of("attester: missing (expected: attester, verifier, participant or quorum)");
    }
    // Whoever has the process has the share: one member, one process.
    return participant.isPresent()
            && (attester.isPresent() || verifier.isPresent() || quorum.isPresent())
        ? List.of("participant: expected alone, in a process of its own")
        : List.of();
  }
}
