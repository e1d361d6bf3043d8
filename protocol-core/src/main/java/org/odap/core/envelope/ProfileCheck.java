package org.odap.core.envelope;

import java.util.Optional;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.refusal.Refusal;

/**
 * What an asset profile must be wherever it comes from: a file, a registry, a proposal (ODAP 5.7,
 * ARCH 6, SD). The published JSON Schema says the same.
 */
public final class ProfileCheck {
  private ProfileCheck() {}

  /** The first thing that is missing, malformed, out of bounds or not known. */
  public static Optional<Refusal> structure(AssetProfile profile) {
    return UnknownFields.find(profile)
        .map(path ->
            new Refusal(
                ErrorReason.ERROR_REASON_FIELD_UNKNOWN, path, "holds a field not known here"))
        .or(() -> FieldCheck.missing(profile, ""))
        .or(() -> FieldCheck.malformed(profile, ""))
        .or(() -> CrossRules.profile(profile, ""));
  }

  /** What the issuer signs: the canonical profile without the signature. */
  public static byte[] signedBytes(AssetProfile profile) {
    return CanonicalJson.of(profile.toBuilder().clearIssuerSignature().build());
  }

  /** Whether the profile holds this key's signature. */
  public static boolean isSignedBy(AssetProfile profile, String publicKey) {
    return Es256.verify(publicKey, signedBytes(profile), profile.getIssuerSignature());
  }
}
