package org.odap.runtime.lifecycle;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.logging.LogFormat;
import org.odap.runtime.metrics.OperationsEndpoint;
import org.odap.runtime.metrics.RpcMetrics;
import org.odap.runtime.metrics.ServiceMetrics;
import org.odap.runtime.rpc.RpcServer;
import org.odap.runtime.tracing.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The main of every service: {@code --config file.yaml [--validate-config]} and the service's own
 * flags.
 *
 * <p>Prints one line to standard output, {@code ready <service> port=<port>}, when it serves. Ends
 * with 143 (the signal) after an orderly stop, 1 when it could not start, 2 when arguments or
 * configuration are wrong, 3 when stopping took too long.
 */
public final class ServiceMain<C extends Record & ServiceConfig> {
  /** Ends a stop that takes too long, on top of the parts' own limit. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(2);

  private static final int EXIT_OK = 0;
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;
  private static final int EXIT_STOPPED_HARD = 3;
  private static final Logger log = LoggerFactory.getLogger(ServiceMain.class);

  private final String name;
  private final Class<C> configType;
  private final Wiring<C> wiring;
  private final Map<String, String> flags = new LinkedHashMap<>();

  /** Puts a service together from its configuration. */
  @FunctionalInterface
  public interface Wiring<C> {
    void wire(C config, ServiceAssembly service) throws Exception;
  }

  private ServiceMain(String name, Class<C> configType, Wiring<C> wiring) {
    this.name = name;
    this.configType = configType;
    this.wiring = wiring;
  }

  /** A service with a short name such as {@code log} or {@code ledger-sql}. */
  public static <C extends Record & ServiceConfig> ServiceMain<C> of(
      String name, Class<C> configType, Wiring<C> wiring) {
    return new ServiceMain<>(name, configType, wiring);
  }

  /** Takes one more flag, such as {@code --salvage}. */
  public ServiceMain<C> flag(String flag, String description) {
    flags.put(flag, description);
    return this;
  }

  /** Runs until the process is told to stop, then exits the JVM. */
  public void run(String... args) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    LogFormat.begin(name);
    System.exit(run(List.of(args), System.out, System.err));
  }

  /** Starts the service inside this JVM. */
  public RunningService start(C config, Set<String> givenFlags) throws StartException {
    TlsMaterial tls = TlsMaterial.load(config.tls());
    ServiceHealth health = new ServiceHealth();
    ServiceMetrics metrics = new ServiceMetrics(name);
    Tracing tracing = Tracing.of(config.operations().tracing(), name, tls.identity());
    ServiceAssembly assembly = new ServiceAssembly(tls, health, metrics, tracing, givenFlags);
    try {
      wiring.wire(config, assembly);
    } catch (Exception e) {
      metrics.close();
      throw new StartException(name + " can't be put together: " + e.getMessage(), e);
    }
    metrics.watch(tls);
    metrics.watch(health);
    OperationsEndpoint operations = new OperationsEndpoint(config.operations(), health, metrics);
    RpcServer.Builder server =
        RpcServer.builder(config.server(), tls)
            .service(health.grpcService())
            .tokens(assembly.tokens())
            .tracing(tracing)
            .interceptor(new RpcMetrics(metrics.registry(), name));
    assembly.services().forEach(server::service);
    health.serves(
        assembly.services().stream()
            .map(service -> service.bindService().getServiceDescriptor().getName())
            .collect(Collectors.toSet()));
    RpcServer rpc = server.build();

    List<Part> parts = new ArrayList<>(List.of(operations, tracing, new TlsReload(tls)));
    parts.addAll(assembly.parts());
    parts.add(rpc);
    parts.addAll(assembly.doors(rpc.calls()));
    Lifecycle lifecycle = new Lifecycle();
    lifecycle.start(parts, config.operations().stopTimeout());
    health.started();
    return new RunningService(lifecycle, health, metrics, rpc, operations, config.operations());
  }

  int run(List<String> args, PrintStream out, PrintStream err) {
    Arguments arguments;
    C config;
    if (args.contains("--help")) {
      out.println(usage());
      return EXIT_OK;
    }
    if (args.contains("--describe-config")) {
      out.print(ConfigFile.describe(configType));
      return EXIT_OK;
    }
    try {
      arguments = parse(args);
      config = ConfigFile.read(arguments.config(), configType);
      TlsMaterial _ = TlsMaterial.load(config.tls());
    } catch (UsageException | ConfigException | IdentityException e) {
      err.println(e.getMessage());
      return EXIT_USAGE;
    }
    if (arguments.validateOnly()) {
      out.println(arguments.config() + ": no mistakes");
      return EXIT_OK;
    }
    try {
      return serve(config, arguments, out);
    } catch (StartException e) {
      if (e.getCause() instanceof PortBusyException) {
        err.println(arguments.config() + ":\n  " + e.getCause().getMessage());
        return EXIT_USAGE;
      }
      log.atError().setCause(e).addKeyValue("service", name).log("service did not start");
      err.println(name + ": " + e.getMessage());
      return EXIT_FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return EXIT_FAILED;
    }
  }

  private int serve(C config, Arguments arguments, PrintStream out)
      throws StartException, InterruptedException {
    RunningService service = start(config, arguments.flags());
    Duration limit =
        config.operations().quietPeriod().plus(config.operations().stopTimeout()).plus(STOP_GRACE);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, limit), "stop"));
    try {
      if (config.server().portFile().isPresent()) {
        PortFile.write(config.server().portFile().get(), service.port());
      }
    } catch (IOException e) {
      service.close();
      throw new StartException("port file can't be written: " + e.getMessage(), e);
    }
    log.atInfo()
        .addKeyValue("service", name)
        .addKeyValue("port", service.port())
        .addKeyValue("operations_port", service.operationsPort())
        .log("service ready");
    out.println("ready " + name + " port=" + service.port());
    out.flush();
    service.awaitStopped();
    return EXIT_OK;
  }

  private void stop(RunningService service, Duration limit) {
    Thread.ofPlatform().daemon().name("stop-limit").start(() -> haltAfter(limit));
    service.close();
    log.atInfo().addKeyValue("service", name).log("service stopped");
  }

  private static void haltAfter(Duration limit) {
    try {
      new java.util.concurrent.CountDownLatch(1)
          .await(limit.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.atError().log("stopping took too long, process ends hard");
    Runtime.getRuntime().halt(EXIT_STOPPED_HARD);
  }

  private record Arguments(Path config, boolean validateOnly, Set<String> flags) {}

  private static final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }

  private Arguments parse(List<String> args) throws UsageException {
    Optional<Path> config = Optional.empty();
    boolean validateOnly = false;
    Set<String> given = new HashSet<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.equals("--config") && i + 1 < args.size()) {
        config = Optional.of(Path.of(args.get(++i)));
      } else if (arg.equals("--validate-config")) {
        validateOnly = true;
      } else if (flags.containsKey(arg)) {
        given.add(arg);
      } else {
        throw new UsageException("argument not known: " + arg + "\n" + usage());
      }
    }
    return new Arguments(
        config.orElseThrow(() -> new UsageException("--config is missing\n" + usage())),
        validateOnly,
        given);
  }

  private String usage() {
    StringBuilder usage = new StringBuilder("usage: --config <file.yaml> [option]...");
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--validate-config", "checks the file and ends");
    options.put("--describe-config", "prints the keys of the file and ends");
    options.putAll(flags);
    options.forEach((option, description) -> usage.append("\n  " + option + "  " + description));
    return usage.toString();
  }
}
