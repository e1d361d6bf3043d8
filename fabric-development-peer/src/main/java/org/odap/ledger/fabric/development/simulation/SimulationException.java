package org.odap.ledger.fabric.development.simulation;

/** A simulation that could not be made. */
public final class SimulationException extends Exception {
  private static final long serialVersionUID = 1;

  SimulationException(String message) {
    super(message);
  }
}
