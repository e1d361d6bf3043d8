package org.odap.cli.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.odap.cli.system.Configurations.LogNodes;
import org.odap.cli.system.Configurations.Ports;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.FreePorts;
import org.odap.runtime.rpc.RpcTarget;

/** A log service without a side around it: one node, or several that keep the log together. */
public final class RunningLogNodes implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(2);

  private final Processes processes = new Processes();
  private final Side side;
  private final SystemPki pki;
  private final Ports ports;

  private RunningLogNodes(Path folder, Side side, int nodes) {
    this.side = side;
    pki = SystemPki.alone(folder, side);
    List<Integer> free = FreePorts.find(2 * nodes + 1);
    LogNodes several =
        nodes == 1
            ? LogNodes.ALONE
            : new LogNodes(free.subList(2, nodes + 1), free.subList(nodes + 1, 2 * nodes + 1));
    ports =
        new Ports(List.of(), free.get(0), List.of(), List.of(), free.get(1), 0, List.of(), several);
  }

  /**
   * Makes certificates and configurations, and starts the nodes.
   *
   * @param nodes how many keep the log together; 1 = alone
   * @param progress is told what is going on, a line a step
   */
  public static RunningLogNodes start(
      Path folder,
      Side side,
      int nodes,
      List<String> jvmOptions,
      Installation installation,
      Consumer<String> progress)
      throws InterruptedException {
    RunningLogNodes running = new RunningLogNodes(folder, side, nodes);
    Configurations files = new Configurations(folder, side, running.pki, running.ports);
    List<Launch> launches = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      launches.add(
          Launch.service(
              Side.logName(node) + "-" + side.name(),
              installation,
              "log-service",
              jvmOptions,
              files.log(node)));
    }
    try {
      progress.accept("starting " + nodes + (nodes == 1 ? " log node" : " log nodes"));
      running.processes.start(START_MAX, launches);
      return running;
    } catch (RuntimeException | InterruptedException failed) {
      running.close();
      throw failed;
    }
  }

  /** Where the log is written to. */
  public RpcTarget target() {
    return ports.log(side);
  }

  /** Certificate of the gateway that may write. */
  public TlsFiles gateway() {
    return pki.gateways().getFirst();
  }

  @Override
  public void close() {
    processes.close();
  }
}
