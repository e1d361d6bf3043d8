package org.odap.core.evidence;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceReport.Outcome;

/**
 * Verifies, with nothing but the bundle, who did what in a transfer (ARCH 5.3 "third-party audit",
 * SD). A bundle with one log shows what that gateway saw; one with both also shows whether they
 * agree.
 */
public final class EvidenceVerifier {
  /** The version of the bundle's format this verifier reads. */
  public static final int FORMAT_VERSION = 1;

  private EvidenceVerifier() {}

  /**
   * Verifies a bundle.
   *
   * @param trusted entity certificates the reader knows; none = those of the bundle are taken at
   *     their word, which the report says
   */
  public static EvidenceReport verify(EvidenceBundle bundle, Collection<X509Certificate> trusted) {
    return verify(bundle, Trust.in(trusted));
  }

  /** Verifies a bundle, with the entities that the reader knows. */
  public static EvidenceReport verify(EvidenceBundle bundle, Trust trusted) {
    return verify(bundle, trusted, whole -> List.of());
  }

  /**
   * Verifies a bundle.
   *
   * @param further checks of what is signed by others than gateways
   */
  public static EvidenceReport verify(
      EvidenceBundle bundle, Trust trusted, Function<EvidenceBundle, List<Check>> further) {
    List<Check> checks = new ArrayList<>();
    Check whole = whole(bundle);
    checks.add(whole);
    if (!whole.holds()) {
      Outcome unknown = new Outcome(End.UNFINISHED, "nothing can be said of such a bundle");
      return new EvidenceReport(bundle.getTransferId(), checks, unknown, List.of());
    }
    List<GatewayRecord> records = bundle.getLogsList().stream().map(GatewayRecord::new).toList();
    checks.addAll(CertificateChecks.of(records, trusted));
    checks.addAll(LogChecks.of(bundle.getTransferId(), records));
    checks.addAll(MessageChecks.of(bundle.getTransferId(), records));
    checks.addAll(ResultChecks.of(bundle.getTransferId(), records, trusted));
    checks.addAll(AgreementChecks.of(records));
    checks.addAll(LedgerChecks.of(bundle.getTransferId(), records));
    checks.addAll(further.apply(bundle));
    Outcomes outcomes = new Outcomes(records);
    checks.add(outcomes.consistency());
    return new EvidenceReport(
        bundle.getTransferId(), checks, outcomes.outcome(), Story.of(records));
  }

  private static Check whole(EvidenceBundle bundle) {
    List<Finding> findings = new ArrayList<>();
    if (bundle.getFormatVersion() != FORMAT_VERSION) {
      findings.add(
          Finding.about(
              "",
              "format_version: %d (expected: %d)"
                  .formatted(bundle.getFormatVersion(), FORMAT_VERSION)));
    }
    if (bundle.getTransferId().isEmpty()) {
      findings.add(Finding.about("", "it names no transfer"));
    }
    List<String> roles = bundle.getLogsList().stream().map(GatewayLog::getRole).toList();
    boolean known =
        roles.equals(List.of("sender"))
            || roles.equals(List.of("recipient"))
            || roles.equals(List.of("sender", "recipient"));
    if (!known) {
      findings.add(
          Finding.about("", "logs: " + roles + " (expected: sender, recipient, or one of them)"));
    }
    bundle.getLogsList().stream()
        .filter(log -> log.getEntriesCount() == 0)
        .forEach(log -> findings.add(Finding.about(log.getRole(), "it has no entries")));
    return new Check("The bundle is of a known format and holds the gateways' logs", findings);
  }
}
