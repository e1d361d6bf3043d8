package org.odap.attestation.appraisal;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.List;
import org.odap.api.attestation.v1.Quote;
import org.odap.attestation.challenge.Challenge;
import org.odap.attestation.tpm.Attest;
import org.odap.attestation.tpm.HashAlgorithm;
import org.odap.attestation.tpm.PcrSelection;
import org.odap.attestation.tpm.TpmFormatException;
import org.odap.attestation.tpm.TpmSignature;

/**
 * Holds each field of a quote against challenge, keys and profile. Pure: what a quote says beside
 * what was known before is looked at by {@link KnownKey}.
 *
 * <p>The fields come before the signature, so that a refusal names what is wrong; nothing counts
 * unless all of it is right.
 */
final class QuoteCheck {
  private static final HashAlgorithm BANK = HashAlgorithm.SHA256;
  private static final HexFormat HEX = HexFormat.of();

  private final Challenge challenge;
  private final Profile profile;

  QuoteCheck(Challenge challenge, Profile profile) {
    this.challenge = challenge;
    this.profile = profile;
  }

  /** What the TPM said, if all of it may be believed. */
  Attest check(Quote quote, AttestationKey key, Endorsement endorsement)
      throws RefusedException, TpmFormatException {
    Attest attest = Attest.parse(quote.getAttest());
    if (!attest.extraData().equals(challenge.binding().qualifyingData())) {
      throw RefusedException.value(
          "attest.extraData",
          hex(attest.extraData()),
          "the hash of this challenge's nonce, session, gateway and TLS key");
    }
    if (!endorsement.qualifiedNames(key.area()).contains(attest.qualifiedSigner())) {
      throw RefusedException.value(
          "attest.qualifiedSigner",
          hex(attest.qualifiedSigner()),
          "the attestation key under this endorsement key");
    }
    checkFirmware(attest);
    checkSelection(attest.pcrs());
    checkDigest(attest, key, quote.getPcrValuesList());
    checkSignature(quote, attest, key);
    new PcrCheck(profile).check(challenge.pcrs(), quote.getPcrValuesList(), quote.getEventLog());
    return attest;
  }

  private void checkFirmware(Attest attest) throws RefusedException {
    String version = "%016x".formatted(attest.firmwareVersion());
    List<String> allowed = profile.firmwareVersions();
    if (!allowed.isEmpty() && !allowed.contains(version)) {
      throw RefusedException.value("attest.firmwareVersion", version, "one of " + allowed);
    }
    if (profile.safeClockRequired() && !attest.clock().safe()) {
      throw RefusedException.value("attest.clockInfo.safe", false, "true, by policy");
    }
  }

  private void checkSelection(PcrSelection selected) throws RefusedException {
    PcrSelection wanted = new PcrSelection(List.of(new PcrSelection.Bank(BANK, challenge.pcrs())));
    if (!selected.equals(wanted)) {
      throw RefusedException.value("attest.pcrSelect", selected.banks(), "" + wanted.banks());
    }
  }

  private void checkDigest(Attest attest, AttestationKey key, List<ByteString> values)
      throws RefusedException {
    if (values.size() != challenge.pcrs().size()
        || values.stream().anyMatch(value -> value.size() != BANK.size())) {
      throw RefusedException.value(
          "pcr_values",
          values.stream().map(ByteString::size).toList() + " bytes",
          challenge.pcrs().size() + " values of " + BANK.size() + " bytes");
    }
    ByteString digest = key.scheme().hash().digest(values.toArray(ByteString[]::new));
    if (!attest.pcrDigest().equals(digest)) {
      throw RefusedException.value(
          "attest.pcrDigest", hex(attest.pcrDigest()), hex(digest) + ", that of the PCR values");
    }
  }

  private static void checkSignature(Quote quote, Attest attest, AttestationKey key)
      throws RefusedException, TpmFormatException {
    TpmSignature signature = TpmSignature.parse(quote.getSignature());
    if (!signature.scheme().equals(key.scheme())) {
      throw RefusedException.value("signature.sigAlg", signature.scheme(), "" + key.scheme());
    }
    if (!signature.verifies(key.area(), attest.encoded())) {
      throw new RefusedException("signature: not the attestation key's over attest");
    }
  }

  private static String hex(ByteString bytes) {
    return HEX.formatHex(bytes.toByteArray());
  }
}
