package org.odap.it.system;

import static org.odap.cli.system.YamlFile.ordered;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.odap.cli.system.Installation;
import org.odap.cli.system.Launch;
import org.odap.cli.system.Processes;
import org.odap.cli.system.RunningProcess;

/**
 * Two organizations that know each other, as processes: alpha with the ledgers "sql-alpha" and
 * "sql-vault", beta with the ledger "sql-beta". Ledgers and logs are on disk, so any process may be
 * killed and started again. Besides them the stranger gamma, which trusts nobody, and whose gateway
 * runs only where a story asks for it, and delta, which no configuration names a gateway of: alpha
 * and delta know each other from their directories.
 *
 * <p>Mutable: which processes run and which are stopped; used by one story at a time.
 */
public final class StorySystem implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(2);
  private static final List<String> SMALL_JVM =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m", "-Xshare:auto");

  private static final Pattern OPERATIONS_PORT = Pattern.compile("operations_port\\W+(\\d+)");

  private static final List<String> DELTAS =
      List.of("log-delta", "resources-delta", "sql-delta", "gateway-delta");

  private static final List<Profile> BETAS_PROFILES =
      List.of(Profile.TITLE, Profile.CASH, Profile.ART, Profile.ARMS, Profile.WIRE, Profile.GOLD);

  private final Installation installation = Installation.here();
  private final Processes processes = new Processes();
  private final Map<String, Launch> launches = new LinkedHashMap<>();
  private final Map<String, RunningProcess> running = new LinkedHashMap<>();
  private final Path folder;
  private final Organization alpha;
  private final Organization beta;
  private final Organization gamma;
  private final Organization delta;
  private final TrackerServer tracker;
  private final TraceCollector traces = new TraceCollector();

  private StorySystem(Path folder) {
    this.folder = folder;
    alpha = new Organization("alpha", List.of("sql-alpha", "sql-vault"), folder);
    beta = new Organization("beta", List.of("sql-beta"), folder);
    gamma = new Organization("gamma", List.of("sql-gamma"), folder);
    delta = new Organization("delta", List.of("sql-delta"), folder);
    tracker = new TrackerServer(folder.resolve("tracker"));
  }

  /** Starts alpha and beta. */
  public static StorySystem start() {
    try {
      Path stories = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
      Files.createDirectories(stories);
      // Files stay there for who wants to know why a story failed; the next clean removes them.
      StorySystem system = new StorySystem(Files.createTempDirectory(stories, "stories-"));
      try {
        system.startFriends();
        return system;
      } catch (RuntimeException | Error failed) {
        system.close();
        throw failed;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The organization assets come from. */
  public Organization alpha() {
    return alpha;
  }

  /** The organization assets go to. */
  public Organization beta() {
    return beta;
  }

  /** The stranger. */
  public Organization gamma() {
    return gamma;
  }

  /** The one that is known from directories. */
  public Organization delta() {
    return delta;
  }

  /** Starts delta's services, unless they run. */
  public void startDelta() {
    startAll(DELTAS.stream().filter(name -> !running.containsKey(name)).toList());
  }

  /** Ends delta's services: no other story wants them. */
  public void endDelta() {
    DELTAS.forEach(this::end);
  }

  /** A tracker that both friends may post to. */
  public TrackerServer tracker() {
    return tracker;
  }

  /** An organization's directory of all. */
  public Directory directory(Organization one) {
    return Directory.of(one);
  }

  /** What the services' spans are told to. */
  public TraceCollector traces() {
    return traces;
  }

  /** The folder in which everything is that the processes write. */
  public Path folder() {
    return folder;
  }

  private void startFriends() {
    // Gateways show certificates that their peers' settings name: these are issued first.
    Settings strangers = new Settings(gamma, List.of(), tracker, traces);
    Path gammaGateway = strangers.gateway(List.of());
    Settings betas = new Settings(beta, List.of(alpha), tracker, traces);
    Path betaGateway = betas.gateway(BETAS_PROFILES);
    Settings deltas = new Settings(delta, List.of(), tracker, traces, ordered("any-active", true));
    Path deltaGateway = deltas.gateway(List.of(Profile.values()));
    Settings alphas =
        new Settings(
            alpha,
            List.of(beta, gamma),
            tracker,
            traces,
            ordered("organizations", List.of("delta.example", "zeta.example")));
    Path alphaGateway = alphas.gateway(List.of(Profile.values()));
    for (int number = 1; number <= Organization.BACKUPS; number++) {
      // Issued for the stranger too: alpha's settings name them.
      Path _ = strangers.backup(number, List.of());
      describe(
          "backup-" + number + "-alpha",
          "gateway-service",
          alphas.backup(number, List.of(Profile.values())));
      describe(
          "backup-" + number + "-beta", "gateway-service", betas.backup(number, BETAS_PROFILES));
      describe(
          "backup-" + number + "-delta",
          "gateway-service",
          deltas.backup(number, List.of(Profile.values())));
    }
    describe("log-gamma", "log-service", strangers.log());
    describe("gateway-gamma", "gateway-service", gammaGateway);
    describe("log-delta", "log-service", deltas.log());
    describe("resources-delta", "resource-service", deltas.resources());
    describe("sql-delta", "ledger-adapter-sql", deltas.ledger("sql-delta"));
    describe("gateway-delta", "gateway-service", deltaGateway);
    List<Organization> all = List.of(alpha, beta, gamma, delta);
    Directory.of(delta).write(all);
    List<String> friends = new ArrayList<>();
    for (Organization one : List.of(alpha, beta)) {
      Settings settings = one == alpha ? alphas : betas;
      friends.add(describe("log-" + one.name(), "log-service", settings.log()));
      Directory.of(one).write(all);
      friends.add(describe("resources-" + one.name(), "resource-service", settings.resources()));
      for (String ledger : one.ledgers()) {
        friends.add(describe(ledger, "ledger-adapter-sql", settings.ledger(ledger)));
      }
    }
    friends.add(describe("gateway-alpha", "gateway-service", alphaGateway));
    friends.add(describe("gateway-beta", "gateway-service", betaGateway));
    startAll(friends);
  }

  private String describe(String name, String module, Path settings) {
    launches.put(name, Launch.service(name, installation, module, SMALL_JVM, settings));
    return name;
  }

  /** Starts processes by their names, and waits until they serve. */
  public void startAll(List<String> names) {
    try {
      processes.start(START_MAX, names.stream().map(launches::get).toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while processes started", e);
    } finally {
      // Those that did start are to be ended, even if another did not.
      processes.running().stream()
          .filter(process -> names.contains(process.name()))
          .forEach(process -> running.put(process.name(), process));
    }
  }

  /** Names of the processes that run. */
  public Set<String> running() {
    return Set.copyOf(running.keySet());
  }

  /** What a process has said so far, in all its lives. */
  public String output(String name) {
    try {
      return Files.readString(launches.get(name).output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks a process that runs at its operations port. */
  public HttpResponse<String> operations(String name, String path) {
    return sent(HttpRequest.newBuilder(operationsPort(name).resolve(path)).build());
  }

  /** Changes what a process writes into its log, for a minute. */
  public HttpResponse<String> changeLevel(String name, String logger, String level) {
    Organization own = name.endsWith("-alpha") ? alpha : beta;
    URI uri =
        operationsPort(name).resolve("/admin/loggers/" + logger + "?level=" + level + "&for=1m");
    try {
      return sent(
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + Files.readString(own.adminTokenFile()))
              .PUT(HttpRequest.BodyPublishers.noBody())
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI operationsPort(String name) {
    return OPERATIONS_PORT
        .matcher(output(name))
        .results()
        .map(said -> URI.create("http://127.0.0.1:" + said.group(1)))
        .reduce((before, newest) -> newest)
        .orElseThrow();
  }

  private static HttpResponse<String> sent(HttpRequest request) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts one process that does not run. */
  public void start(String name) {
    startAll(List.of(name));
  }

  /** Kills a process as a crash would (SIGKILL), and waits until it is gone. */
  public void kill(String name) {
    end(handle(name));
  }

  private static void end(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Kills a process that no other story wants, if it runs. */
  public void end(String name) {
    Optional.ofNullable(running.remove(name))
        .flatMap(process -> ProcessHandle.of(process.pid()))
        .ifPresent(StorySystem::end);
  }

  /** Stops a process in its tracks (SIGSTOP): it neither answers nor breaks connections. */
  public void freeze(String name) {
    signal("STOP", handle(name));
  }

  /** Lets a frozen process go on. */
  public void thaw(String name) {
    signal("CONT", handle(name));
  }

  /** Thaws and starts whatever a story left otherwise. */
  public void heal() {
    List<String> dead = new ArrayList<>();
    running.forEach((name, process) -> {
      if (ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive).isPresent()) {
        thaw(name);
      } else {
        dead.add(name);
      }
    });
    startAll(dead);
  }

  private ProcessHandle handle(String name) {
    return ProcessHandle.of(running.get(name).pid())
        .orElseThrow(() -> new IllegalStateException(name + " does not run"));
  }

  private static void signal(String signal, ProcessHandle process) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("SIG" + signal + " was not taken by " + process.pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    alpha.close();
    beta.close();
    gamma.close();
    delta.close();
    running.forEach((name, process) ->
        ProcessHandle.of(process.pid())
            .filter(ProcessHandle::isAlive)
            .ifPresent(alive -> signal("CONT", alive)));
    processes.close();
    tracker.close();
    traces.close();
  }
}
