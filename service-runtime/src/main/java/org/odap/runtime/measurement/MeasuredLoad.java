package org.odap.runtime.measurement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a load brought.
 *
 * @param steps that were done
 * @param failed steps that were not; their transfers ended there
 * @param firstFailure what the first of them said; empty where none failed
 * @param seconds from the beginning of the first step to the end of the last
 * @param p50Millis over all steps done
 * @param p50MillisByStep in the order of a transfer
 */
public record MeasuredLoad(
    long steps,
    long failed,
    String firstFailure,
    double seconds,
    double p50Millis,
    double p99Millis,
    Map<String, Double> p50MillisByStep) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the map in its order. */
  public MeasuredLoad {
    p50MillisByStep = Collections.unmodifiableMap(new LinkedHashMap<>(p50MillisByStep));
  }

  /** Steps done in a second. */
  public double stepsPerSecond() {
    return seconds > 0 ? steps / seconds : 0;
  }

  /** In one line. */
  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and texts can always be written", e);
    }
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static MeasuredLoad read(String json) {
    try {
      return JSON.readValue(json, MeasuredLoad.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a measured load: " + json, e);
    }
  }
}
