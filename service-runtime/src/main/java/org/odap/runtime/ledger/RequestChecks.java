package org.odap.runtime.ledger;

import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.SubmitNativeRequest;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.VerifyEvidenceRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.runtime.rpc.FieldChecks;

/** The bounds that the ledger contract sets to each request, checked before a ledger sees it. */
final class RequestChecks {
  private static final int REQUEST_ID_MAX = 128;
  private static final int TRANSACTION_ID_MAX = 256;
  private static final int LOCATION_MAX = 1_024;
  private static final int FUNCTION_MAX = 256;
  private static final int HANDLE_MAX = 1_024;
  private static final int CURSOR_MAX = 256;
  private static final int JSON_MAX = 65_536;
  private static final int ARGUMENTS_MAX = 64;
  private static final int PROOF_MAX = 262_144;
  private static final int NATIVE_BYTES_MAX = 1 << 20;

  private RequestChecks() {}

  static void check(StepKey key) {
    keyed(key).end();
  }

  static void check(LockRequest request) {
    keyed(request.getKey())
        .asset("asset", request.getAsset())
        .name("owner", request.getOwner())
        .positive("lock_expiry", request.getLockExpiry())
        .hash("reference", request.getReference())
        .end();
  }

  static void check(FinalizeLockRequest request) {
    keyed(request.getKey()).hash("reference", request.getReference()).end();
  }

  static void check(RecordLocationRequest request) {
    keyed(request.getKey())
        .hash("reference", request.getReference())
        .name("remote_dlt_system", request.getRemoteDltSystem())
        .text("remote_transaction_id", request.getRemoteTransactionId(), TRANSACTION_ID_MAX)
        .end();
  }

  static void check(LogIncomingRequest request) {
    keyed(request.getKey())
        .asset("asset", request.getAsset())
        .name("beneficiary", request.getBeneficiary())
        .hash("reference", request.getReference())
        .end();
  }

  static void check(CreateFromTransferRequest request) {
    keyed(request.getKey())
        .hash("hash_commit_final", request.getHashCommitFinal())
        .hash("reference", request.getReference())
        .end();
  }

  static void check(GetStepRequest request) {
    FieldChecks checks = new FieldChecks().transferId("transfer_id", request.getTransferId());
    step(checks, "step", request.getStep(), request.getStepValue());
    checks.optionalText("handle", request.getHandle(), HANDLE_MAX).end();
  }

  static void check(VerifyEvidenceRequest request) {
    LedgerClaim claim = request.getClaim();
    FieldChecks checks =
        new FieldChecks()
            .name("claim.dlt_system", claim.getDltSystem())
            .transferId("claim.transfer_id", claim.getTransferId())
            .asset("claim.asset", claim.getAsset())
            .name("claim.account", claim.getAccount())
            .text("claim.transaction_id", claim.getTransactionId(), TRANSACTION_ID_MAX)
            .name("claim.proof_format", claim.getProofFormat());
    step(checks, "claim.step", claim.getStep(), claim.getStepValue());
    if (claim.getProof().isEmpty()) {
      checks.missing("claim.proof");
    } else if (claim.getProof().length() > PROOF_MAX) {
      checks.invalid(
          "claim.proof", claim.getProof().length() + " characters", "at most " + PROOF_MAX);
    }
    checks.end();
  }

  static void check(ReadRequest request) {
    FieldChecks checks = new FieldChecks();
    if (request.hasAsset()) {
      checks.assetName("asset", request.getAsset()).absent("location", request.getLocation());
      switch (request.getAsset().getKind()) {
        case ASSET_KIND_FUNGIBLE -> checks.name("account", request.getAccount());
        case ASSET_KIND_UNIQUE -> checks.absent("account", request.getAccount());
        case ASSET_KIND_UNSPECIFIED, UNRECOGNIZED -> {}
      }
    } else if (!request.getAccount().isEmpty()) {
      checks.name("account", request.getAccount()).absent("location", request.getLocation());
    } else {
      checks.text("location", request.getLocation(), LOCATION_MAX);
    }
    checks.end();
  }

  static void check(CreateRequest request) {
    new FieldChecks()
        .text("request_id", request.getRequestId(), REQUEST_ID_MAX)
        .asset("asset", request.getAsset())
        .name("owner", request.getOwner())
        .end();
  }

  static void check(WriteRequest request) {
    new FieldChecks()
        .text("request_id", request.getRequestId(), REQUEST_ID_MAX)
        .text("location", request.getLocation(), LOCATION_MAX)
        .json("value", request.getValue(), JSON_MAX)
        .end();
  }

  static void check(InvokeRequest request) {
    FieldChecks checks =
        new FieldChecks()
            .text("request_id", request.getRequestId(), REQUEST_ID_MAX)
            .text("location", request.getLocation(), LOCATION_MAX)
            .text("function", request.getFunction(), FUNCTION_MAX)
            .count("arguments", request.getArgumentsCount(), ARGUMENTS_MAX);
    for (int i = 0; i < Math.min(request.getArgumentsCount(), ARGUMENTS_MAX); i++) {
      checks.json("arguments[" + i + "]", request.getArguments(i), JSON_MAX);
    }
    checks.end();
  }

  static void check(DestroyRequest request) {
    new FieldChecks()
        .text("request_id", request.getRequestId(), REQUEST_ID_MAX)
        .asset("asset", request.getAsset())
        .name("owner", request.getOwner())
        .end();
  }

  static void check(SubmitNativeRequest request) {
    FieldChecks checks = new FieldChecks();
    int size = request.getTransaction().size();
    if (size == 0) {
      checks.missing("transaction");
    } else if (size > NATIVE_BYTES_MAX) {
      checks.invalid("transaction", size + " bytes", "at most " + NATIVE_BYTES_MAX);
    }
    checks.end();
  }

  static void check(SubscribeRequest request) {
    new FieldChecks()
        .optionalText("location", request.getLocation(), LOCATION_MAX)
        .optionalText("cursor", request.getCursor(), CURSOR_MAX)
        .end();
  }

  private static FieldChecks keyed(StepKey key) {
    FieldChecks checks = new FieldChecks().transferId("key.transfer_id", key.getTransferId());
    if (key.hasAnchor()) {
      // Unsigned in the schema: above 2^31 - 1 it is negative here.
      checks
          .positive("key.anchor.seq_number", key.getAnchor().getSeqNumber())
          .hash("key.anchor.log_entry_hash", key.getAnchor().getLogEntryHash());
    }
    if (key.getEpoch() == 0) {
      return checks.missing("key.epoch");
    }
    // Above 2^63 - 1, where ledgers that count in signed integers end.
    return key.getEpoch() > 0
        ? checks
        : checks.invalid(
            "key.epoch", Long.toUnsignedString(key.getEpoch()), "1 to " + Long.MAX_VALUE);
  }

  private static void step(FieldChecks checks, String field, LedgerStep step, int number) {
    if (step == LedgerStep.LEDGER_STEP_UNSPECIFIED) {
      checks.missing(field);
    } else if (step == LedgerStep.UNRECOGNIZED) {
      checks.invalid(field, Integer.toString(number), "a step of ARCH 7, 8");
    }
  }
}
