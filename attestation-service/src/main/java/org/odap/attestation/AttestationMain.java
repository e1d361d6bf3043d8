package org.odap.attestation;

import java.time.Clock;
import java.util.Optional;
import org.odap.attestation.appraisal.PolicyPart;
import org.odap.attestation.appraisal.Verifier;
import org.odap.attestation.appraisal.VerifierConfig;
import org.odap.attestation.attester.Attester;
import org.odap.attestation.edge.AttestationEndpoint;
import org.odap.attestation.edge.AttestationMetrics;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;

/** The attestation service: {@code --config attestation.yaml}. */
public final class AttestationMain {
  private AttestationMain() {}

  public static void main(String[] args) {
    service().run(args);
  }

  /** The service, to be run in a process of its own or inside another. */
  public static ServiceMain<AttestationConfig> service() {
    return ServiceMain.of("attestation", AttestationConfig.class, AttestationMain::wire);
  }

  private static void wire(AttestationConfig config, ServiceAssembly service) {
    AttestationMetrics metrics = new AttestationMetrics(service.metrics());
    Optional<Attester> attester =
        config.attester().map(block -> service.add(new Attester(block, service.health())));
    Optional<Verifier> verifier = config.verifier().map(block -> verifier(block, service));
    verifier.ifPresent(metrics::watch);
    service.serve(new AttestationEndpoint(verifier, attester, service.tls(), metrics));
  }

  private static Verifier verifier(VerifierConfig config, ServiceAssembly service) {
    PolicyPart policy =
        service.add(
            new PolicyPart(config.policyFile(), config.policyInterval(), service.metrics()));
    return service.add(
        new Verifier(
            policy::current,
            config.dataDirectory().resolve("known-keys"),
            config.answerTimeout(),
            service.tls().identity().uri(),
            Clock.systemUTC()));
  }
}
