package org.odap.cli.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.quorum.QuorumChecks;
import org.odap.runtime.identity.CryptoProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies an evidence file with nothing but the file. */
@Command(
    name = "verify",
    description = {
      "Verifies an evidence file without any network: who the gateways are, that their logs are",
      "whole and agree, who signed what, what the ledgers did. Fails unless all of it holds."
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The evidence file.")
  private Path file;

  @Option(
      names = "--trust",
      paramLabel = "ORGANIZATION=PEM",
      description =
          "Entity certificate you know of an organization, e.g. alpha.example=entity.pem; or the"
              + " file alone. Without any, those of the evidence are taken at their word.")
  private List<String> trusted = new ArrayList<>();

  @Option(names = "--story", description = "Also tell what happened, act by act.")
  private boolean story;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    CryptoProvider.install();
    EvidenceReport report =
        EvidenceVerifier.verify(
            EvidenceFile.read(file), EvidenceFile.trust(trusted), QuorumChecks::of);
    if (output.json()) {
      output.terminal().line(ReportText.json(report));
    } else {
      if (story) {
        ReportText.story(report).forEach(output.terminal()::line);
      }
      ReportText.checks(report, output.terminal()).forEach(output.terminal()::line);
    }
    return report.holds() ? 0 : OdapMain.EXIT_FAILED;
  }
}
