package org.odap.runtime.measurement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that puts a load on a ledger with nothing but the ledger's client library, to compare
 * an adapter with: after a warm-up it measures, and prints a {@link MeasuredLoad} as its last line.
 */
public final class PlainProgram {
  private static final String IN_FLIGHT = "--in-flight";
  private static final String TRANSFERS = "--transfers";
  private static final String MILLIS = "--millis";
  private static final String WARM_UP_MILLIS = "--warm-up-millis";
  private static final String FIRST_ASSET = "--first-asset";
  private static final List<String> LOAD_OPTIONS =
      List.of(IN_FLIGHT, TRANSFERS, MILLIS, WARM_UP_MILLIS, FIRST_ASSET);
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  private final List<String> options;

  /** Makes the ledger's client. */
  public interface Opening {
    /** Connects as the options say. */
    TransferSteps open(Map<String, String> options, int inFlight) throws Exception;
  }

  /** A program with these options of its own, all of them required. */
  public PlainProgram(String... ownOptions) {
    options = new ArrayList<>(List.of(ownOptions));
    options.addAll(LOAD_OPTIONS);
  }

  /** The arguments that say how much is to be done. */
  public static List<String> arguments(LoadSize size, Duration warmUp, long firstAsset) {
    return List.of(
        IN_FLIGHT,
        Integer.toString(size.inFlight()),
        TRANSFERS,
        Integer.toString(size.transfers()),
        MILLIS,
        Long.toString(size.time().toMillis()),
        WARM_UP_MILLIS,
        Long.toString(warmUp.toMillis()),
        FIRST_ASSET,
        Long.toString(firstAsset));
  }

  /** Runs to the end; answers with the exit code. */
  public int run(String[] arguments, Opening opening) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      given.put(arguments[i], arguments[i + 1]);
    }
    if (arguments.length != 2 * options.size() || !given.keySet().containsAll(options)) {
      System.err.println("usage: " + String.join(" VALUE ", options) + " VALUE");
      return EXIT_USAGE;
    }
    LoadSize size =
        new LoadSize(
            Integer.parseInt(given.get(IN_FLIGHT)),
            Integer.parseInt(given.get(TRANSFERS)),
            millis(given, MILLIS));
    try (TransferSteps ledger = opening.open(given, size.inFlight())) {
      StepLoad load = new StepLoad(ledger, Long.parseLong(given.get(FIRST_ASSET)));
      var _ = load.run(size.lasting(millis(given, WARM_UP_MILLIS)));
      System.out.println(load.run(size).json());
      return 0;
    } catch (Exception e) {
      System.err.println("plain load: " + e);
      return EXIT_FAILED;
    }
  }

  private static Duration millis(Map<String, String> given, String option) {
    return Duration.ofMillis(Long.parseLong(given.get(option)));
  }
}
