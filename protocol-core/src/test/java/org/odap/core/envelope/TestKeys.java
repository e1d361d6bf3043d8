package org.odap.core.envelope;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Fixed keys for tests and test vectors; they are public and protect nothing. */
public final class TestKeys {
  public static final Signer SENDER =
      new TestSigner(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAElpZTp2jGbWksjIGfQT_o_kf8uSDLQBF_A8olg3A2Na-qjq-Dz4RnoNnfr2wS393pUGFffqkuBvjd2nHy_3QINw",
          "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEcTlhKr41wZQX4NkqUlQlNJpXBOYX46qh0091wb33kahRANCAASWllOnaMZtaSyMgZ9BP-j-R_y5IMtAEX8DyiWDcDY1r6qOr4PPhGeg2d-vbBLf3elQYV9-qS4G-N3acfL_dAg3");

  public static final Signer RECIPIENT =
      new TestSigner(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9ZthSOfl5s0aLz1qCD9xD7xXL_0KiEbEGtZfIxSccXzLM5PV9XnE3c1kwTNLc8x_vFP6MIxYGfsrGzbSxfS3kQ",
          "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6FVYRhsYGkSwTapixENMldaoRn8aMpBGDyoeZ5SdQ8yhRANCAAT1m2FI5-XmzRovPWoIP3EPvFcv_QqIRsQa1l8jFJxxfMszk9X1ecTdzWTBM0tzzH-8U_owjFgZ-ysbNtLF9LeR");

  /** A gateway that is no party to the session. */
  public static final Signer STRANGER =
      new TestSigner(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3RtcSOCDoHqV5v9c3bv5K4ustXnl2wGXDsggN95JbaxxVrM4wfer35w5IP2f7OHWFmX3sqVK3xyQf2cSWMgwVg",
          "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCRDDPEb6bFZDmR32wkAkJLDDQzCLwxF9W3cQ_PGNDtKhRANCAATdG1xI4IOgepXm_1zdu_kri6y1eeXbAZcOyCA33kltrHFWszjB96vfnDkg_Z_s4dYWZfeypUrfHJB_ZxJYyDBW");

  /** Key of an account on a ledger with secp256k1 keys. */
  public static final String ORIGINATOR =
      "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEw08WAaZOBOuhdHjLG1NpUm50K7jPTdwnIPoCW1Vygdk0MaC5BB8IJxMNcHBpLpwuSF6I7of1HFJq65O9li37hA";

  /** Key of an account on the other ledger. */
  public static final String BENEFICIARY = STRANGER.publicKey();

  private TestKeys() {}

  private record TestSigner(String publicKey, String pkcs8) implements Signer {
    @Override
    public String sign(byte[] bytes) {
      try {
        PrivateKey key =
            KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getUrlDecoder().decode(pkcs8)));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
