package org.odap.resource.catalog;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.api.resource.v1.ResolveBeneficiaryResponse;
import org.odap.core.envelope.ProfileCheck;
import org.odap.core.envelope.PublicKeys;
import org.odap.runtime.identity.EntityCertificates;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.json.PublishedSchema;

/**
 * Reads a catalog's folders and finds everything that is wrong with their files, so that an
 * operator learns it at once.
 */
final class CatalogFiles {
  static final String PROFILES = "asset-profiles";
  static final String VASPS = "vasps";
  static final String BENEFICIARIES = "beneficiaries";

  private static final Set<String> BINDINGS = Set.of("", "grpc", "json");
  private static final Set<String> STATUSES = Set.of("active", "suspended", "revoked");
  private static final Comparator<AssetProfile> NEWEST_FIRST =
      Comparator.<AssetProfile, int[]>comparing(
              profile ->
                  Arrays.stream(profile.getProfileVersion().split("\\."))
                      .mapToInt(CatalogFiles::number)
                      .toArray(),
              Arrays::compare)
          .reversed();

  private final List<String> mistakes = new ArrayList<>();
  private final Map<String, List<AssetProfile>> profiles = new HashMap<>();
  private final Map<String, GetVaspResponse> vasps = new HashMap<>();
  private final Map<String, ResolveBeneficiaryResponse> beneficiaries = new HashMap<>();

  private CatalogFiles() {}

  /** The catalog in a folder. */
  static Catalog read(Path folder) throws CatalogException {
    CatalogFiles files = new CatalogFiles();
    files.each(folder.resolve(PROFILES), files::profile);
    files.each(folder.resolve(VASPS), files::vasp);
    files.each(folder.resolve(BENEFICIARIES), files::beneficiary);
    files.profiles.values().forEach(versions -> versions.sort(NEWEST_FIRST));
    if (!files.mistakes.isEmpty()) {
      throw new CatalogException(files.mistakes);
    }
    return new Catalog(files.profiles, files.vasps, files.beneficiaries);
  }

  /** The files a catalog is made of; none of a folder that does not exist. */
  static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  /** Takes a file's text, or refuses it by an IllegalArgumentException. */
  private interface Taker {
    void take(String text) throws InvalidProtocolBufferException;
  }

  private void each(Path folder, Taker taker) {
    try {
      for (Path file : in(folder)) {
        try {
          taker.take(Files.readString(file));
        } catch (IllegalArgumentException | IdentityException | IOException e) {
          mistakes.add(file + ": " + e.getMessage());
        }
      }
    } catch (IOException e) {
      mistakes.add(folder + ": can't be read");
    }
  }

  private void profile(String text) throws InvalidProtocolBufferException {
    List<PublishedSchema.Mistake> against = PublishedSchema.ASSET_PROFILE.mistakes(text);
    require(
        against.isEmpty(),
        String.join("; ", against.stream().map(PublishedSchema.Mistake::description).toList()));
    AssetProfile profile = parsed(text, AssetProfile.newBuilder()).build();
    ProfileCheck.structure(profile)
        .ifPresent(refusal -> {
          throw new IllegalArgumentException(refusal.field() + ": " + refusal.description());
        });
    List<AssetProfile> versions =
        profiles.computeIfAbsent(profile.getProfileId(), id -> new ArrayList<>());
    require(
        versions.stream()
            .noneMatch(one -> one.getProfileVersion().equals(profile.getProfileVersion())),
        "profile_version: this version of the profile is in another file, too");
    versions.add(profile);
  }

  private void vasp(String text) throws InvalidProtocolBufferException {
    GetVaspResponse vasp = parsed(text, GetVaspResponse.newBuilder()).build();
    require(!vasp.getVaspId().isEmpty(), "vaspId: missing");
    require(!vasp.getLegalName().isEmpty(), "legalName: missing");
    require(!vasp.getOrganization().isEmpty(), "organization: missing");
    require(
        STATUSES.contains(vasp.getStatus()),
        "status: value: " + vasp.getStatus() + " (expected: one of " + STATUSES + ")");
    require(
        vasp.getJurisdiction().matches("[A-Z]{2}"), "jurisdiction: expected two capital letters");
    EntityCertificates _ =
        EntityCertificates.of(vasp.getOrganization(), vasp.getEntityCertificate());
    vasp.getGatewaysList().forEach(gateway -> check(gateway, vasp));
    for (String key : new HashSet<>(List.of(vasp.getVaspId(), vasp.getOrganization()))) {
      require(
          vasps.putIfAbsent(key, vasp) == null, key + ": another VASP's id or organization, too");
    }
  }

  private static void check(DirectoryGateway gateway, GetVaspResponse vasp) {
    String organization = vasp.getOrganization();
    // Refused unless it is an identity.
    Identity identity = new Identity(gateway.getGateway());
    require(
        identity.organization().equals(organization),
        "gateways: " + identity + " (expected: of " + organization + ")");
    require(
        PublicKeys.parse(gateway.getPubkey()).isPresent(), identity + ".pubkey: not a P-256 key");
    require(
        gateway.getEndpoint().matches("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):\\d{1,5}"),
        identity + ".endpoint: value: " + gateway.getEndpoint() + " (expected: host:port)");
    require(
        gateway.getEncryptionKey().isEmpty()
            || PublicKeys.parse(gateway.getEncryptionKey()).isPresent(),
        identity + ".encryptionKey: not a P-256 key");
    require(
        !gateway.getEncryptionKey().equals(gateway.getPubkey()),
        identity + ".encryptionKey: the key it signs with (expected: another)");
    require(
        BINDINGS.contains(gateway.getBinding()),
        identity + ".binding: value: " + gateway.getBinding() + " (expected: grpc or json)");
    require(
        gateway.getBackupOf().isEmpty() || gateway.getBackup(),
        identity + ".backupOf: of one that is no backup (expected: backup, too)");
    String primary = gateway.getBackupOf().isEmpty() ? identity.uri() : gateway.getBackupOf();
    require(
        !gateway.getBackup()
            || vasp.getGatewaysList().stream()
                .anyMatch(one -> !one.getBackup() && one.getGateway().equals(primary)),
        identity + ".backupOf: value: " + primary + " (expected: a gateway of its VASP)");
    if (!gateway.getCertificate().isEmpty()) {
      // As it was when it was issued: no catalog falls because one certificate has run out.
      List<X509Certificate> _ =
          EntityCertificates.of(organization, vasp.getEntityCertificate())
              .member(identity, gateway.getPubkey(), gateway.getCertificate(), Optional.empty());
    }
  }

  private void beneficiary(String text) throws InvalidProtocolBufferException {
    ResolveBeneficiaryResponse one = parsed(text, ResolveBeneficiaryResponse.newBuilder()).build();
    require(!one.getBeneficiaryId().isEmpty(), "beneficiaryId: missing");
    require(!one.getDltSystem().isEmpty(), "dltSystem: missing");
    require(!one.getAccount().isEmpty(), "account: missing");
    require(PublicKeys.parse(one.getPubkey()).isPresent(), "pubkey: not a P-256 key");
    require(one.getGatewaysCount() == 0, "gateways: they are those of the VASP");
    require(
        Optional.ofNullable(vasps.get(one.getVaspId()))
            .filter(vasp -> vasp.getVaspId().equals(one.getVaspId()))
            .isPresent(),
        "vaspId: value: " + one.getVaspId() + " (expected: a VASP in " + VASPS + ")");
    require(
        beneficiaries.putIfAbsent(one.getBeneficiaryId(), one) == null,
        one.getBeneficiaryId() + ": in another file, too");
  }

  private static <B extends Message.Builder> B parsed(String text, B builder)
      throws InvalidProtocolBufferException {
    JsonFormat.parser().merge(text, builder);
    return builder;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** A number of a version; those too large for an int are all the same to us. */
  private static int number(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }
}
