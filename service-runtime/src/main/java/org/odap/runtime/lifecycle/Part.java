package org.odap.runtime.lifecycle;

import java.time.Duration;

/** Something a service starts and stops: a store, a pool, a server. */
public interface Part {
  /** For logs. */
  String name();

  /** Returns when the part does its work. */
  void start() throws Exception;

  /** Ends the part; what is not done within the limit is cut off. Called once, after start. */
  void stop(Duration limit) throws Exception;
}
