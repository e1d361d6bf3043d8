package org.odap.cli.client;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.progress.ProgressView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a transfer live. */
@Command(
    name = "watch",
    description = "Shows a transfer live, until it ends. Fails unless the transfer completes.")
public final class WatchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TRANSFER", description = "The transfer's id.")
  private String transferId;

  @Option(
      names = "--peer-profile",
      paramLabel = "FILE",
      description = "Profile of a connection to the other gateway, to show its steps too.")
  private Optional<Path> peerProfile = Optional.empty();

  @Option(names = "--role", description = "sender or recipient, where the gateway has both roles.")
  private RoleName role = RoleName.ANY;

  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    try (GatewayConnection gateway = profile.connect()) {
      Transfer last = watch(gateway, transferId, role.role(), peerProfile, output);
      return last.getOutcome() == TransferOutcome.TRANSFER_OUTCOME_COMPLETED
          ? 0
          : OdapMain.EXIT_FAILED;
    }
  }

  /** Watches to the end, on request with the eyes of both gateways; answers how it ended. */
  static Transfer watch(
      GatewayConnection gateway,
      String transferId,
      GatewayRole role,
      Optional<Path> peerProfile,
      OutputOptions output)
      throws InterruptedException {
    TransferWatch watch = new TransferWatch(gateway, transferId, role);
    if (output.json()) {
      watch.follow(output::print);
      return watch.transfer();
    }
    ProgressView view = new ProgressView(output.terminal(), watch.transfer());
    if (peerProfile.isEmpty()) {
      watch.follow(view);
    } else {
      try (GatewayConnection peer = GatewayConnection.open(ProfileOption.read(peerProfile.get()))) {
        Watches.followBoth(watch, new TransferWatch(peer, transferId, role), view);
      }
    }
    Transfer last = watch.transfer();
    view.end(last);
    return last;
  }
}
