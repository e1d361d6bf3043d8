package org.odap.cli.evidence;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.odap.api.client.v1.ExportEvidenceRequest;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.OutputOptions;
import org.odap.cli.client.ClientProfile;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.core.evidence.EvidenceBundles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the evidence of a transfer into one file. */
@Command(
    name = "export",
    description = "Writes a gateway's evidence of a transfer, or that of both, into one file.")
final class ExportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "TRANSFER", description = "The transfer's id.")
  private String transferId;

  @Parameters(index = "1", paramLabel = "FILE", description = "The file to write.")
  private Path file;

  @Option(
      names = "--peer-profile",
      paramLabel = "FILE",
      description = "Profile of a connection to the other gateway, to add its log.")
  private Optional<Path> peerProfile = Optional.empty();

  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    EvidenceBundle bundle;
    try (GatewayConnection gateway = profile.connect()) {
      bundle = export(gateway, transferId);
    }
    if (peerProfile.isPresent()) {
      ClientProfile other = ProfileOption.read(peerProfile.get());
      try (GatewayConnection gateway = GatewayConnection.open(other)) {
        bundle = EvidenceBundles.merge(bundle, export(gateway, transferId));
      }
    }
    EvidenceFile.write(bundle, file);
    output
        .terminal()
        .line(output.json() ? ExportText.json(bundle, file) : ExportText.line(bundle, file));
    return 0;
  }

  private static EvidenceBundle export(GatewayConnection gateway, String transferId) {
    return gateway
        .transfers()
        .exportEvidence(ExportEvidenceRequest.newBuilder().setTransferId(transferId).build())
        .getBundle();
  }
}
