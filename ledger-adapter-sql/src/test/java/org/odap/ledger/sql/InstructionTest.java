package org.odap.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.sql.journal.JournalReader;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.ledger.conformance.TransferUnderTest;
import org.odap.runtime.rpc.OdapException;

/**
 * NATIVE_TXN (ODAP 5.12): what account holders sign, the ledger carries out, once and unchanged.
 */
@Tag("ODAP-13")
class InstructionTest {
  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private H2LedgerUnderTest ledger;
  private SigningKey alice;

  @BeforeEach
  void open() throws IOException, GeneralSecurityException {
    ledger = H2LedgerUnderTest.open();
    alice = key("secp256r1");
    ledger.write("keys/alice", "{\"public_key\":\"" + alice.publicKey() + "\"}");
    ledger.mint(title(), "alice");
    ledger.mint(cash("5"), "alice");
  }

  @AfterEach
  void close() {
    ledger.database().close();
  }

  private static SigningKey key(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair pair = generator.generateKeyPair();
    return SigningKey.of(pair.getPrivate(), pair.getPublic());
  }

  private Asset title() {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(ledger.uniqueClass())
        .setAssetId("1")
        .build();
  }

  private Asset cash(String amount) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(ledger.fungibleClass())
        .setAmount(amount)
        .build();
  }

  private static String instruction(String action, String nonce, String rest) {
    return "{\"dlt_system\":\""
        + SqlLedgerUnderTest.DLT
        + "\",\"account\":\"alice\",\"nonce\":\""
        + nonce
        + "\",\"action\":\""
        + action
        + "\""
        + rest
        + "}";
  }

  private static final String TITLE_TO_BOB =
      instruction("move", "1", ",\"asset_class\":\"title\",\"asset_id\":\"1\",\"to\":\"bob\"");

  private StepOutcome submit(String payload, SigningKey key) {
    return submit(payload, key.sign(payload.getBytes(StandardCharsets.UTF_8)));
  }

  private StepOutcome submit(String payload, String signature) {
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(payload.getBytes(StandardCharsets.UTF_8));
    return ledger
        .adapter()
        .submitNative(
            ByteString.copyFromUtf8(
                "{\"payload\":\"" + encoded + "\",\"signature\":\"" + signature + "\"}"));
  }

  @Test
  void anOwnerMovesAssets() {
    SqlLedgerUnderTest.done(submit(TITLE_TO_BOB, alice));
    SqlLedgerUnderTest.done(
        submit(
            instruction("move", "2", ",\"asset_class\":\"cash\",\"amount\":\"2\",\"to\":\"bob\""),
            alice));

    assertThat(ledger.owner(title())).contains("bob");
    assertThat(ledger.balance("cash", "alice")).isEqualTo(3);
    assertThat(ledger.balance("cash", "bob")).isEqualTo(2);
    assertThat(ledger.database().inTransaction(JournalReader::audit)).isEqualTo(7);
  }

  @Test
  void anOwnerConsentsToLocksAndWithdrawsConsent() {
    String approve = instruction("approve", "1", ",\"asset_class\":\"title\"");
    SqlLedgerUnderTest.done(submit(approve, alice));
    TransferUnderTest transfer = TransferUnderTest.fresh(ledger);
    long expiry = ledger.adapter().describe().getLedgerTime() + 60_000;
    TransferUnderTest.done(transfer.lock(title(), "alice", expiry));
    TransferUnderTest.done(transfer.unlock());

    SqlLedgerUnderTest.done(
        submit(instruction("revoke", "2", ",\"asset_class\":\"title\""), alice));
    // A repeat of what came first does not undo what came later.
    SqlLedgerUnderTest.done(submit(approve, alice));
    TransferUnderTest.refused(
        TransferUnderTest.fresh(ledger).lock(title(), "alice", expiry),
        ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);
  }

  @Test
  void aRepeatEvenWithAnotherSignatureHasNoSecondEffect() {
    String payload =
        instruction("move", "1", ",\"asset_class\":\"cash\",\"amount\":\"2\",\"to\":\"bob\"");
    String signature = alice.sign(payload.getBytes(StandardCharsets.UTF_8));

    StepOutcome first = submit(payload, signature);

    assertThat(submit(payload, signature)).isEqualTo(first);
    assertThat(submit(payload, alice)).isEqualTo(first);
    assertThat(submit(payload, mirrored(signature))).isEqualTo(first);
    assertThat(ledger.balance("cash", "bob")).isEqualTo(2);
  }

  @Test
  void whatTheOwnerDidNotSignIsRefused() throws GeneralSecurityException {
    String signature = alice.sign(TITLE_TO_BOB.getBytes(StandardCharsets.UTF_8));
    refused(submit(TITLE_TO_BOB, key("secp256r1")));
    refused(submit(TITLE_TO_BOB.replace("bob", "eve"), signature));
    refused(submit(TITLE_TO_BOB.replace("alice", "nobody"), alice));
    refused(submit(TITLE_TO_BOB.replace(SqlLedgerUnderTest.DLT, "elsewhere"), alice));
    refused(submit(TITLE_TO_BOB, ""));
    refused(submit(TITLE_TO_BOB.replace("{", "{\"to\":\"eve\","), alice));
    refused(submit("[]", alice));
    refused(submit(instruction("burn", "1", ""), alice));
    refused(ledger.adapter().submitNative(ByteString.copyFromUtf8("raw")));
    refused(
        ledger.adapter().submitNative(ByteString.copyFromUtf8("\"" + "x".repeat(6_000) + "\"")));
    assertThat(ledger.owner(title())).contains("alice");
  }

  @Test
  void whatATransferHoldsOrIsNotTheOwnersCanNotBeMoved() {
    ledger.approve(title(), "alice");
    TransferUnderTest transfer = TransferUnderTest.fresh(ledger);
    long expiry = ledger.adapter().describe().getLedgerTime() + 60_000;
    TransferUnderTest.done(transfer.lock(title(), "alice", expiry));

    TransferUnderTest.refused(submit(TITLE_TO_BOB, alice), ErrorReason.ERROR_REASON_ASSET_LOCKED);
    TransferUnderTest.refused(
        submit(
            instruction("move", "2", ",\"asset_class\":\"cash\",\"amount\":\"6\",\"to\":\"bob\""),
            alice),
        ErrorReason.ERROR_REASON_BALANCE_TOO_LOW);

    ledger.advancePast(expiry);
    SqlLedgerUnderTest.done(submit(TITLE_TO_BOB, alice));
    assertThat(ledger.owner(title())).contains("bob");
    TransferUnderTest.refused(
        transfer.finalizeLock(TransferUnderTest.AGREEMENT), ErrorReason.ERROR_REASON_LOCK_EXPIRED);
    TransferUnderTest.done(transfer.unlock());
    assertThat(ledger.owner(title())).contains("bob");
  }

  @Test
  void aKeyOfAnotherCurveIsNotRecorded() throws GeneralSecurityException {
    String other = key("secp384r1").publicKey();
    assertThatThrownBy(() -> ledger.write("keys/bob", "{\"public_key\":\"" + other + "\"}"))
        .isInstanceOf(OdapException.class);
    assertThatThrownBy(() -> ledger.write("keys/bob", "{\"public_key\":\"AAAA\"}"))
        .isInstanceOf(OdapException.class);
  }

  /** The other signature that verifies wherever this one does: (r, n - s). */
  private static String mirrored(String signature) {
    byte[] both = Base64.getUrlDecoder().decode(signature);
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(both, 32, 64));
    byte[] other = P256_ORDER.subtract(s).toByteArray();
    byte[] mirrored = Arrays.copyOf(both, 64);
    Arrays.fill(mirrored, 32, 64, (byte) 0);
    int length = Math.min(other.length, 32);
    System.arraycopy(other, other.length - length, mirrored, 64 - length, length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(mirrored);
  }

  private static void refused(StepOutcome outcome) {
    TransferUnderTest.refused(outcome, ErrorReason.ERROR_REASON_LEDGER_REFUSED);
  }
}
