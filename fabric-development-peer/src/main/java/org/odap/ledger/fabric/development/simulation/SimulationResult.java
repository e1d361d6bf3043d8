package org.odap.ledger.fabric.development.simulation;

import java.util.Optional;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.Response;

/** What a chaincode answered, read, wants written, and tells the world if it is. */
public record SimulationResult(
    Response response, TxReadWriteSet readWriteSet, Optional<ChaincodeEvent> event) {}
