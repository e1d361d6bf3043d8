package org.odap.ledger.fabric.development.endorsement;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponse;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.odap.ledger.fabric.development.endorsement.EndorserException.Cause;
import org.odap.ledger.fabric.development.ledger.Hashes;
import org.odap.ledger.fabric.development.ledger.Ledger;
import org.odap.ledger.fabric.development.membership.AccessDeniedException;
import org.odap.ledger.fabric.development.membership.Member;
import org.odap.ledger.fabric.development.membership.Membership;
import org.odap.ledger.fabric.development.membership.SigningIdentity;
import org.odap.ledger.fabric.development.simulation.ProposalParts;
import org.odap.ledger.fabric.development.simulation.SimulationException;
import org.odap.ledger.fabric.development.simulation.SimulationResult;
import org.odap.ledger.fabric.development.simulation.Simulator;

/**
 * One organization's endorsing peer: checks a proposal, runs it, and signs what came out. All
 * endorsers of this process look at one state, as peers do that are equally far.
 */
public final class Endorser {
  // From here on a chaincode's status is an error.
  private static final int ERROR_THRESHOLD = 400;
  private static final String VERSION = "1.0";

  /** How the gateway's peer sees this one. */
  public enum Reach {
    UP,
    /** Just stopped: connections are refused. */
    REFUSES,
    /** Stopped, and everybody has noticed. */
    GONE
  }

  private final SigningIdentity identity;
  private final String address;
  private final Simulator simulator;
  private final ChainQueries queries;
  private final Membership membership;
  private final Ledger ledger;
  private volatile Reach reach = Reach.UP;

  public Endorser(
      SigningIdentity identity,
      String address,
      Simulator simulator,
      ChainQueries queries,
      Membership membership,
      Ledger ledger) {
    this.identity = identity;
    this.address = address;
    this.simulator = simulator;
    this.queries = queries;
    this.membership = membership;
    this.ledger = ledger;
  }

  public String mspId() {
    return identity.mspId();
  }

  public String address() {
    return address;
  }

  public Reach reach() {
    return reach;
  }

  public void reach(Reach now) {
    reach = now;
  }

  /**
   * Runs a proposal and signs the outcome.
   *
   * @throws EndorserException when it is not endorsed
   */
  public ProposalResponse endorse(ProposalParts proposal) throws EndorserException {
    if (reach != Reach.UP) {
      throw new EndorserException(
          Cause.UNREACHABLE,
          "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while"
              + " dialing: dial tcp "
              + address
              + ": connect: connection refused\"");
    }
    check(proposal);
    SimulationResult result = run(proposal);
    if (result.response().getStatus() >= ERROR_THRESHOLD) {
      throw new EndorserException(
          Cause.CHAINCODE,
          "chaincode response "
              + result.response().getStatus()
              + ", "
              + result.response().getMessage());
    }
    ByteString payload = payload(proposal, result).toByteString();
    return ProposalResponse.newBuilder()
        .setVersion(1)
        .setResponse(result.response())
        .setPayload(payload)
        .setEndorsement(
            Endorsement.newBuilder()
                .setEndorser(identity.serialized())
                .setSignature(identity.sign(payload.concat(identity.serialized()))))
        .build();
  }

  private void check(ProposalParts proposal) throws EndorserException {
    int type = proposal.channelHeader().getType();
    if (type != HeaderType.ENDORSER_TRANSACTION_VALUE) {
      throw invalid("invalid header type " + HeaderType.forNumber(type));
    }
    if (proposal.channelHeader().getEpoch() != 0) {
      throw invalid("epoch is non-zero");
    }
    if (proposal.signatureHeader().getNonce().isEmpty()) {
      throw invalid("nonce is empty");
    }
    ByteString creator = proposal.signatureHeader().getCreator();
    String id = Hashes.hex(Hashes.sha256(proposal.signatureHeader().getNonce(), creator));
    if (!id.equals(proposal.transactionId())) {
      throw invalid(
          "incorrectly computed txid '" + proposal.transactionId() + "' -- expected '" + id + "'");
    }
    checkCreator(proposal, creator);
    if (ledger.transaction(id).isPresent()) {
      throw new EndorserException(
          Cause.PROPOSAL,
          "duplicate transaction found [" + id + "]. Creator [" + Hashes.hex(creator) + "]");
    }
  }

  private void checkCreator(ProposalParts proposal, ByteString creator) throws EndorserException {
    Optional<String> mspId = membership.claimedMspId(creator);
    if (mspId.isEmpty()) {
      throw invalid(
          "access denied: channel ["
              + proposal.channel()
              + "] creator org unknown, creator is malformed");
    }
    try {
      Member member = membership.member(creator);
      member.verify(proposal.signed().getProposalBytes(), proposal.signed().getSignature());
    } catch (AccessDeniedException e) {
      throw invalid(
          "access denied: channel [" + proposal.channel() + "] creator org [" + mspId.get() + "]");
    }
  }

  private static EndorserException invalid(String why) {
    return new EndorserException(Cause.PROPOSAL, "error validating proposal: " + why);
  }

  private SimulationResult run(ProposalParts proposal) throws EndorserException {
    if (proposal.chaincode().equals(ChainQueries.NAME)) {
      return queries.answer(proposal);
    }
    try {
      return ledger.simulate(state -> {
        try {
          return simulator.run(proposal, mspId(), state);
        } catch (SimulationException e) {
          throw new Unsimulated(e);
        }
      });
    } catch (Unsimulated e) {
      throw new EndorserException(Cause.PEER, e.getCause().getMessage());
    }
  }

  private static ProposalResponsePayload payload(ProposalParts proposal, SimulationResult result) {
    ChaincodeAction.Builder action =
        ChaincodeAction.newBuilder()
            .setResults(result.readWriteSet().toByteString())
            .setResponse(result.response())
            .setChaincodeId(
                ChaincodeID.newBuilder().setName(proposal.chaincode()).setVersion(VERSION));
    result.event().ifPresent(event -> action.setEvents(event.toByteString()));
    return ProposalResponsePayload.newBuilder()
        .setProposalHash(proposal.hash())
        .setExtension(action.build().toByteString())
        .build();
  }

  private static final class Unsimulated extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unsimulated(SimulationException cause) {
      super(cause);
    }
  }
}
