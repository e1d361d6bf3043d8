package org.odap.ledger.fabric.development.simulation;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.shim.Chaincode;
import org.odap.ledger.fabric.development.ledger.WorldState;

/** Runs chaincodes in this process, against the state as it is and without changing it. */
public final class Simulator {
  private static final int ERROR = 500;

  private final Map<String, Chaincode> chaincodes;
  private final Set<String> stopped = ConcurrentHashMap.newKeySet();

  public Simulator(Map<String, Chaincode> chaincodes) {
    this.chaincodes = Map.copyOf(chaincodes);
  }

  public boolean isInstalled(String chaincode) {
    return chaincodes.containsKey(chaincode);
  }

  /** From now on the chaincode's process does not run. */
  public void stop(String chaincode) {
    stopped.add(chaincode);
  }

  /** The chaincode's process runs again. */
  public void restart(String chaincode) {
    stopped.remove(chaincode);
  }

  /**
   * Runs what a proposal asks for.
   *
   * @throws SimulationException when the chaincode does not run
   */
  public SimulationResult run(ProposalParts proposal, String mspId, WorldState state)
      throws SimulationException {
    ReadWriteRecorder recorder = new ReadWriteRecorder();
    Invocation invocation = new Invocation(this, proposal, mspId, state, recorder);
    String name = proposal.chaincode();
    if (stopped.contains(name)) {
      throw new SimulationException(
          "error in simulation: failed to execute transaction "
              + proposal.transactionId()
              + ": could not launch chaincode "
              + name
              + ": connection to "
              + name
              + " failed: error cannot create connection for "
              + name
              + ": error creating grpc connection: connection refused");
    }
    SimulationStub stub = new SimulationStub(invocation, name, proposal.arguments());
    Chaincode.Response answer = invoke(stub, name);
    return new SimulationResult(
        toProto(answer),
        recorder.toProto(),
        Optional.ofNullable(stub.getEvent())
            .map(event -> identified(event, name, proposal.transactionId())));
  }

  Chaincode.Response invoke(SimulationStub stub, String name) {
    Chaincode chaincode = chaincodes.get(name);
    if (chaincode == null || stopped.contains(name)) {
      return new Chaincode.Response(ERROR, "chaincode " + name + " not found", new byte[0]);
    }
    return chaincode.invoke(stub);
  }

  Chaincode.Response invoke(Invocation invocation, String name, List<byte[]> arguments) {
    return invoke(
        new SimulationStub(invocation, name, arguments.stream().map(ByteString::copyFrom).toList()),
        name);
  }

  private static ChaincodeEvent identified(ChaincodeEvent event, String name, String id) {
    return event.toBuilder().setChaincodeId(name).setTxId(id).build();
  }

  private static Response toProto(Chaincode.Response answer) {
    Response.Builder response = Response.newBuilder().setStatus(answer.getStatusCode());
    Optional.ofNullable(answer.getMessage()).ifPresent(response::setMessage);
    Optional.ofNullable(answer.getPayload())
        .ifPresent(payload -> response.setPayload(ByteString.copyFrom(payload)));
    return response.build();
  }

  /** What all stubs of one invocation share, also those of chaincodes called by chaincodes. */
  record Invocation(
      Simulator simulator,
      ProposalParts proposal,
      String mspId,
      WorldState state,
      ReadWriteRecorder recorder) {}
}
