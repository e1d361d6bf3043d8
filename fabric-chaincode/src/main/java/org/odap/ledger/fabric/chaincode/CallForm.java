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
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.hyperledger.fabric.shim.ChaincodeStub;

/**
 * What is checked of every call before its function runs: that it names a function of this
 * contract, has that function's number of arguments, and is exactly what its client signed, for
 * this chaincode.
 */
final class CallForm {
  private static final String CONTRACT = "odap";

  private static final Map<String, Method> FUNCTIONS =
      Arrays.stream(OdapContract.class.getMethods())
          .filter(method -> method.isAnnotationPresent(Transaction.class))
          .collect(
              Collectors.toUnmodifiableMap(
                  method -> method.getAnnotation(Transaction.class).name(), Function.identity()));

  private CallForm() {}

  static void require(ChaincodeStub stub, String chaincodeName) {
    String name = stub.getFunction();
    String prefix = CONTRACT + ":";
    Method function =
        FUNCTIONS.get(name.startsWith(prefix) ? name.substring(prefix.length()) : name);
    if (function == null) {
      // As the contract API says it. It would find a function behind other names too ("Lock:x:y"),
      // and run it without what follows here.
      throw new ChaincodeException("Undefined contract method called");
    }
    requireArguments(stub, name, function.getParameterCount() - 1);
    if (function.getAnnotation(Transaction.class).intent() == Transaction.TYPE.SUBMIT) {
      requireSigned(stub, chaincodeName);
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
  private static void requireSigned(ChaincodeStub stub, String chaincodeName) {
    SignedProposal signed = stub.getSignedProposal();
    List<ByteString> called = stub.getArgs().stream().map(ByteString::copyFrom).toList();
    try {
      if (signed != null) {
        Proposal proposal = Proposal.parseFrom(signed.getProposalBytes());
        if (calledChaincode(proposal).equals(chaincodeName)
            && signedArguments(proposal).equals(called)) {
          return;
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("A peer passed on a proposal that can't be read", e);
    }
    throw Refusals.denied(
        "the client did not sign this call to "
            + chaincodeName
            + ", as when another chaincode makes it; submit it to this chaincode directly");
  }

  /** The chaincode that the peer ran for the client; what it ran after that is not signed. */
  private static String calledChaincode(Proposal proposal) throws InvalidProtocolBufferException {
    Header header = Header.parseFrom(proposal.getHeader());
    ChannelHeader channelHeader = ChannelHeader.parseFrom(header.getChannelHeader());
    return ChaincodeHeaderExtension.parseFrom(channelHeader.getExtension())
        .getChaincodeId()
        .getName();
  }

  private static List<ByteString> signedArguments(Proposal proposal)
      throws InvalidProtocolBufferException {
    ChaincodeProposalPayload payload = ChaincodeProposalPayload.parseFrom(proposal.getPayload());
    return ChaincodeInvocationSpec.parseFrom(payload.getInput())
        .getChaincodeSpec()
        .getInput()
        .getArgsList();
  }
}
