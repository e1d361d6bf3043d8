package org.odap.attestation.appraisal;

import java.nio.file.Path;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.Pem;

/** The verifier's policy, with the certificates it names. */
public record Policy(Duration resultValidity, List<Rule> rules) {
  /** A profile and the authorities it trusts. */
  public record Rule(Profile profile, Set<TrustAnchor> roots) {
    public Rule {
      roots = Set.copyOf(roots);
    }
  }

  public Policy {
    rules = List.copyOf(rules);
  }

  /**
   * Reads a policy's file and the certificates it names.
   *
   * @throws org.odap.runtime.config.ConfigException with every mistake
   */
  public static Policy read(Path file) {
    PolicyFile text = ConfigFile.read(file, PolicyFile.class);
    List<Rule> rules = new ArrayList<>();
    for (Profile profile : text.profiles()) {
      rules.add(
          new Rule(
              profile,
              profile.endorsementRoots().stream()
                  .flatMap(root -> Pem.certificates(root).stream())
                  .map(certificate -> new TrustAnchor(certificate, null))
                  .collect(Collectors.toSet())));
    }
    return new Policy(text.resultValidity(), rules);
  }

  /** The rule for a gateway. */
  Optional<Rule> ruleFor(String gateway) {
    return rules.stream().filter(rule -> rule.profile().isFor(gateway)).findFirst();
  }
}
