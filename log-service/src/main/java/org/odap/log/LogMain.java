package org.odap.log;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LogApiServiceGrpc;
import org.odap.api.log.v1.LogOperationServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.edge.JsonEdge;
import org.odap.log.archive.Retention;
import org.odap.log.backup.Backups;
import org.odap.log.edge.LeaseEndpoint;
import org.odap.log.edge.LogApiEndpoint;
import org.odap.log.edge.LogMetrics;
import org.odap.log.edge.LogOperationEndpoint;
import org.odap.log.edge.LogStorageEndpoint;
import org.odap.log.edge.ReplicationEndpoint;
import org.odap.log.replication.ReplicatedLog;
import org.odap.log.replication.ReplicationConfig;
import org.odap.log.replication.ReplicationMetrics;
import org.odap.log.store.Logs;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;

/** The log service: keeps a gateway side's logs and says who may write them (recovery-01 3, 4). */
public final class LogMain {
  private static final String SALVAGE = "--salvage";

  private static final List<String> OF_LEADER =
      List.of(
          LogStorageServiceGrpc.SERVICE_NAME,
          LogOperationServiceGrpc.SERVICE_NAME,
          LogApiServiceGrpc.SERVICE_NAME,
          LeaseServiceGrpc.SERVICE_NAME);

  private LogMain() {}

  public static void main(String[] args) {
    service().run(args);
  }

  /** The service, to be run in a process of its own or inside another. */
  public static ServiceMain<LogConfig> service() {
    return ServiceMain.of("log", LogConfig.class, LogMain::wire)
        .flag(SALVAGE, "if the store is damaged, put damaged logs in quarantine and start without");
  }

  private static void wire(LogConfig config, ServiceAssembly service) {
    LogMetrics metrics = new LogMetrics(service.metrics());
    EntryKeys keys = config.encryption().map(EntryKeys::load).orElse(EntryKeys.NONE);
    Logs logs =
        config
            .replication()
            .map(replication -> oneOfSeveral(config, replication, keys, metrics, service))
            .orElseGet(() -> alone(config, keys, metrics, service));
    metrics.watch(logs::opened);
    metrics.watch(config.dataDirectory());
    service.serve(new LogStorageEndpoint(logs, metrics, service.tracing()));
    service.serve(new LogApiEndpoint(logs, metrics));
    service.serve(new LeaseEndpoint(logs::store, metrics));
    Optional<Backups> backups =
        config
            .backup()
            .map(to -> service.add(new Backups(to, logs, Clock.systemUTC(), service.metrics())));
    service.serve(new LogOperationEndpoint(logs::store, backups));
    config
        .retention()
        .ifPresent(
            to -> service.add(new Retention(to, keys, logs, Clock.systemUTC(), service.metrics())));
    config
        .edge()
        .ifPresent(
            edge -> service.door(calls -> new JsonEdge(edge, "ODAP log", service.tls(), calls)));
  }

  private static Logs alone(
      LogConfig config, EntryKeys keys, LogMetrics metrics, ServiceAssembly service) {
    return service.add(
        new StorePart(
            config.dataDirectory(), keys, service.hasFlag(SALVAGE), metrics, service.health()));
  }

  private static Logs oneOfSeveral(
      LogConfig config,
      ReplicationConfig replication,
      EntryKeys keys,
      LogMetrics metrics,
      ServiceAssembly service) {
    ReplicatedLog log =
        service.add(
            new ReplicatedLog(
                replication,
                config.dataDirectory(),
                keys,
                service.tls(),
                metrics,
                service.health(),
                OF_LEADER));
    ReplicationMetrics.watch(service.metrics(), log);
    service.serve(new ReplicationEndpoint(log));
    return log;
  }
}
