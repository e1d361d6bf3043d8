package org.odap.core.envelope;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Signatures for tests that make millions of them: a hash of key and text, as long as a real one,
 * behind a mark. Whoever has the public key can make them; they prove nothing, and still tell keys
 * and texts apart. While installed (as an extension of a test class) they are verified too; what
 * does not bear the mark is verified as ever, the same one only once.
 */
public final class QuickSignatures implements BeforeAllCallback, AfterAllCallback {
  private static final String RAW = "SHA256withECDSAinP1363Format";
  private static final String DER = "SHA256withECDSA";
  private static final String REAL_PROVIDER = "SunEC";
  private static final byte[] MARK = "quick-->".getBytes(StandardCharsets.US_ASCII);
  private static final Provider PROVIDER = new Quick();

  /** Signs so, with the key that belongs to this public key. */
  public static Signer signer(String publicKey) {
    byte[] key = PublicKeys.parse(publicKey).orElseThrow().getEncoded();
    return new QuickSigner(publicKey, key);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    int _ = Security.insertProviderAt(PROVIDER, 1);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Security.removeProvider(PROVIDER.getName());
  }

  private static byte[] quick(byte[] key, byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update(key);
      byte[] signature = digest.digest(bytes);
      System.arraycopy(MARK, 0, signature, 0, MARK.length);
      return signature;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isQuick(byte[] signature) {
    return signature.length > MARK.length
        && Arrays.equals(signature, 0, MARK.length, MARK, 0, MARK.length);
  }

  @SuppressWarnings("ArrayRecordComponent") // Private, and never compared.
  private record QuickSigner(String publicKey, byte[] key) implements Signer {
    @Override
    public String sign(byte[] bytes) {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(quick(key, bytes));
    }
  }

  private static final class Quick extends Provider {
    private static final long serialVersionUID = 1;

    Quick() {
      super("OdapQuickSignatures", "1", "signatures that prove nothing");
      for (String algorithm : new String[] {RAW, DER}) {
        putService(
            new Service(this, "Signature", algorithm, Verifying.class.getName(), null, null) {
              @Override
              public Object newInstance(Object parameter) {
                return new Verifying(algorithm);
              }
            });
      }
    }
  }

  /** Verifies only: to sign, a provider is asked that can. */
  private static final class Verifying extends SignatureSpi {
    private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();

    private final String algorithm;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private PublicKey key;

    Verifying(String algorithm) {
      this.algorithm = algorithm;
    }

    @Override
    protected void engineInitVerify(PublicKey publicKey) {
      key = publicKey;
      bytes.reset();
    }

    @Override
    protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
      throw new InvalidKeyException("only verifies");
    }

    @Override
    protected void engineUpdate(byte b) {
      bytes.write(b);
    }

    @Override
    protected void engineUpdate(byte[] b, int offset, int length) {
      bytes.write(b, offset, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      throw new SignatureException("only verifies");
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      byte[] text = bytes.toByteArray();
      bytes.reset();
      if (algorithm.equals(RAW) && isQuick(signature)) {
        return MessageDigest.isEqual(signature, quick(key.getEncoded(), text));
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(key.getEncoded());
      all.writeBytes(text);
      all.writeBytes(signature);
      Boolean known = KNOWN.get(Hash.of(all.toByteArray()));
      if (known == null) {
        known = verifiesReally(text, signature);
        KNOWN.put(Hash.of(all.toByteArray()), known);
      }
      return known;
    }

    private boolean verifiesReally(byte[] text, byte[] signature) throws SignatureException {
      try {
        Signature verifier = Signature.getInstance(algorithm, REAL_PROVIDER);
        verifier.initVerify(key);
        verifier.update(text);
        return verifier.verify(signature);
      } catch (SignatureException e) {
        throw e;
      } catch (GeneralSecurityException e) {
        throw new SignatureException(e);
      }
    }

    @Override
    protected void engineSetParameter(AlgorithmParameterSpec parameters) {
      // ECDSA has none.
    }

    @Override
    @SuppressWarnings("deprecation") // The class asks for it.
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    @SuppressWarnings("deprecation") // The class asks for it.
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException(name);
    }
  }
}
