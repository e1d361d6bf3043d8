package org.odap.core.simulation;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.odap.core.envelope.Messages;
import org.odap.core.session.Role;
import org.odap.core.transfer.EndEvidence;
import org.odap.core.transfer.FakeLedger.Holding;
import org.odap.core.transfer.Invariants;
import org.odap.core.transfer.SenderState;
import org.odap.core.transfer.Transfer;

/**
 * Looks from outside at the ledgers, and at what is on the disks of the logs: at a transfer
 * whenever that changes, and at everything when all is over.
 */
final class Audit {
  /** To verify evidence takes longer than to simulate: it is done for one transfer of so many. */
  private static final int VERIFIED_ONE_OF = 8;

  private static final EndEvidence EVIDENCE =
      new EndEvidence(
          Messages.frame(),
          Map.of(
              Role.SENDER,
              Set.of(Simulation.SENDERS_BACKUP),
              Role.RECIPIENT,
              Set.of(Simulation.RECIPIENTS_BACKUP)));

  private final Function<Role, Side> sides;

  Audit(Function<Role, Side> sides) {
    this.sides = sides;
  }

  /** One of the books about a transfer has changed. */
  void changed(String id) {
    Invariants.Books books = books(id);
    Optional<String> fault = Invariants.fault(books);
    require(fault.isEmpty(), where(id, books) + fault.orElse(""));
  }

  /** Whether a transfer is over for both sides. */
  boolean ended(String id) {
    return books(id).sender().head().length() == 0 || books(id).ended();
  }

  /** A transfer and its states, for people. */
  String where(String id) {
    return where(id, books(id));
  }

  /** Every transfer has ended: so it must have ended well. */
  void over(Simulation world) {
    Ledger source = sides.apply(Role.SENDER).ledger();
    Ledger destination = sides.apply(Role.RECIPIENT).ledger();
    for (String asset : world.assets()) {
      require(
          source.unique().contains(asset) != destination.unique().contains(asset),
          "asset " + asset + " is not on exactly one ledger");
    }
    BigInteger sum = source.amount().add(destination.amount());
    require(sum.equals(Simulation.supply()), "the amounts add up to " + sum);
    world.transfers().forEach(this::over);
  }

  private void over(String id) {
    Invariants.Books books = books(id);
    Transfer sender = books.sender();
    Transfer recipient = books.recipient();
    if (sender.head().length() == 0) {
      require(recipient.head().length() == 0, id + " was never ordered, and the recipient has it");
      return;
    }
    String where = where(id, books);
    require(books.ended(), where + "does not end");
    Optional<String> broken = Invariants.fault(books);
    require(broken.isEmpty(), where + broken.orElse(""));
    boolean created = books.destination().holdsAsDestination() == Holding.FREE;
    require(
        created == (sender.state() == SenderState.COMPLETED),
        where + "the sender tells another end than the ledgers");
    if (Math.floorMod(id.hashCode(), VERIFIED_ONE_OF) == 0) {
      Optional<String> fault = EVIDENCE.fault(sender, recipient);
      require(fault.isEmpty(), where + fault.orElse(""));
    }
  }

  private Invariants.Books books(String id) {
    Side sender = sides.apply(Role.SENDER);
    Side recipient = sides.apply(Role.RECIPIENT);
    return new Invariants.Books(
        sender.log().transfer(id),
        recipient.log().transfer(id),
        sender.ledger().record(id),
        recipient.ledger().record(id),
        sender.ledger().clock());
  }

  private static String where(String id, Invariants.Books books) {
    return "%s (%s, %s): ".formatted(id, books.sender().state(), books.recipient().state());
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
