package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.client.v1.DescribeGatewayRequest;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.it.TitleLoad.Moved;
import org.odap.it.system.SigningAccounts;

/**
 * Replicas share the work, and what one leaves when it is killed under load others bring to its
 * end. Every service is a process.
 */
class ScaleOutTest {
  /** The lease's time-out T, after which a killed replica's transfers are another's. */
  private static final Duration LEASE = Duration.ofSeconds(3);

  /** What a transfer may need besides, with all processes on one small machine that may be busy. */
  private static final Duration SLACK = Duration.ofSeconds(40);

  private static final Duration START_MAX = Duration.ofSeconds(90);
  private static final int IN_FLIGHT = 8;

  private static SystemPlan plan(LedgerKind alpha, int backups) throws IOException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    return new SystemPlan(
        Files.createTempDirectory(Files.createDirectories(target), "scale-out-"),
        new Side("alpha", alpha),
        new Side("beta", LedgerKind.SQL),
        true,
        SystemPlan.small("192m"),
        backups,
        Map.of("lease", Map.of("duration", LEASE.toSeconds() + "s")));
  }

  /**
   * Four gateways a side, then two, then one: on both sides, since clients spread what the senders
   * run, and senders what the recipients do. One that is killed is started again, as platforms do.
   */
  @Test
  @Tag("CARD-6")
  @Tag("OURS-8")
  void gatewaysShareTransfersAndFinishThoseOfOneThatIsKilled()
      throws IOException, InterruptedException, ExecutionException {
    try (RunningSystem system =
            RunningSystem.start(plan(LedgerKind.SQL, 3), Installation.here(), progress -> {});
        TitleTransfers transfers = new TitleTransfers(system)) {
      Map<String, String> names = names(system);

      assertMoved(transfers, new TitleLoad(transfers, 16).run(4, () -> {}), system);

      List<Moved> byFour =
          new TitleLoad(transfers, 60).run(IN_FLIGHT, () -> crash(system, "backup-3"));
      assertMoved(transfers, byFour, system);
      assertShared(transfers, byFour, names, "gateway", "backup-1", "backup-2");

      end(system, "backup-2", "backup-3");
      List<Moved> byTwo =
          new TitleLoad(transfers, 36).run(IN_FLIGHT, () -> crash(system, "backup-1"));
      assertMoved(transfers, byTwo, system);
      assertThat(openers(transfers, byTwo, names))
          .containsOnlyKeys("gateway-alpha", "backup-1-alpha", "gateway-beta", "backup-1-beta");

      end(system, "backup-1");
      List<Moved> byOne = new TitleLoad(transfers, 16).run(IN_FLIGHT, () -> {});
      assertMoved(transfers, byOne, system);
      assertThat(openers(transfers, byOne, names))
          .isEqualTo(Map.of("gateway-alpha", 16, "gateway-beta", 16));
    }
  }

  /**
   * Two adapters a ledger, on Ethereum with an account each, the second one's enrolled by the
   * operator's command; one of the two is killed for good.
   */
  @Test
  @Tag("CARD-6")
  @Tag("OURS-8")
  void adaptersShareStepsAndOneGoesOnAlone()
      throws IOException, InterruptedException, ExecutionException {
    SystemPlan plan = plan(LedgerKind.ETHEREUM, 0).withAdapters(2);
    try (RunningSystem system = RunningSystem.start(plan, Installation.here(), progress -> {});
        SigningAccounts accounts =
            new SigningAccounts(system.folder(system.alpha().side()).resolve("chain"));
        TitleTransfers transfers = new TitleTransfers(system)) {
      TitleLoad load = new TitleLoad(transfers, 36);
      List<Long> before = accounts.transactions();
      List<Long> shared = new ArrayList<>();

      List<Moved> moved =
          load.run(
              IN_FLIGHT,
              () -> {
                shared.addAll(accounts.transactions());
                system.processes().kill(List.of("ledger-2-alpha", "ledger-2-beta"));
              });

      assertMoved(transfers, moved, system);
      long first = shared.get(0) - before.get(0);
      long second = shared.get(1) - before.get(1);
      assertThat(List.of(first, second))
          .as("transactions of each account until one adapter was killed")
          .allMatch(share -> share * 4 >= first + second);
    }
  }

  /** Kills a replica on each side (SIGKILL), and starts it again. */
  private static void crash(RunningSystem system, String replica) throws InterruptedException {
    List<String> victims = onBothSides(replica);
    system.processes().kill(victims);
    system.processes().restart(START_MAX, victims);
  }

  private static void end(RunningSystem system, String... replicas) throws InterruptedException {
    system.processes().kill(onBothSides(replicas));
  }

  private static List<String> onBothSides(String... replicas) {
    return Stream.of(replicas)
        .flatMap(replica -> Stream.of(replica + "-alpha", replica + "-beta"))
        .toList();
  }

  /** Each title is on the second ledger alone, and nothing had to wait for more than the lease. */
  private static void assertMoved(
      TitleTransfers transfers, List<Moved> moved, RunningSystem system) {
    String there = system.beta().side().dltSystem() + " " + system.beta().holder();
    assertThat(moved)
        .allSatisfy(one -> assertThat(transfers.owners(one.title())).containsExactly(there))
        .allSatisfy(one -> assertThat(one.took()).isLessThan(LEASE.plus(SLACK)));
  }

  /** Of what the living replicas opened, each has half of its fair share at least. */
  private static void assertShared(
      TitleTransfers transfers, List<Moved> moved, Map<String, String> names, String... living) {
    Map<String, Integer> opened = openers(transfers, moved, names);
    for (String side : List.of("-alpha", "-beta")) {
      List<Integer> shares =
          Stream.of(living).map(name -> opened.getOrDefault(name + side, 0)).toList();
      int fair = shares.stream().mapToInt(n -> n).sum() / living.length;
      assertThat(shares).as(side + ": " + opened).allMatch(share -> share * 2 >= fair);
    }
  }

  /** How many sessions each replica has opened. */
  private static Map<String, Integer> openers(
      TitleTransfers transfers, List<Moved> moved, Map<String, String> names) {
    Map<String, Integer> opened = new HashMap<>();
    moved.stream()
        .map(one -> transfers.openers(one.id()))
        .flatMap(Collection::stream)
        .forEach(key -> opened.merge(names.get(key), 1, Integer::sum));
    return opened;
  }

  /** Names of all gateways' processes by their keys. */
  private static Map<String, String> names(RunningSystem system) {
    Map<String, String> names = new HashMap<>();
    for (RunningSide side : List.of(system.alpha(), system.beta())) {
      names.put(key(side.profile()), Side.gatewayName(0) + "-" + side.side().name());
      for (int number = 1; number <= side.backups().size(); number++) {
        names.put(
            key(side.backups().get(number - 1)),
            Side.gatewayName(number) + "-" + side.side().name());
      }
    }
    return names;
  }

  private static String key(Path profile) {
    try (GatewayConnection gateway = GatewayConnection.open(ProfileOption.read(profile))) {
      return gateway
          .transfers()
          .describeGateway(DescribeGatewayRequest.getDefaultInstance())
          .getPubkey();
    }
  }
}
