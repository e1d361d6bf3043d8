package org.odap.attestation.participant;

import com.google.protobuf.ByteString;
import java.util.Optional;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.storage.v1.KeptKey;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.Statement;
import org.odap.attestation.store.RecordStore;
import org.odap.core.quorum.Statements;
import org.odap.quorum.Groups;
import org.odap.quorum.OwnSignatures;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.KeyShare;

/** Gives partial signatures: of what its own ledger did, and of nothing else (IT-3, IT-4). */
final class Signer {
  private final SigningKey own;
  private final Supplier<RecordStore> store;
  private final LedgerCheck ledger;
  private final AnsweredCheck answered;
  private final Memory memory;

  Signer(SigningKey own, Supplier<RecordStore> store, LedgerCheck ledger, AnsweredCheck answered) {
    this.own = own;
    this.store = store;
    this.ledger = ledger;
    this.answered = answered;
    this.memory = new Memory(store);
  }

  /** A partial signature over a request's statement. */
  ParticipantSignature sign(SignPartiallyRequest request) {
    Statement statement = request.getStatement();
    KeptKey key = key(request.getKeyId());
    Optional<ParticipantSignature> before = memory.given(request.getKeyId(), statement);
    if (before.isPresent()) {
      return before.get();
    }
    answered.require(request);
    ledger.require(statement);
    Optional<String> other = memory.otherTransfer(statement);
    if (other.isPresent() && !ledger.isUndone(other.get(), statement.getClaim().getStep())) {
      throw Memory.inAnother(other.get());
    }
    return memory.give(
        request.getKeyId(),
        statement,
        other,
        () -> {
          byte[] bytes = Statements.bytes(statement);
          return OwnSignatures.give(bytes, share(key).sign(bytes), own);
        });
  }

  private KeptKey key(String keyId) {
    KeptKey key =
        store
            .get()
            .get(Records.KEYS, keyId)
            .orElseThrow(() -> unknown("this participant has no share of key " + keyId));
    if (key.getShare().equals(ByteString.EMPTY)) {
      throw unknown("the shares of key " + keyId + " were dealt anew: " + key.getReplacedBy());
    }
    return key;
  }

  private KeyShare share(KeptKey key) {
    ParticipantGroup group = key.getKey().getGroup();
    int index =
        Groups.memberOf(group, own.publicKey())
            .orElseThrow(() -> unknown("this participant is not of the key's group"))
            .getIndex();
    return KeyShare.parse(index, key.getShare().toByteArray());
  }

  private static OdapException unknown(String why) {
    return new OdapException(ErrorReason.ERROR_REASON_KEY_UNKNOWN, why);
  }
}
