package org.odap.runtime.ledger;

import com.google.protobuf.ByteString;
import java.util.List;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.InvokeResponse;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.ReadResponse;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.api.ledger.v1.WriteRequest;

/**
 * One ledger, as a gateway acts on it: the actions of ODAP 5.10 and the transfer steps 2.3, 2.4,
 * 3.3, 3.5 and 3.7 (ARCH 7, 8). The comments of {@code ledger_service.proto} bind every
 * implementation; here is only what they leave open.
 *
 * <p>Requests arrive checked by {@link LedgerServiceEndpoint}: ids, amounts, hashes and sizes are
 * well-formed. What the ledger itself refuses for good is an outcome, {@link StepOutcomes#refused};
 * an exception ({@link org.odap.runtime.rpc.OdapException}) means that the call could not be
 * decided: ledger unreachable, outcome unknown, capability missing, or a question about something
 * that isn't there.
 *
 * <p>Methods block, are called from many threads at once, and keep nothing in memory that the
 * ledger does not know. A step waits for the ledger's finality at most until the deadline of {@code
 * io.grpc.Context.current()} and then answers {@link StepOutcomes#submitted}.
 */
public interface LedgerAdapter {
  /** What this ledger is and can do, with its clock. */
  DescribeResponse describe();

  /** 2.3: locks the owner's asset until the expiry, which the ledger enforces. */
  StepOutcome lock(LockRequest request);

  /** Rollback of 2.3; before the lock has arrived, forbids it for ever. */
  StepOutcome unlock(UnlockRequest request);

  /** 3.3, the commit point: extinguishes the locked asset. */
  StepOutcome finalizeLock(FinalizeLockRequest request);

  /** 3.7: records where the asset went. */
  StepOutcome recordLocation(RecordLocationRequest request);

  /** 2.4: announces the asset to its beneficiary. */
  StepOutcome logIncoming(LogIncomingRequest request);

  /** 3.5: creates the announced asset. */
  StepOutcome createFromTransfer(CreateFromTransferRequest request);

  /** Rollback of 2.4; before the announcement has arrived, forbids it for ever. */
  StepOutcome withdrawIncoming(WithdrawIncomingRequest request);

  /** What became of a step; throws STEP_UNKNOWN where the ledger has nothing of it. */
  GetStepResponse getStep(GetStepRequest request);

  /**
   * What was checked of a claim, one line each; throws CLAIM_WRONG, CLAIM_NOT_FINAL or
   * CAPABILITY_UNSUPPORTED.
   */
  List<String> verifyEvidence(LedgerClaim claim);

  /** READ (ODAP 5.10.9). */
  ReadResponse read(ReadRequest request);

  /** CREATE (ODAP 5.10.1). */
  StepOutcome create(CreateRequest request);

  /** WRITE (ODAP 5.10.2). */
  StepOutcome write(WriteRequest request);

  /** INVOKE (ODAP 5.10.3). */
  InvokeResponse invoke(InvokeRequest request);

  /** DESTROY (ODAP 5.10.8). */
  StepOutcome destroy(DestroyRequest request);

  /** NATIVE_TXN (ODAP 5.10.10, 5.12): the bytes of a signed native transaction, unchanged. */
  StepOutcome submitNative(ByteString transaction);

  /** SUBSCRIBE (ODAP 5.10.7): sends events in the ledger's order until the subscriber is gone. */
  void subscribe(SubscribeRequest request, LedgerSubscriber subscriber);
}
