package org.odap.runtime.measurement;

import java.time.Duration;

/**
 * How much is to be done: transfers are begun until there are so many or the time is over.
 *
 * @param inFlight transfers at a time, each doing one step after the other
 * @param transfers 0 = any number
 * @param time for how long transfers are begun where their number is not given
 */
public record LoadSize(int inFlight, int transfers, Duration time) {
  /** The same for so long, whatever was said of a number. */
  public LoadSize lasting(Duration newTime) {
    return new LoadSize(inFlight, 0, newTime);
  }
}
