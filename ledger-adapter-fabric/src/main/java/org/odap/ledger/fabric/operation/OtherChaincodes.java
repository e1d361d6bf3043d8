package org.odap.ledger.fabric.operation;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.GatewayException;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.InvokeResponse;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.fabric.assets.Answers;
import org.odap.ledger.fabric.evidence.StepInBlock;
import org.odap.ledger.fabric.network.Blocks;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.submission.Carried;
import org.odap.ledger.fabric.submission.Runner;
import org.odap.runtime.ledger.Refusal;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;

/**
 * WRITE, INVOKE and READ (ODAP 5.10.2, 5.10.3, 5.10.9) on the chaincodes that the operator lists,
 * and no others: the adapter's identity may have rights that its callers shall not have.
 *
 * @param dltSystem the ledger's name between gateways
 */
public record OtherChaincodes(
    String dltSystem, Peer peer, Blocks blocks, Runner runner, Map<String, Allowed> allowed) {

  /**
   * A chaincode that may be used.
   *
   * @param functions those INVOKE may run
   * @param writeFunction that WRITE runs, with key and value
   * @param readFunction that READ runs, with the key
   */
  public record Allowed(
      String name,
      List<String> functions,
      Optional<String> writeFunction,
      Optional<String> readFunction) {}

  /** Those a configuration lists. */
  public static Map<String, Allowed> byName(List<Allowed> allowed) {
    return allowed.stream().collect(Collectors.toMap(Allowed::name, Function.identity()));
  }

  /** Whether any function is listed for INVOKE. */
  public boolean canInvoke() {
    return allowed.values().stream().anyMatch(chaincode -> !chaincode.functions().isEmpty());
  }

  /** Whether any chaincode is listed for WRITE. */
  public boolean canWrite() {
    return allowed.values().stream().anyMatch(chaincode -> chaincode.writeFunction().isPresent());
  }

  /** WRITE (ODAP 5.10.2). */
  public StepOutcome write(WriteRequest request) {
    Place place = place(request.getLocation());
    String function =
        place
            .chaincode()
            .writeFunction()
            .orElseThrow(() -> unsupported("WRITE", request.getLocation()));
    Invocation invocation =
        Invocation.of(place.chaincode().name(), function, place.key(), request.getValue());
    return once(request.getRequestId(), invocation).outcome();
  }

  /** INVOKE (ODAP 5.10.3). */
  public InvokeResponse invoke(InvokeRequest request) {
    Allowed chaincode =
        Optional.ofNullable(allowed.get(request.getLocation()))
            .filter(listed -> listed.functions().contains(request.getFunction()))
            .orElseThrow(
                () -> unsupported("INVOKE", request.getLocation() + "." + request.getFunction()));
    List<String> arguments = request.getArgumentsList().stream().map(Answers::asArgument).toList();
    Once once =
        once(
            request.getRequestId(),
            new Invocation(chaincode.name(), request.getFunction(), arguments));
    return InvokeResponse.newBuilder().setOutcome(once.outcome()).setResult(once.result()).build();
  }

  /** READ (ODAP 5.10.9) of a location: JSON text. */
  public String read(String location) throws GatewayException {
    Place place = place(location);
    String function =
        place.chaincode().readFunction().orElseThrow(() -> unsupported("READ", location));
    byte[] answer = peer.evaluate(Invocation.of(place.chaincode().name(), function, place.key()));
    return Answers.asJson(new String(answer, StandardCharsets.UTF_8));
  }

  /** A location: the chaincode's name, a slash, and a key of that chaincode's. */
  private record Place(Allowed chaincode, String key) {}

  private record Once(StepOutcome outcome, String result) {}

  private Place place(String location) {
    int slash = location.indexOf('/');
    if (slash < 1 || slash == location.length() - 1) {
      throw OdapException.fieldInvalid("location", location, "<chaincode>/<key>");
    }
    return Optional.ofNullable(allowed.get(location.substring(0, slash)))
        .map(chaincode -> new Place(chaincode, location.substring(slash + 1)))
        .orElseThrow(() -> unsupported("access", location));
  }

  private Once once(String requestId, Invocation invocation) {
    return switch (runner.carryOut(new OnceOrder(requestId, invocation))) {
      case Carried.Done done -> done(done, invocation);
      case Carried.Refused refused ->
          new Once(
              StepOutcomes.refused(
                  new Refusal(ErrorReason.ERROR_REASON_LEDGER_REFUSED, refused.words())),
              "");
      case Carried.UnderWay underWay ->
          new Once(
              StepOutcomes.submitted(
                  underWay.transactionId(),
                  StepInBlock.onItsWay(dltSystem, underWay.transactionId())),
              "");
    };
  }

  private Once done(Carried.Done done, Invocation invocation) {
    Blocks.Located located =
        peer.asked(() -> blocks.transaction(done.transactionId(), done.block()));
    StepInBlock seen = new StepInBlock(located.block().getHeader(), located.content());
    try {
      if (!seen.content().input().getArgsList().equals(OnceProposal.input(invocation).getArgsList())
          || !seen.content().action().getChaincodeId().getName().equals(invocation.chaincode())) {
        throw new OdapException(
            ErrorReason.ERROR_REASON_REQUEST_ID_REUSED,
            "request_id was used for another request, in transaction " + done.transactionId());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a transaction of ours can't be read", e);
    }
    String result = seen.content().action().getResponse().getPayload().toStringUtf8();
    return new Once(StepOutcomes.done(seen.place(dltSystem).build()), Answers.asJson(result));
  }

  private static OdapException unsupported(String action, String what) {
    return new OdapException(
        ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
        action + " of " + what + " is not offered by this ledger's adapter");
  }
}
