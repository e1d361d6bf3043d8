package org.odap.attestation;

import java.util.List;
import java.util.Optional;
import org.odap.attestation.appraisal.VerifierConfig;
import org.odap.attestation.attester.AttesterConfig;
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
    @Description("appraises others' evidence") Optional<VerifierConfig> verifier)
    implements ServiceConfig, Checked {

  @Override
  public List<String> mistakes() {
    return attester.isEmpty() && verifier.isEmpty()
        ? List.of("attester: missing (expected: attester, verifier or both)")
        : List.of();
  }
}
