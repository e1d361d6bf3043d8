package org.odap.core.evidence;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.Recover;
import org.odap.api.storage.v1.Acceptance;
import org.odap.api.storage.v1.Failure;
import org.odap.api.storage.v1.StepDone;
import org.odap.api.storage.v1.StepIntent;
import org.odap.api.storage.v1.TransferOrder;

/** What the content of a log entry tells: something said, done, intended, failed or decided. */
public sealed interface Deed {
  /** A message between the gateways, by its name in the draft (ODAP 6 to 8). */
  record Said(String messageName) implements Deed {}

  /** A ledger step is about to be done (ARCH 7, 8). */
  record StepPlanned(LedgerStep step) implements Deed {}

  /** A ledger step was done (ARCH 7, 8). */
  record StepFinished(LedgerClaim claim) implements Deed {}

  /** A step failed, or the transfer is given up. */
  record Failed(Failure failure) implements Deed {}

  /** The recipient gateway takes the proposal, by its rules or a person's word (ODAP 6.2). */
  record Accepted(Acceptance acceptance) implements Deed {}

  /** A client ordered the transfer. */
  record Ordered(TransferOrder order) implements Deed {}

  /** Nothing this version knows; the entry's command alone tells what it was. */
  record Other() implements Deed {}

  /** Reads an entry's content. */
  static Deed of(Any content) {
    try {
      if (content.is(StepIntent.class)) {
        return new StepPlanned(content.unpack(StepIntent.class).getStep());
      }
      if (content.is(StepDone.class)) {
        return new StepFinished(content.unpack(StepDone.class).getClaim());
      }
      if (content.is(Failure.class)) {
        return new Failed(content.unpack(Failure.class));
      }
      if (content.is(Acceptance.class)) {
        return new Accepted(content.unpack(Acceptance.class));
      }
      if (content.is(TransferOrder.class)) {
        return new Ordered(content.unpack(TransferOrder.class));
      }
      if (content.is(Recover.class) && content.unpack(Recover.class).getBackup()) {
        return new Said("Recover (a backup takes over)");
      }
    } catch (InvalidProtocolBufferException notReadable) {
      return new Other();
    }
    String name = content.getTypeUrl().substring(content.getTypeUrl().lastIndexOf('/') + 1);
    return name.startsWith("odap.peer.v1.")
        ? new Said(name.substring("odap.peer.v1.".length()))
        : new Other();
  }
}
