package org.odap.ledger.fabric.development.simulation;

import java.lang.reflect.Method;
import java.util.List;
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

/**
 * A chaincode made of contracts, routed by the shim's own parts. The shim's router takes all
 * contracts of the class path; this one takes those named, so that several chaincodes can be in one
 * process.
 */
public final class ContractChaincode implements Chaincode {
  private final RoutingRegistry routes = new RoutingRegistryImpl();
  private final ExecutionService execution;

  private ContractChaincode(List<Class<? extends ContractInterface>> contracts) {
    SerializerRegistryImpl serializers = new SerializerRegistryImpl();
    try {
      serializers.findAndSetContents();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("a serializer of the class path can't be made", e);
    }
    this.execution = ExecutionFactory.getInstance().createExecutionService(serializers);
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
      return ResponseUtils.newErrorResponse(e);
    }
  }
}
