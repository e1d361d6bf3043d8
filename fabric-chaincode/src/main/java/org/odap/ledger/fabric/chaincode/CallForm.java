package org.odap.ledger.fabric.chaincode;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.shim.ChaincodeStub;

/**
 * What is checked of every call before its function runs: that it has the function's number of
 * arguments, and that its client signed exactly this call.
 */
final class CallForm {
  private static final Map<String, Method> FUNCTIONS =
      Arrays.stream(OdapContract.class.getMethods())
          .filter(method -> method.isAnnotationPresent(Transaction.class))
          .collect(
              Collectors.toUnmodifiableMap(
                  method -> method.getAnnotation(Transaction.class).name(), Function.identity()));

  private CallForm() {}

  static void require(ChaincodeStub stub) {
    String name = stub.getFunction();
    Method function = FUNCTIONS.get(name.substring(name.lastIndexOf(':') + 1));
    if (function == null) {
      // The contract API has its own answer to that.
      return;
    }
    requireArguments(stub, name, function.getParameterCount() - 1);
    if (function.getAnnotation(Transaction.class).intent() == Transaction.TYPE.SUBMIT) {
      requireSigned(stub);
    }
  }

  private static void requireArguments(ChaincodeStub stub, String name, int expected) {
    int given = stub.getParameters().size();
    if (given != expected) {
      throw Refusals.refused(
          given < expected ? Reason.FIELD_MISSING : Reason.FIELD_INVALID,
          name + " has arguments: value: " + given + " (expected: " + expected + ")");
    }
  }

  /**
   * A chaincode that is called by another one still sees the client who called that one. So that an
   * owner can't be led to give an asset away by calling something else, what runs here has to be
   * what the client signed.
   */
  private static void requireSigned(ChaincodeStub stub) {
    List<ByteString> called = stub.getArgs().stream().map(ByteString::copyFrom).toList();
    if (!called.equals(signedArguments(stub))) {
      throw Refusals.denied(
          "the client did not sign this call, as when another chaincode makes it; submit it to this"
              + " chaincode directly");
    }
  }

  private static List<ByteString> signedArguments(ChaincodeStub stub) {
    SignedProposal signed = stub.getSignedProposal();
    if (signed == null) {
      return List.of();
    }
    try {
      Proposal proposal = Proposal.parseFrom(signed.getProposalBytes());
      ChaincodeProposalPayload payload = ChaincodeProposalPayload.parseFrom(proposal.getPayload());
      return ChaincodeInvocationSpec.parseFrom(payload.getInput())
          .getChaincodeSpec()
          .getInput()
          .getArgsList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("A peer passed on a proposal that can't be read", e);
    }
  }
}
