package org.odap.ledger.fabric.development.simulation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.logging.Level;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.contract.execution.ExecutionFactory;
import org.hyperledger.fabric.contract.execution.ExecutionService;
import org.hyperledger.fabric.contract.execution.InvocationRequest;
import org.hyperledger.fabric.contract.routing.ContractDefinition;
import org.hyperledger.fabric.contract.routing.RoutingRegistry;
import org.hyperledger.fabric.contract.routing.TxFunction;
import org.hyperledger.fabric.contract.routing.impl.RoutingRegistryImpl;
import org.hyperledger.fabric.contract.routing.impl.SerializerRegistryImpl;
import org.hyperledger.fabric.shim.Chaincode;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ResponseUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chaincode made of contracts, routed by the shim's own parts. The shim's router takes all
 * contracts of the class path; this one takes those named, so that several chaincodes can be in one
 * process.
 */
public final class ContractChaincode implements Chaincode {
  private static final Logger log = LoggerFactory.getLogger(ContractChaincode.class);
  // The shim logs every refusal of a contract as an error, with its trace. Kept, or the level goes.
  private static final java.util.logging.Logger SHIM =
      java.util.logging.Logger.getLogger("org.hyperledger.fabric");

  static {
    SHIM.setLevel(Level.OFF);
  }

  private final RoutingRegistry routes = new RoutingRegistryImpl();
  private final ExecutionService execution;

  /** Looked for once: it takes seconds on a long class path. */
  private static final class Serializers {
    private static final SerializerRegistryImpl FOUND = find();

    private static SerializerRegistryImpl find() {
      SerializerRegistryImpl serializers = new SerializerRegistryImpl();
      try {
        serializers.findAndSetContents();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a serializer of the class path can't be made", e);
      }
      return serializers;
    }
  }

  private ContractChaincode(List<Class<? extends ContractInterface>> contracts) {
    this.execution = ExecutionFactory.getInstance().createExecutionService(Serializers.FOUND);
    contracts.forEach(this::add);
  }

  /** The chaincode of these contracts, each annotated as the shim wants it. */
  public static ContractChaincode of(List<Class<? extends ContractInterface>> contracts) {
    return new ContractChaincode(contracts);
  }

  /** The chaincode of one contract. */
  public static ContractChaincode of(Class<? extends ContractInterface> contract) {
    return of(List.of(contract));
  }

  @SuppressWarnings("unchecked") // The registry asks for a class nothing but the interface has.
  private void add(Class<? extends ContractInterface> type) {
    ContractDefinition contract = routes.addNewContract((Class<ContractInterface>) type);
    for (Method method : type.getMethods()) {
      if (method.isAnnotationPresent(Transaction.class)) {
        contract.addTxFunction(method);
      }
    }
  }

  @Override
  public Response init(ChaincodeStub stub) {
    return invoke(stub);
  }

  @Override
  public Response invoke(ChaincodeStub stub) {
    try {
      if (stub.getStringArgs().isEmpty()) {
        return ResponseUtils.newSuccessResponse();
      }
      InvocationRequest request = ExecutionFactory.getInstance().createRequest(stub);
      TxFunction function =
          routes.containsRoute(request)
              ? routes.getTxFn(request)
              : routes.getContract(request.getNamespace()).getUnknownRoute();
      return execution.executeRequest(function, request, stub);
    } catch (RuntimeException e) {
      // The client hears little more than that it did.
      log.atWarn().setCause(e).addKeyValue("transaction", stub.getTxId()).log("chaincode failed");
      return ResponseUtils.newErrorResponse(e);
    }
  }
}
