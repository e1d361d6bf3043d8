package org.odap.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.odap.cli.system.AssetNames;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;

/** How to talk to a system that is left running: commands to copy. */
final class HowTo {
  private HowTo() {}

  static List<String> lines(RunningSystem system, Path folder) {
    RunningSide from = system.alpha();
    RunningSide to = system.beta();
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("The system runs until Ctrl-C. From another terminal:");
    lines.add("  export ODAP_PROFILE=" + from.profile());
    lines.add("  ./odap status");
    lines.add("  ./odap transfers --unfinished");
    lines.add(
        "  ./odap transfer --from %s --to %s --to-gateway %s --asset %s --amount 10 --origin %s"
                .formatted(
                    from.side().dltSystem(),
                    to.side().dltSystem(),
                    to.side().gateway(),
                    AssetNames.CASH_PROFILE,
                    from.holder())
            + " --destination "
            + to.holder()
            + " --peer-profile "
            + to.profile());
    lines.add("  ./odap evidence verify " + folder.resolve("evidence-1.json") + " --story");
    lines.add(
        "  curl --cacert %s --cert %s --key %s %s/odap/v1/transfers"
            .formatted(
                from.entity(), from.client().certificate(), from.client().key(), from.edge()));
    lines.add("Stop it: Ctrl-C here, or kill " + ProcessHandle.current().pid());
    return lines;
  }
}
