package org.odap.gateway.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DescribeRequest;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.InvokeResponse;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.ReadResponse;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmitNativeRequest;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.core.session.Session;
import org.odap.core.transfer.Input;
import org.odap.gateway.policy.OwnLedger;
import org.odap.gateway.quorum.Quorum;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/** A ledger behind this gateway, through its adapter. */
public final class Ledger implements OwnLedger {
  private final String dltSystem;
  private final LedgerServiceGrpc.LedgerServiceBlockingStub stub;
  private final Duration deadline;
  private final Optional<Quorum> quorum;
  private volatile Optional<DescribeResponse> described = Optional.empty();

  /** A ledger whose adapter alone says what happened on it. */
  public Ledger(String dltSystem, Channel channel, Duration deadline) {
    this(dltSystem, channel, deadline, Optional.empty());
  }

  /**
   * A ledger.
   *
   * @param channel to its adapter
   * @param deadline time an adapter has for one call
   * @param quorum its participants, where they vouch for what this gateway claims
   */
  public Ledger(String dltSystem, Channel channel, Duration deadline, Optional<Quorum> quorum) {
    this.quorum = quorum;
    this.dltSystem = dltSystem;
    this.stub = LedgerServiceGrpc.newBlockingStub(channel);
    this.deadline = deadline;
  }

  /** Its identifier between gateways. */
  public String dltSystem() {
    return dltSystem;
  }

  /**
   * What it is, as its adapter last said; asked for when it was never said.
   *
   * @throws OdapException LEDGER_UNAVAILABLE and the adapter's other reasons
   */
  public DescribeResponse description() {
    return described.orElseGet(this::describe);
  }

  /**
   * The formats in which a lock on it can be proved, best first.
   *
   * @param dealing whether the other ledger's participants are known, as the InterTrust mode wants
   */
  public List<String> evidenceFormats(boolean dealing) {
    List<String> formats = new ArrayList<>(description().getEvidenceFormatsList());
    quorum.ifPresent(own -> formats.addAll(0, own.formats(dealing)));
    return formats;
  }

  /**
   * Its participants.
   *
   * @throws OdapException CAPABILITY_UNSUPPORTED where nobody vouches for it; UNAVAILABLE
   */
  public ParticipantGroup participants() {
    return vouching().group();
  }

  @Override
  public InterTrustAgreement agreement(InitializationRequest proposal) {
    return vouching().agreement(proposal);
  }

  @Override
  public boolean hasParticipants() {
    return quorum.isPresent();
  }

  @Override
  public Set<String> capabilities() {
    return Set.copyOf(description().getCapabilitiesList());
  }

  private Quorum vouching() {
    return quorum.orElseThrow(() ->
        new OdapException(
            ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
            "no participants vouch for " + dltSystem));
  }

  /**
   * What it did in a transfer, with the proof the other gateway asks for.
   *
   * @throws OdapException while its participants don't give any; TX_IN_ANOTHER_TRANSFER when they
   *     never will
   */
  public Input.LedgerDid vouched(Session session, LedgerClaim claim) {
    return quorum
        .map(own -> own.vouched(session, claim))
        .orElseGet(() -> new Input.LedgerDid(claim));
  }

  /** Asks the adapter what the ledger is now. */
  public DescribeResponse describe() {
    DescribeResponse answer = asking(() -> call().describe(DescribeRequest.getDefaultInstance()));
    described = Optional.of(answer);
    return answer;
  }

  /**
   * Usual time from a step's submission to its finality, milliseconds, when the ledger has said it.
   */
  public Optional<Long> finalityMillis() {
    return described.map(answer -> (long) answer.getFinalityMillis());
  }

  /**
   * Does a transfer's step; a repeat answers what the first did.
   *
   * @throws OdapException when the step's outcome is not known
   */
  public StepOutcome perform(LedgerStep step, Message request) {
    return asking(() ->
        switch (step) {
          case LEDGER_STEP_LOCK -> call().lock((LockRequest) request).getOutcome();
          case LEDGER_STEP_UNLOCK -> call().unlock((UnlockRequest) request).getOutcome();
          case LEDGER_STEP_FINALIZE_LOCK ->
              call().finalizeLock((FinalizeLockRequest) request).getOutcome();
          case LEDGER_STEP_RECORD_LOCATION ->
              call().recordLocation((RecordLocationRequest) request).getOutcome();
          case LEDGER_STEP_LOG_INCOMING ->
              call().logIncoming((LogIncomingRequest) request).getOutcome();
          case LEDGER_STEP_CREATE ->
              call().createFromTransfer((CreateFromTransferRequest) request).getOutcome();
          case LEDGER_STEP_WITHDRAW ->
              call().withdrawIncoming((WithdrawIncomingRequest) request).getOutcome();
          case LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalArgumentException("not a step: " + step);
        });
  }

  /** READ (ODAP 5.10.9). */
  public ReadResponse read(ReadRequest request) {
    return asking(() -> call().read(request));
  }

  /** CREATE (ODAP 5.10.1). */
  public StepOutcome create(CreateRequest request) {
    return asking(() -> call().create(request).getOutcome());
  }

  /** WRITE (ODAP 5.10.2). */
  public StepOutcome write(WriteRequest request) {
    return asking(() -> call().write(request).getOutcome());
  }

  /** INVOKE (ODAP 5.10.3). */
  public InvokeResponse invoke(InvokeRequest request) {
    return asking(() -> call().invoke(request));
  }

  /** DESTROY (ODAP 5.10.8). */
  public StepOutcome destroy(DestroyRequest request) {
    return asking(() -> call().destroy(request).getOutcome());
  }

  /** NATIVE_TXN (ODAP 5.12). */
  public StepOutcome submitNative(ByteString transaction) {
    return asking(() ->
        call()
            .submitNative(SubmitNativeRequest.newBuilder().setTransaction(transaction).build())
            .getOutcome());
  }

  /**
   * SUBSCRIBE (ODAP 5.10.7): hands on each event, until the call that the current thread answers
   * ends.
   *
   * @param event answers false when nobody wants more
   */
  public void subscribe(SubscribeRequest request, Predicate<SubscribeResponse> event) {
    Context.CancellableContext watching = Context.current().withCancellation();
    try {
      asking(() -> {
        Iterator<SubscribeResponse> events = within(watching, () -> stub.subscribe(request));
        boolean wanted = true;
        while (wanted && events.hasNext()) {
          wanted = event.test(events.next());
        }
        return wanted;
      });
    } finally {
      watching.cancel(null);
    }
  }

  private static <T> T within(Context context, Supplier<T> call) {
    Context before = context.attach();
    try {
      return call.get();
    } finally {
      context.detach(before);
    }
  }

  /** What became of a step that was answered as submitted. */
  public StepOutcome outcome(String transferId, LedgerStep step, String handle) {
    return asking(() ->
        call()
            .getStep(
                GetStepRequest.newBuilder()
                    .setTransferId(transferId)
                    .setStep(step)
                    .setHandle(handle)
                    .build())
            .getOutcome());
  }

  /** That an adapter is silent is the adapter's trouble, not the whole gateway's. */
  private <T> T asking(Supplier<T> question) {
    try {
      return OdapErrors.calling(question);
    } catch (OdapException e) {
      throw e.reason() == ErrorReason.ERROR_REASON_UNAVAILABLE
          ? new OdapException(
              ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
              "the adapter of " + dltSystem + " can't be reached: " + e.description(),
              e)
          : e;
    }
  }

  private LedgerServiceGrpc.LedgerServiceBlockingStub call() {
    return stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }
}
