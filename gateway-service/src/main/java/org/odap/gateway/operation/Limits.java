package org.odap.gateway.operation;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.odap.api.common.v1.Limit;
import org.odap.core.session.Role;
import org.odap.gateway.history.Known;
import org.odap.gateway.history.TransferHistory;

/** Whether one transfer more is within the limits, reckoned from all that the logs hold. */
final class Limits {
  private static final long MILLIS_PER_SECOND = 1_000;

  private final TransferHistory history;

  Limits(TransferHistory history) {
    this.history = history;
  }

  /** Whether a limit is about a transfer. */
  static boolean isWithin(Limit limit, Known transfer) {
    return (limit.getCounterparty().isEmpty() || limit.getCounterparty().equals(transfer.peer()))
        && (limit.getAssetProfileId().isEmpty()
            || limit.getAssetProfileId().equals(transfer.assetProfileId()))
        && (limit.getRole().isEmpty() || limit.getRole().equals(transfer.role().word()));
  }

  /**
   * The first of the limits that the transfer would exceed, in words.
   *
   * @param now UNIX milliseconds
   */
  Optional<String> exceeded(Collection<Limit> limits, Known candidate, long now) {
    return limits.stream()
        .filter(limit -> isWithin(limit, candidate))
        .flatMap(limit -> exceeded(limit, candidate, now).stream())
        .findFirst();
  }

  private Optional<String> exceeded(Limit limit, Known candidate, long now) {
    if (!limit.getAmountMax().isEmpty()
        && candidate.amount().compareTo(new BigInteger(limit.getAmountMax())) > 0) {
      return told(limit, "amount: " + candidate.amount(), limit.getAmountMax());
    }
    if (limit.getInFlightMax() > 0) {
      long running = others(limit, candidate, history.running()).count();
      if (running + 1 > limit.getInFlightMax()) {
        return told(limit, "in flight: " + running, "fewer than " + limit.getInFlightMax());
      }
    }
    if (limit.getNumberMax() > 0) {
      long number = others(limit, candidate, recent(limit, now)).count();
      if (number + 1 > limit.getNumberMax()) {
        return told(limit, "number: " + number, "fewer than " + limit.getNumberMax());
      }
    }
    return limit.getSumMax().isEmpty() ? Optional.empty() : sum(limit, candidate, now);
  }

  /** Amounts of different profiles are of different things: each is summed by itself. */
  private Optional<String> sum(Limit limit, Known candidate, long now) {
    BigInteger before =
        others(limit, candidate, recent(limit, now))
            .filter(known -> known.assetProfileId().equals(candidate.assetProfileId()))
            .map(Known::amount)
            .reduce(BigInteger.ZERO, BigInteger::add);
    BigInteger sum = before.add(candidate.amount());
    return sum.compareTo(new BigInteger(limit.getSumMax())) > 0
        ? told(limit, "sum: " + sum, limit.getSumMax())
        : Optional.empty();
  }

  private Stream<Known> recent(Limit limit, long now) {
    return history.since(now - limit.getPeriodSeconds() * MILLIS_PER_SECOND);
  }

  private Stream<Known> others(Limit limit, Known candidate, Stream<Known> transfers) {
    Predicate<Known> secondLog =
        known ->
            limit.getRole().isEmpty()
                && known.role() == Role.RECIPIENT
                && history.find(Role.SENDER.logId(known.transferId())).isPresent();
    return transfers
        .filter(Known::counts)
        .filter(known -> isWithin(limit, known))
        .filter(known -> !known.transferId().equals(candidate.transferId()))
        .filter(secondLog.negate());
  }

  private static Optional<String> told(Limit limit, String value, String expected) {
    return Optional.of(
        "limit " + limit.getName() + ": " + value + " (expected: " + expected + within(limit));
  }

  private static String within(Limit limit) {
    boolean periodic = limit.getPeriodSeconds() > 0;
    return periodic ? ", within " + limit.getPeriodSeconds() + " s)" : ")";
  }
}
