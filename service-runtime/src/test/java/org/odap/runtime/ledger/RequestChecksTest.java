package org.odap.runtime.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
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
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapException;

/** Each bound of the ledger contract, broken once. */
class RequestChecksTest {
  private static final String HASH = References.to("0x1");
  private static final StepKey KEY =
      StepKey.newBuilder()
          .setTransferId("00000000-0000-4000-8000-000000000001")
          .setEpoch(1)
          .build();
  private static final Asset UNIQUE =
      Asset.newBuilder()
          .setKind(AssetKind.ASSET_KIND_UNIQUE)
          .setAssetClass("title")
          .setAssetId("0")
          .build();
  private static final Asset UNITS =
      Asset.newBuilder()
          .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
          .setAssetClass("cash")
          .setAmount("1")
          .build();
  private static final String MORE_THAN_UINT256 = BigInteger.TWO.pow(256).toString();
  private static final LockRequest LOCK =
      LockRequest.newBuilder()
          .setKey(KEY)
          .setAsset(UNIQUE)
          .setOwner("alice")
          .setLockExpiry(1)
          .setReference(HASH)
          .build();

  @Test
  void takesWhatIsWithinItsBounds() {
    List<ThrowingCallable> checks =
        List.of(
            () -> RequestChecks.check(LOCK),
            () -> RequestChecks.check(LOCK.toBuilder().setAsset(UNITS).build()),
            () ->
                RequestChecks.check(
                    LOCK.toBuilder().setAsset(units(MORE_THAN_UINT256, -1)).build()),
            () -> RequestChecks.check(ReadRequest.newBuilder().setAsset(UNIQUE).build()),
            () ->
                RequestChecks.check(
                    ReadRequest.newBuilder()
                        .setAsset(UNITS.toBuilder().clearAmount())
                        .setAccount("alice")
                        .build()),
            () -> RequestChecks.check(ReadRequest.newBuilder().setAccount("alice").build()),
            () -> RequestChecks.check(ReadRequest.newBuilder().setLocation("data/x").build()),
            () -> RequestChecks.check(SubscribeRequest.getDefaultInstance()));
    assertThat(checks).allSatisfy(check -> assertThatCode(check).doesNotThrowAnyException());
  }

  static Stream<Arguments> missing() {
    return Stream.of(
        Arguments.of(
            call(() -> RequestChecks.check(LockRequest.getDefaultInstance())),
            List.of(
                "key.transfer_id",
                "key.epoch",
                "asset.kind",
                "asset.asset_class",
                "owner",
                "lock_expiry",
                "reference")),
        Arguments.of(
            call(() -> RequestChecks.check(FinalizeLockRequest.getDefaultInstance())),
            List.of("key.transfer_id", "key.epoch", "reference")),
        Arguments.of(
            call(() -> RequestChecks.check(RecordLocationRequest.getDefaultInstance())),
            List.of(
                "key.transfer_id",
                "key.epoch",
                "reference",
                "remote_dlt_system",
                "remote_transaction_id")),
        Arguments.of(
            call(() -> RequestChecks.check(LogIncomingRequest.getDefaultInstance())),
            List.of(
                "key.transfer_id",
                "key.epoch",
                "asset.kind",
                "asset.asset_class",
                "beneficiary",
                "reference")),
        Arguments.of(
            call(() -> RequestChecks.check(CreateFromTransferRequest.getDefaultInstance())),
            List.of("key.transfer_id", "key.epoch", "hash_commit_final", "reference")),
        Arguments.of(
            call(() -> RequestChecks.check(GetStepRequest.getDefaultInstance())),
            List.of("transfer_id", "step")),
        Arguments.of(
            call(() -> RequestChecks.check(VerifyEvidenceRequest.getDefaultInstance())),
            List.of(
                "claim.dlt_system",
                "claim.transfer_id",
                "claim.asset.kind",
                "claim.asset.asset_class",
                "claim.account",
                "claim.transaction_id",
                "claim.proof_format",
                "claim.step",
                "claim.proof")),
        Arguments.of(
            call(() -> RequestChecks.check(ReadRequest.getDefaultInstance())), List.of("location")),
        Arguments.of(
            call(() -> RequestChecks.check(CreateRequest.getDefaultInstance())),
            List.of("request_id", "asset.kind", "asset.asset_class", "owner")),
        Arguments.of(
            call(() -> RequestChecks.check(DestroyRequest.getDefaultInstance())),
            List.of("request_id", "asset.kind", "asset.asset_class", "owner")),
        Arguments.of(
            call(() -> RequestChecks.check(WriteRequest.getDefaultInstance())),
            List.of("request_id", "location", "value")),
        Arguments.of(
            call(() -> RequestChecks.check(InvokeRequest.getDefaultInstance())),
            List.of("request_id", "location", "function")),
        Arguments.of(
            call(() -> RequestChecks.check(SubmitNativeRequest.getDefaultInstance())),
            List.of("transaction")));
  }

  @ParameterizedTest
  @MethodSource
  void missing(Runnable check, List<String> fields) {
    OdapException refusal = refusal(check);
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_MISSING);
    assertThat(refusal.fieldViolations()).extracting(FieldViolation::field).isEqualTo(fields);
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        lock("key.transfer_id", r -> r.setKey(KEY.toBuilder().setTransferId("1"))),
        lock("key.transfer_id", r -> r.setKey(upperCase())),
        lock("key.epoch", r -> r.setKey(KEY.toBuilder().setEpoch(-1))),
        lock("asset.kind", r -> r.setAsset(UNIQUE.toBuilder().setKindValue(9))),
        lock("asset.asset_class", r -> r.setAsset(UNIQUE.toBuilder().setAssetClass(longer(256)))),
        lock("asset.asset_id", r -> r.setAsset(UNIQUE.toBuilder().setAssetId("01"))),
        lock("asset.asset_id", r -> r.setAsset(UNIQUE.toBuilder().setAssetId("-1"))),
        lock("asset.asset_id", r -> r.setAsset(UNIQUE.toBuilder().setAssetId(MORE_THAN_UINT256))),
        lock("asset.asset_id", r -> r.setAsset(UNITS.toBuilder().setAssetId("1"))),
        lock("asset.amount", r -> r.setAsset(UNIQUE.toBuilder().setAmount("1"))),
        lock("asset.amount", r -> r.setAsset(UNITS.toBuilder().setAmount("0"))),
        lock("asset.amount", r -> r.setAsset(UNITS.toBuilder().setAmount("1.5"))),
        lock("asset.amount", r -> r.setAsset(UNITS.toBuilder().setAmount("1e3"))),
        lock("owner", r -> r.setOwner(longer(256))),
        lock("owner", r -> r.setOwner("a\nb")),
        lock("lock_expiry", r -> r.setLockExpiry(-1)),
        lock("reference", r -> r.setReference(HASH.substring(1))),
        lock("reference", r -> r.setReference(HASH.replaceFirst("[a-f]", "A"))),
        Arguments.of(
            "remote_transaction_id",
            call(() ->
                RequestChecks.check(
                    RecordLocationRequest.newBuilder()
                        .setKey(KEY)
                        .setReference(HASH)
                        .setRemoteDltSystem("there")
                        .setRemoteTransactionId(longer(256))
                        .build()))),
        Arguments.of(
            "step",
            call(() ->
                RequestChecks.check(
                    GetStepRequest.newBuilder()
                        .setTransferId(KEY.getTransferId())
                        .setStepValue(99)
                        .build()))),
        Arguments.of(
            "claim.proof",
            call(() ->
                RequestChecks.check(
                    VerifyEvidenceRequest.newBuilder()
                        .setClaim(
                            LedgerClaim.newBuilder()
                                .setDltSystem("there")
                                .setTransferId(KEY.getTransferId())
                                .setStep(LedgerStep.LEDGER_STEP_LOCK)
                                .setAsset(UNIQUE)
                                .setAccount("alice")
                                .setTransactionId("0x1")
                                .setProofFormat("urn:x")
                                .setProof(longer(262_144)))
                        .build()))),
        Arguments.of(
            "account",
            call(() ->
                RequestChecks.check(
                    ReadRequest.newBuilder().setAsset(UNIQUE).setAccount("alice").build()))),
        Arguments.of(
            "location",
            call(() ->
                RequestChecks.check(
                    ReadRequest.newBuilder().setAccount("alice").setLocation("data/x").build()))),
        write("request_id", r -> r.setRequestId(longer(128))),
        write("location", r -> r.setLocation(longer(1_024))),
        write("value", r -> r.setValue("{")),
        write("value", r -> r.setValue("{} {}")),
        write("value", r -> r.setValue(" ")),
        write("value", r -> r.setValue("\"" + longer(65_534) + "\"")),
        invoke("arguments", r -> r.addAllArguments(java.util.Collections.nCopies(65, "1"))),
        invoke("arguments[1]", r -> r.addArguments("1").addArguments("x")),
        Arguments.of(
            "transaction",
            call(() ->
                RequestChecks.check(
                    SubmitNativeRequest.newBuilder()
                        .setTransaction(ByteString.copyFrom(new byte[(1 << 20) + 1]))
                        .build()))),
        Arguments.of(
            "cursor",
            call(() ->
                RequestChecks.check(
                    SubscribeRequest.newBuilder().setCursor(longer(256)).build()))));
  }

  @ParameterizedTest
  @MethodSource
  void invalid(String field, Runnable check) {
    OdapException refusal = refusal(check);
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(refusal.fieldViolations()).extracting(FieldViolation::field).containsExactly(field);
    assertThat(refusal.fieldViolations().getFirst().description())
        .startsWith("value: ")
        .contains("(expected: ");
  }

  private static OdapException refusal(Runnable check) {
    OdapException refusal = catchThrowableOfType(OdapException.class, check::run);
    assertThat(refusal).isNotNull();
    return refusal;
  }

  private static Arguments lock(String field, Consumer<LockRequest.Builder> change) {
    LockRequest.Builder request = LOCK.toBuilder();
    change.accept(request);
    return Arguments.of(field, call(() -> RequestChecks.check(request.build())));
  }

  private static Arguments write(String field, Consumer<WriteRequest.Builder> change) {
    WriteRequest.Builder request =
        WriteRequest.newBuilder().setRequestId("r").setLocation("data/x").setValue("{}");
    change.accept(request);
    return Arguments.of(field, call(() -> RequestChecks.check(request.build())));
  }

  private static Arguments invoke(String field, Consumer<InvokeRequest.Builder> change) {
    InvokeRequest.Builder request =
        InvokeRequest.newBuilder().setRequestId("r").setLocation("x").setFunction("f");
    change.accept(request);
    return Arguments.of(field, call(() -> RequestChecks.check(request.build())));
  }

  private static Runnable call(Runnable check) {
    return check;
  }

  private static StepKey.Builder upperCase() {
    return KEY.toBuilder().setTransferId("0000000A-0000-4000-8000-000000000001");
  }

  private static Asset units(String amount, long plus) {
    String sum = new BigInteger(amount).add(BigInteger.valueOf(plus)).toString();
    return UNITS.toBuilder().setAmount(sum).build();
  }

  private static String longer(int than) {
    return "a".repeat(than + 1);
  }
}
