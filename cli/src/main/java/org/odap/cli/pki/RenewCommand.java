package org.odap.cli.pki;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.odap.cli.CliException;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.TextTable;
import org.odap.runtime.identity.DevelopmentPki;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Issues certificates anew, where services that run take them up. */
@Command(
    name = "renew",
    description = {
      "Issues the certificates of a folder that odap pki has made anew, for the keys they have.",
      "Services that run take them up within ten seconds."
    })
final class RenewCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FOLDER", description = "Where odap pki has written.")
  private Path folder;

  @Parameters(
      index = "1..*",
      paramLabel = "NAME",
      description = "Which certificates, NAME.pem; all of the folder by default.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--new-key",
      description = {
        "For new keys. The former certificate stays beside the new one, as NAME-<serial>.pem. A",
        "gateway signs with its key: it takes up another one at its next start."
      })
  private boolean newKey;

  @Option(
      names = "--entity",
      description = {
        "Makes a new entity certificate instead, before the one there is in entity.pem, and renews",
        "nothing yet: others have to trust it first."
      })
  private boolean entity;

  @Option(
      names = "--forget-former",
      description = "Takes former entity certificates out of entity.pem instead.")
  private boolean forgetFormer;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    if ((entity ? 1 : 0) + (forgetFormer ? 1 : 0) + (newKey || !names.isEmpty() ? 1 : 0) > 1) {
      throw new CliException("--entity and --forget-former: each alone");
    }
    DevelopmentPki pki = DevelopmentPki.open(folder);
    TextTable renewed = new TextTable("identity", "certificate");
    if (entity) {
      DevelopmentPki _ = pki.renewEntity();
    } else if (forgetFormer) {
      pki.forgetFormerEntities();
    } else {
      List<String> members = pki.members();
      for (String name : names) {
        if (!members.contains(name)) {
          throw new CliException("NAME: value: " + name + " (expected: some of " + members + ")");
        }
      }
      for (String name : names.isEmpty() ? members : names) {
        renewed.row(pki.renew(name, newKey).uri(), folder.resolve(name + ".pem"));
      }
    }
    if (entity || forgetFormer) {
      renewed.row(pki.organization() + " (entity)", pki.entityCertificate());
    }
    if (output.json()) {
      output.terminal().line(renewed.json());
    } else {
      renewed.lines().forEach(output.terminal()::line);
    }
    return 0;
  }
}
