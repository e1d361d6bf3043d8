package org.odap.cli.demo;

/** What is shown on a running system. */
@FunctionalInterface
interface Demo {
  /** Shows it, and notes what held. */
  void run() throws InterruptedException;
}
