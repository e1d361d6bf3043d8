package org.odap.gateway.access;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.access.AccessFile;
import org.odap.core.access.AccessRule;
import org.odap.core.access.AccessRules;
import org.odap.core.access.Permission;
import org.odap.core.resource.ClientDescriptor;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by the access file, denies what it does not allow, and records each decision (ODAP 5.5).
 *
 * <p>Owns the rules in force: a changed file is taken up as a whole, or, when it is wrong, not at
 * all. Then the former rules stay.
 */
public final class Access implements Part {
  /** A change of rights is meant to work soon; looking costs one read of a small file. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(Access.class);

  private final Path file;
  private final MeterRegistry metrics;
  private final AuditLog audit = new AuditLog();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("access-reload").daemon().factory());
  private volatile AccessRules rules;
  private volatile boolean stale;
  private String seen;

  /**
   * Access by a file.
   *
   * @throws ConfigException with the file's mistakes
   */
  public Access(Path file, MeterRegistry metrics) {
    this.file = file;
    this.metrics = metrics;
    this.seen = text();
    this.rules = read();
    Gauge.builder("odap.gateway.access.stale", () -> stale ? 1 : 0)
        .description("1 while the access file is wrong and former rules are in force")
        .register(metrics);
  }

  /**
   * Refuses what the caller may not do; the decision is recorded.
   *
   * @param subject id of the transfer or request it is about, for the record; "" without one
   * @throws OdapException PERMISSION_DENIED
   */
  public void require(
      Caller caller, Permission permission, ResourceDescriptor resource, String subject) {
    if (!decide(caller, permission, resource, subject)) {
      throw denied(caller, permission, resource);
    }
  }

  /** As {@link #require(Caller, Permission, ResourceDescriptor, String)}, about nothing more. */
  public void require(Caller caller, Permission permission, ResourceDescriptor resource) {
    require(caller, permission, resource, "");
  }

  /** Whether the caller may do this; the decision is recorded. */
  public boolean decide(
      Caller caller, Permission permission, ResourceDescriptor resource, String subject) {
    Optional<AccessRule> rule = allowing(caller, permission, resource);
    audit.decided(caller, permission, resource, rule, subject);
    metrics
        .counter(
            "odap.gateway.access.decisions",
            "permission",
            permission.name().toLowerCase(Locale.ROOT),
            "decision",
            rule.isPresent() ? "allowed" : "denied")
        .increment();
    return rule.isPresent();
  }

  /** Whether the caller may do this; for lists, whose decisions are recorded together. */
  public boolean allows(Caller caller, Permission permission, ResourceDescriptor resource) {
    return allowing(caller, permission, resource).isPresent();
  }

  /** Records how many entries of a list a caller was shown. */
  public void listed(
      Caller caller, Permission permission, ResourceDescriptor resource, int shown, int hidden) {
    audit.listed(caller, permission, resource, shown, hidden);
  }

  /** The rules in force. */
  public AccessRules rules() {
    return rules;
  }

  /** The client a caller is; none when its identity is no client descriptor: it may do nothing. */
  public static Optional<ClientDescriptor> client(Caller caller) {
    return ClientDescriptor.parse(caller.identity().uri());
  }

  /** What is told to whom may not do something. */
  public static OdapException denied(
      Caller caller, Permission permission, ResourceDescriptor resource) {
    return new OdapException(
        ErrorReason.ERROR_REASON_PERMISSION_DENIED,
        caller.identity() + " may not " + permission + " on " + resource);
  }

  @Override
  public String name() {
    return "access";
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Ends with the timer.
  public void start() {
    timer.scheduleWithFixedDelay(
        this::reloadIfChanged, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) {
    timer.shutdownNow();
  }

  /** Takes up a changed file; of a wrong one nothing. */
  synchronized void reloadIfChanged() {
    String now = text();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      rules = read();
      stale = false;
      log.atInfo()
          .addKeyValue("file", file)
          .addKeyValue("rules", rules.size())
          .log("access rules reloaded");
    } catch (ConfigException e) {
      stale = true;
      log.atError()
          .addKeyValue("file", file)
          .addKeyValue("mistakes", e.mistakes())
          .log("changed access file not usable, the former rules stay in force");
    }
  }

  private Optional<AccessRule> allowing(
      Caller caller, Permission permission, ResourceDescriptor resource) {
    return client(caller).flatMap(client -> rules.allowing(client, permission, resource));
  }

  private AccessRules read() {
    ConfigFile.Located<AccessFile> read =
        ConfigFile.locate(file, AccessFile.class, AccessRules::mistakes);
    return AccessRules.of(read.value(), read::line);
  }

  /** What can't be read counts as another text: reading it tells why. */
  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
