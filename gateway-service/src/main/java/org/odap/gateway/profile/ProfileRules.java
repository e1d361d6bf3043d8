package org.odap.gateway.profile;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.envelope.ProfileCheck;
import org.odap.gateway.GatewayConfig.IssuerConfig;
import org.odap.gateway.GatewayConfig.LegalStanding;
import org.odap.gateway.GatewayConfig.ProfileRulesConfig;

/** Which assets this gateway's owner takes, by what their profiles say (ODAP 5.7, ARCH 6). */
public final class ProfileRules {
  /** Where rejections say that the profile is at fault; what follows is its field. */
  public static final String FIELD = "asset_profile";

  private static final int DESCRIPTION_MAX = 1_024;

  private final ProfileRulesConfig rules;
  private final Map<String, String> issuerKeys;

  /** The rules of a configuration. */
  public ProfileRules(ProfileRulesConfig rules) {
    this.rules = rules;
    this.issuerKeys =
        rules.issuers().stream()
            .collect(Collectors.toUnmodifiableMap(IssuerConfig::issuer, IssuerConfig::pubkey));
  }

  /** What speaks against a profile wherever its assets are: at its issuer's and on the calendar. */
  public List<Rejection> ofItself(AssetProfile profile, long now) {
    List<Rejection> rejections = new ArrayList<>();
    id(profile).ifPresent(why -> reject(rejections, "profile_id", why));
    issuer(profile).ifPresent(why -> reject(rejections, "issuer", why));
    signature(profile).ifPresent(why -> reject(rejections, "issuer_signature", why));
    LocalDate today = LocalDate.ofInstant(Instant.ofEpochMilli(now), ZoneOffset.UTC);
    if (isBefore(profile.getExpirationDate(), today)) {
      reject(
          rejections,
          "expiration_date",
          profile.getExpirationDate() + " has passed: the asset may not be transferred any more");
    }
    if (!profile.getIssuanceDate().isEmpty()
        && LocalDate.parse(profile.getIssuanceDate()).isAfter(today)) {
      reject(
          rejections,
          "issuance_date",
          profile.getIssuanceDate() + " has not come: the asset is not issued yet");
    }
    return rejections;
  }

  /**
   * What speaks against taking assets of a profile onto a ledger here.
   *
   * @param capabilities of the ledger; asked for only when the profile has requirements
   */
  public List<Rejection> ofArrival(
      AssetProfile profile, Supplier<Set<String>> capabilities, long now) {
    List<Rejection> rejections = new ArrayList<>(ofItself(profile, now));
    restrictions(profile).ifPresent(why -> reject(rejections, "transfer_restrictions", why));
    List<LegalStanding> taken = rules.legalStatuses();
    if (!taken.isEmpty() && taken.stream().noneMatch(one -> one.is(profile.getLegalStatus()))) {
      reject(
          rejections,
          "legal_status",
          profile.getLegalStatus() + " is not taken here (expected: one of " + taken + ")");
    }
    List<String> lacking = new ArrayList<>(profile.getLedgerRequirementsList());
    if (!lacking.isEmpty()) {
      lacking.removeAll(capabilities.get());
    }
    if (!lacking.isEmpty()) {
      reject(rejections, "ledger_requirements", "the ledger does not offer " + lacking);
    }
    return rejections;
  }

  private Optional<String> id(AssetProfile profile) {
    boolean taken =
        rules.acceptedProfiles().isEmpty()
            || rules.acceptedProfiles().contains(profile.getProfileId());
    return taken
        ? Optional.empty()
        : Optional.of(
            profile.getProfileId()
                + " is not taken here (expected: one of "
                + rules.acceptedProfiles()
                + ")");
  }

  private Optional<String> issuer(AssetProfile profile) {
    String issuer = profile.getIssuer();
    if (rules.deniedIssuers().contains(issuer)) {
      return Optional.of(issuer + " is not taken here");
    }
    return rules.acceptedIssuers().isEmpty() || rules.acceptedIssuers().contains(issuer)
        ? Optional.empty()
        : Optional.of(
            issuer + " is not taken here (expected: one of " + rules.acceptedIssuers() + ")");
  }

  /** An issuer whose key is known here must sign: else leaving the signature out would help. */
  private Optional<String> signature(AssetProfile profile) {
    Optional<String> key = Optional.ofNullable(issuerKeys.get(profile.getIssuer()));
    if (key.isPresent()) {
      return ProfileCheck.isSignedBy(profile, key.get())
          ? Optional.empty()
          : Optional.of("not the signature of " + profile.getIssuer());
    }
    return rules.unsigned()
        ? Optional.empty()
        : Optional.of("no key is known here of the issuer " + profile.getIssuer());
  }

  private Optional<String> restrictions(AssetProfile profile) {
    if (profile.getTransferRestrictionsList().isEmpty()) {
      return Optional.empty();
    }
    Function<String, Optional<String>> judge =
        here ->
            profile.getTransferRestrictionsList().contains(here)
                ? Optional.of("the asset may not be moved to " + here)
                : Optional.empty();
    return rules
        .jurisdiction()
        .map(judge)
        .orElseGet(() ->
            Optional.of("the asset is restricted, and this gateway has stated no jurisdiction"));
  }

  private static boolean isBefore(String date, LocalDate today) {
    return !date.isEmpty() && LocalDate.parse(date).isBefore(today);
  }

  private static void reject(List<Rejection> rejections, String field, String description) {
    boolean fits = description.codePointCount(0, description.length()) <= DESCRIPTION_MAX;
    rejections.add(
        Rejection.newBuilder()
            .setField(FIELD + "." + field)
            .setDescription(
                fits
                    ? description
                    : description.substring(0, description.offsetByCodePoints(0, DESCRIPTION_MAX)))
            .build());
  }
}
