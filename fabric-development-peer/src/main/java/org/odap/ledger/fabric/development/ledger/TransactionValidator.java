package org.odap.ledger.fabric.development.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.RangeQueryInfo;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.odap.ledger.fabric.development.membership.AccessDeniedException;
import org.odap.ledger.fabric.development.membership.Membership;

/**
 * What a committing peer checks of each transaction in a block, in its order: form, creator,
 * transaction id, proposal hash, endorsements, and last that nothing it read has changed since.
 */
final class TransactionValidator {
  private final Membership membership;
  private final EndorsementPolicy policy;

  TransactionValidator(Membership membership, EndorsementPolicy policy) {
    this.membership = membership;
    this.policy = policy;
  }

  /** The checks that need no state, so that they can be made before the state is locked. */
  void checkForm(EndorsedTransaction transaction) throws InvalidTransactionException {
    checkCreator(transaction);
    String id =
        Hashes.hex(
            Hashes.sha256(
                transaction.signatureHeader().getNonce(),
                transaction.signatureHeader().getCreator()));
    require(id.equals(transaction.id()), TxValidationCode.BAD_PROPOSAL_TXID);
    ByteString proposalHash =
        Hashes.sha256(
            transaction.header().getChannelHeader(),
            transaction.header().getSignatureHeader(),
            transaction.chaincodeProposalPayload());
    require(
        proposalHash.equals(transaction.proposalHash()),
        TxValidationCode.INVALID_ENDORSER_TRANSACTION);
    require(sameChaincode(transaction), TxValidationCode.INVALID_CHAINCODE);
  }

  private void checkCreator(EndorsedTransaction transaction) throws InvalidTransactionException {
    try {
      membership
          .member(transaction.signatureHeader().getCreator())
          .verify(transaction.envelope().getPayload(), transaction.envelope().getSignature());
    } catch (AccessDeniedException e) {
      throw new InvalidTransactionException(TxValidationCode.BAD_CREATOR_SIGNATURE);
    }
  }

  private static boolean sameChaincode(EndorsedTransaction transaction) {
    try {
      return ChaincodeHeaderExtension.parseFrom(transaction.channelHeader().getExtension())
          .getChaincodeId()
          .getName()
          .equals(transaction.chaincode());
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  /** Enough organizations endorsed; needs no state either. */
  void checkEndorsements(EndorsedTransaction transaction) throws InvalidTransactionException {
    Set<String> endorsers = new HashSet<>();
    for (Endorsement endorsement : transaction.endorsements()) {
      try {
        var endorser = membership.member(endorsement.getEndorser());
        endorser.verify(
            transaction.proposalResponsePayload().concat(endorsement.getEndorser()),
            endorsement.getSignature());
        if (endorser.is("peer")) {
          endorsers.add(endorser.mspId());
        }
      } catch (AccessDeniedException e) {
        // Does not count; others may suffice.
      }
    }
    require(policy.satisfiedBy(endorsers), TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  }

  /** The check against the state as the transactions before this one left it. */
  void checkReads(EndorsedTransaction transaction, WorldState state)
      throws InvalidTransactionException {
    for (NsReadWriteSet set : transaction.readWriteSets()) {
      KVRWSet keys = keys(set);
      for (KVRead read : keys.getReadsList()) {
        require(
            unchanged(read, state.get(set.getNamespace(), read.getKey())),
            TxValidationCode.MVCC_READ_CONFLICT);
      }
      for (RangeQueryInfo query : keys.getRangeQueriesInfoList()) {
        require(
            sameAnswer(query, set.getNamespace(), state), TxValidationCode.PHANTOM_READ_CONFLICT);
      }
    }
  }

  static void applyWrites(EndorsedTransaction transaction, WorldState state, StateVersion version)
      throws InvalidTransactionException {
    for (NsReadWriteSet set : transaction.readWriteSets()) {
      for (KVWrite write : keys(set).getWritesList()) {
        state.apply(set.getNamespace(), write, version);
      }
    }
  }

  private static boolean unchanged(KVRead read, Optional<StateValue> now) {
    return read.hasVersion()
        ? now.isPresent() && now.get().version().toProto().equals(read.getVersion())
        : now.isEmpty();
  }

  private static boolean sameAnswer(RangeQueryInfo query, String namespace, WorldState state) {
    // A query that was not read to its end says nothing of what comes after what it read last,
    // and names that as its end.
    String end = query.getItrExhausted() ? query.getEndKey() : "";
    Iterator<Map.Entry<ByteString, StateValue>> now =
        state.range(namespace, query.getStartKey(), end).entrySet().iterator();
    List<KVRead> reads = query.getRawReads().getKvReadsList();
    for (KVRead read : reads) {
      if (!now.hasNext()) {
        return false;
      }
      Map.Entry<ByteString, StateValue> value = now.next();
      if (!value.getKey().equals(read.getKeyBytes())
          || !value.getValue().version().toProto().equals(read.getVersion())) {
        return false;
      }
    }
    return !query.getItrExhausted() || !now.hasNext();
  }

  private static KVRWSet keys(NsReadWriteSet set) throws InvalidTransactionException {
    try {
      return KVRWSet.parseFrom(set.getRwset());
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidTransactionException(TxValidationCode.BAD_RWSET);
    }
  }

  private static void require(boolean holds, TxValidationCode otherwise)
      throws InvalidTransactionException {
    if (!holds) {
      throw new InvalidTransactionException(otherwise);
    }
  }
}
