package org.odap.ledger.sql.instruction;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Optional;
import org.odap.ledger.sql.database.Transaction;
import org.odap.runtime.rpc.OdapException;

/** The keys with which account holders sign, as an operator has recorded them. */
public final class AccountKeys {
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final int P256_BITS = 256;

  private AccountKeys() {}

  /** Records an account's key; one recorded before is no longer valid. */
  public static void record(Transaction tx, String account, String publicKey) throws SQLException {
    try {
      ECPublicKey _ = parse(publicKey);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw OdapException.fieldInvalid(
          "value.public_key", publicKey, "base64url of a P-256 key's SPKI");
    }
    int updated =
        tx.update("UPDATE account_key SET public_key = ? WHERE account = ?", publicKey, account);
    if (updated == 0) {
      tx.update("INSERT INTO account_key (account, public_key) VALUES (?, ?)", account, publicKey);
    }
  }

  /** The key of an account, as recorded. */
  public static Optional<String> find(Transaction tx, String account) throws SQLException {
    return tx.first(
        "SELECT public_key FROM account_key WHERE account = ?", row -> row.getString(1), account);
  }

  /** Whether the signature over the bytes was made with the key. */
  static boolean verifies(String publicKey, ByteString bytes, ByteString signature) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(parse(publicKey));
      verifier.update(bytes.toByteArray());
      return verifier.verify(signature.toByteArray());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // What can't be a signature isn't one.
      return false;
    }
  }

  private static ECPublicKey parse(String publicKey) throws GeneralSecurityException {
    byte[] spki = Base64.getUrlDecoder().decode(publicKey);
    ECPublicKey key =
        (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
    if (key.getParams().getOrder().bitLength() != P256_BITS) {
      throw new GeneralSecurityException("another curve");
    }
    return key;
  }
}
