package org.odap.ledger.sql;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.odap.ledger.sql.database.Database;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;

/** Holds the database while the service runs, and tells the probes whether it answers. */
final class DatabaseWatch implements Part {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Database database;
  private final ServiceHealth.Condition condition;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("database-watch").daemon().factory());

  DatabaseWatch(Database database, ServiceHealth.Condition condition) {
    this.database = database;
    this.condition = condition;
  }

  @Override
  public String name() {
    return "database";
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Ends with the timer.
  public void start() {
    look();
    timer.scheduleWithFixedDelay(
        this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) {
    timer.shutdownNow();
    database.close();
  }

  private void look() {
    if (database.isReachable()) {
      condition.met();
    } else {
      condition.unmet("the database does not answer");
    }
  }
}
