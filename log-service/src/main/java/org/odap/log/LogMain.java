package org.odap.log;

import java.time.Clock;
import java.util.Optional;
import org.odap.edge.JsonEdge;
import org.odap.log.archive.Retention;
import org.odap.log.backup.Backups;
import org.odap.log.edge.LeaseEndpoint;
import org.odap.log.edge.LogApiEndpoint;
import org.odap.log.edge.LogMetrics;
import org.odap.log.edge.LogOperationEndpoint;
import org.odap.log.edge.LogStorageEndpoint;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;

/** The log service: keeps a gateway side's logs and says who may write them (recovery-01 3, 4). */
public final class LogMain {
  private static final String SALVAGE = "--salvage";

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
    StorePart store =
        service.add(
            new StorePart(
                config.dataDirectory(), keys, service.hasFlag(SALVAGE), metrics, service.health()));
    service.serve(new LogStorageEndpoint(store::store, metrics, service.tracing()));
    service.serve(new LogApiEndpoint(store::store, metrics));
    service.serve(new LeaseEndpoint(store::store, metrics));
    Optional<Backups> backups =
        config
            .backup()
            .map(to ->
                service.add(new Backups(to, store::store, Clock.systemUTC(), service.metrics())));
    service.serve(new LogOperationEndpoint(store::store, backups));
    config
        .retention()
        .ifPresent(to ->
            service.add(
                new Retention(to, keys, store::store, Clock.systemUTC(), service.metrics())));
    config
        .edge()
        .ifPresent(
            edge -> service.door(calls -> new JsonEdge(edge, "ODAP log", service.tls(), calls)));
  }
}
