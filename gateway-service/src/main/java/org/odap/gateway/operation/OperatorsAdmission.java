package org.odap.gateway.operation;

import java.util.Collection;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Halt;
import org.odap.api.common.v1.Limit;
import org.odap.api.common.v1.OperationScope;
import org.odap.core.session.Role;
import org.odap.core.transfer.RecipientState;
import org.odap.core.transfer.SenderState;
import org.odap.core.transfer.Transfer;
import org.odap.gateway.driver.Admission;
import org.odap.gateway.history.Known;
import org.odap.gateway.history.TransferHistory;
import org.odap.runtime.rpc.OdapException;

/**
 * Lets transfers begin as the operators ordered. One at a time is looked at, and has its place in
 * the history before the next one is: two at once never exceed a limit together. What other
 * replicas begin at the same time is counted once it is seen in the logs.
 */
public final class OperatorsAdmission implements Admission {
  private final Operations operations;
  private final TransferHistory history;
  private final Limits limits;

  /** Admission by what is ordered, counted from the history. */
  OperatorsAdmission(Operations operations, TransferHistory history) {
    this.operations = operations;
    this.history = history;
    this.limits = new Limits(history);
  }

  @Override
  public synchronized Optional<Bar> admit(Candidate candidate, long now) {
    boolean begun =
        history
            .find(candidate.logId())
            .filter(known -> known.state() != RecipientState.DENIED)
            .isPresent();
    if (begun) {
      return Optional.empty();
    }
    OperationBook book = operations.book();
    Known known = Known.of(candidate, unopened(candidate.role()), now);
    Optional<Bar> bar = halted(book, known, now).or(() -> exceeds(book, known, now));
    if (bar.isEmpty()) {
      history.keep(known);
    }
    return bar;
  }

  @Override
  public void changed(Transfer transfer) {
    history.changed(transfer);
  }

  @Override
  public void forget(String logId) {
    history.forget(logId);
  }

  private static org.odap.core.transfer.State unopened(Role role) {
    return role == Role.SENDER ? SenderState.UNOPENED : RecipientState.UNOPENED;
  }

  private static Optional<Bar> halted(OperationBook book, Known transfer, long now) {
    return book.halts(now).stream()
        .filter(halt -> isWithin(halt.getScope(), transfer))
        .findFirst()
        .map(halt -> new Halted(words(halt)));
  }

  private Optional<Bar> exceeds(OperationBook book, Known transfer, long now) {
    Collection<Limit> all = book.limitsByName();
    boolean limited = all.stream().anyMatch(limit -> Limits.isWithin(limit, transfer));
    if (limited && !history.complete()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_UNAVAILABLE,
          "transfers are being counted after a start: ask again");
    }
    return limits.exceeded(all, transfer, now).map(Exceeds::new);
  }

  private static boolean isWithin(OperationScope scope, Known transfer) {
    return (scope.getCounterparty().isEmpty() || scope.getCounterparty().equals(transfer.peer()))
        && (scope.getDltSystem().isEmpty()
            || scope.getDltSystem().equals(transfer.senderDlt())
            || scope.getDltSystem().equals(transfer.recipientDlt()))
        && (scope.getAssetProfileId().isEmpty()
            || scope.getAssetProfileId().equals(transfer.assetProfileId()));
  }

  private static String words(Halt halt) {
    String kind =
        switch (halt.getKind()) {
          case HALT_KIND_DRAIN -> "is being drained";
          case HALT_KIND_MAINTENANCE -> "is in maintenance";
          default -> "is paused";
        };
    boolean whole = halt.getScope().equals(OperationScope.getDefaultInstance());
    return "the gateway " + kind + (whole ? "" : " for such transfers") + ": " + halt.getReason();
  }
}
