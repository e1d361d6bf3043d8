package org.odap.ledger.fabric.operation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.gateway.ProposedTransaction;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.fabric.assets.AssetChaincode;
import org.odap.ledger.fabric.evidence.StepInBlock;
import org.odap.ledger.fabric.network.Blocks;
import org.odap.ledger.fabric.network.Endorsed;
import org.odap.ledger.fabric.network.Envelopes;
import org.odap.ledger.fabric.network.Failure;
import org.odap.ledger.fabric.network.Failures;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.submission.Carried;
import org.odap.ledger.fabric.submission.Order;
import org.odap.ledger.fabric.submission.Runner;
import org.odap.runtime.ledger.Refusal;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;

/**
 * NATIVE_TXN (ODAP 5.10.10, 5.12): transactions that their owner signs, offline if he likes. Fabric
 * has two signatures, so there are two rounds:
 *
 * <ol>
 *   <li>a signed {@code gateway.ProposedTransaction} is endorsed; the answer, SUBMITTED, has as its
 *       claim's proof the {@code gateway.PreparedTransaction} to sign, in base64url, in the format
 *       {@link #TO_SIGN};
 *   <li>this one, with the signature over {@code envelope.payload} in {@code envelope.signature},
 *       is handed to the orderer and followed into its block.
 * </ol>
 *
 * <p>These are the messages that Fabric's client libraries give out and take for offline signing.
 * One is told from the other by the endorsements, which only the second has.
 */
public record NativeTransactions(String dltSystem, Peer peer, Blocks blocks, Runner runner) {
  /** Format of what is to be signed. */
  public static final String TO_SIGN = "urn:odap:fabric:transaction-to-sign:v1";

  /**
   * Bound of LedgerClaim.proof. What is endorsed holds arguments, writes and event: thrice the
   * value.
   */
  private static final int PROOF_CHARACTERS_MAX = 262_144;

  /** A transaction with both signatures. */
  private record SignedOrder(String transactionId, ByteString bytes) implements Order {
    @Override
    public Endorsed endorse(Peer peer, int attempt) {
      PreparedTransaction prepared = prepared(bytes).orElseThrow();
      return peer.signedTransaction(
          bytes.toByteArray(), prepared.getEnvelope().getSignature().toByteArray());
    }

    @Override
    public boolean isRenewable() {
      return false;
    }
  }

  /** Takes either message on; a repeat of the same bytes gets the same answer. */
  public StepOutcome submit(ByteString bytes) {
    Optional<PreparedTransaction> prepared = prepared(bytes);
    if (prepared.isPresent()) {
      return submitted(prepared.get(), bytes);
    }
    return proposed(bytes)
        .map(proposal -> endorsed(proposal, bytes))
        .orElseThrow(() ->
            OdapException.fieldInvalid(
                "transaction",
                bytes.size() + " bytes",
                "a signed gateway.ProposedTransaction or gateway.PreparedTransaction"));
  }

  private StepOutcome endorsed(ProposedTransaction proposal, ByteString bytes) {
    try {
      Endorsed endorsed =
          peer.endorse(
              peer.signedProposal(
                  bytes.toByteArray(), proposal.getProposal().getSignature().toByteArray()));
      String toSign =
          Base64.getUrlEncoder().withoutPadding().encodeToString(endorsed.transaction().getBytes());
      if (toSign.length() > PROOF_CHARACTERS_MAX) {
        return StepOutcomes.refused(
            new Refusal(
                ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE,
                "endorsed the transaction has "
                    + toSign.length()
                    + " characters (expected: at most "
                    + PROOF_CHARACTERS_MAX
                    + "); nothing was submitted"));
      }
      LedgerClaim claim =
          StepInBlock.onItsWay(dltSystem, endorsed.transactionId()).toBuilder()
              .setProofFormat(TO_SIGN)
              .setProof(toSign)
              .build();
      return StepOutcomes.submitted(endorsed.transactionId(), claim);
    } catch (EndorseException e) {
      Failure failure = Failures.of(e);
      // An identity that the network doesn't know, an unknown chaincode: here it is the client's.
      if (failure.reason() == ErrorReason.ERROR_REASON_LEDGER_REFUSED) {
        return refused(failure.words());
      }
      return switch (failure.kind()) {
        case UNKNOWN -> done(new Carried.Done(proposal.getTransactionId(), OptionalLong.empty()));
        case REFUSED, PERMANENT, TRY_AGAIN -> throw failure.exception(e);
      };
    }
  }

  private StepOutcome submitted(PreparedTransaction prepared, ByteString bytes) {
    requireChannel(channel(prepared.getEnvelope()));
    String id = prepared.getTransactionId();
    if (!Envelopes.transactionId(prepared.getEnvelope()).equals(Optional.of(id))) {
      throw OdapException.fieldInvalid("transaction.transaction_id", id, "the envelope's own id");
    }
    if (prepared.getEnvelope().getSignature().isEmpty()) {
      throw OdapException.fieldMissing("transaction.envelope.signature");
    }
    try {
      return switch (runner.carryOut(new SignedOrder(id, bytes))) {
        case Carried.Done done -> done(done);
        case Carried.Refused refused -> refused(refused.words());
        case Carried.UnderWay underWay ->
            StepOutcomes.submitted(
                underWay.transactionId(),
                StepInBlock.onItsWay(dltSystem, underWay.transactionId()));
      };
    } catch (OdapException e) {
      // Found invalid at its commit, and a new one needs a new signature.
      if (e.reason() == ErrorReason.ERROR_REASON_LEDGER_REFUSED) {
        return refused(e.description());
      }
      throw e;
    }
  }

  private StepOutcome done(Carried.Done done) {
    Blocks.Located located =
        peer.asked(() -> blocks.transaction(done.transactionId(), done.block()));
    if (located.verdict() != 0) {
      return refused("the peers found the transaction invalid: " + located.verdict());
    }
    StepInBlock seen = new StepInBlock(located.block().getHeader(), located.content());
    return StepOutcomes.done(seen.place(dltSystem).build());
  }

  private Optional<ProposedTransaction> proposed(ByteString bytes) {
    try {
      ProposedTransaction proposed = ProposedTransaction.parseFrom(bytes);
      Proposal proposal = Proposal.parseFrom(proposed.getProposal().getProposalBytes());
      ChannelHeader header =
          ChannelHeader.parseFrom(Header.parseFrom(proposal.getHeader()).getChannelHeader());
      if (proposed.getProposal().getSignature().isEmpty()
          || !header.getTxId().equals(proposed.getTransactionId())
          || header.getTxId().isEmpty()) {
        return Optional.empty();
      }
      requireChannel(header.getChannelId());
      return Optional.of(proposed);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static Optional<PreparedTransaction> prepared(ByteString bytes) {
    try {
      PreparedTransaction prepared = PreparedTransaction.parseFrom(bytes);
      return Envelopes.read(prepared.getEnvelope()).endorsements().isEmpty()
          ? Optional.empty()
          : Optional.of(prepared);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static String channel(Envelope envelope) {
    try {
      return Envelopes.read(envelope).channelHeader().getChannelId();
    } catch (InvalidProtocolBufferException e) {
      return "";
    }
  }

  private void requireChannel(String channel) {
    if (!channel.equals(peer.channelName())) {
      throw OdapException.fieldInvalid("transaction", "channel " + channel, peer.channelName());
    }
  }

  private static StepOutcome refused(String words) {
    return StepOutcomes.refused(
        AssetChaincode.refusal(words)
            .orElseGet(() -> new Refusal(ErrorReason.ERROR_REASON_LEDGER_REFUSED, words)));
  }
}
