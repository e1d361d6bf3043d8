package org.odap.ledger.fabric.development;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.odap.ledger.fabric.development.membership.CertificateAuthority;
import org.odap.ledger.fabric.development.membership.Membership;
import org.odap.ledger.fabric.development.membership.SigningIdentity;
import org.odap.runtime.identity.CryptoProvider;
import org.odap.runtime.identity.Pem;

/**
 * The certificates and keys of a small Fabric network for development: organizations with an
 * authority for identities and one for TLS, a peer each, one orderer, and clients as they are
 * enrolled. Everything, the authorities' keys too, lies in one folder:
 *
 * <pre>
 *   organizations                    the MSP ids, one a line; the first is the gateway peer's
 *   &lt;MSP id&gt;/ca, &lt;MSP id&gt;/tlsca       the authorities: ca.pem, key.pem
 *   &lt;MSP id&gt;/peer/{msp,tls}          the peer
 *   &lt;MSP id&gt;/clients/&lt;name&gt;/{msp,tls}  a client
 *   OrdererMSP/{ca,tlsca,orderer}    the orderer's organization
 *   tls-authorities.pem              the TLS authorities of all organizations
 * </pre>
 */
public final class DevelopmentNetwork {
  static final String ORDERER_MSP = "OrdererMSP";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final List<String> organizations;

  private DevelopmentNetwork(Path folder, List<String> organizations) {
    this.folder = folder;
    this.organizations = List.copyOf(organizations);
  }

  /**
   * Makes a network in a folder that has none yet.
   *
   * @param mspIds its organizations; the first is that of the peer clients call
   */
  public static DevelopmentNetwork create(Path folder, String... mspIds) throws IOException {
    CryptoProvider.install();
    DevelopmentNetwork network = new DevelopmentNetwork(folder, List.of(mspIds));
    Path list = folder.resolve("organizations");
    if (mspIds.length == 0 || Files.exists(list)) {
      throw new IOException(folder + ": needs at least one MSP id, and a folder without a network");
    }
    for (String mspId : mspIds) {
      network.createOrganization(mspId, "peer");
    }
    network.createOrganization(ORDERER_MSP, "orderer");
    StringBuilder tls = new StringBuilder();
    for (String mspId : mspIds) {
      tls.append(Files.readString(folder.resolve(mspId).resolve("tlsca/ca.pem")));
    }
    Files.writeString(network.tlsAuthorities(), tls);
    // Last: a folder with this file is complete.
    Files.write(list, network.organizations);
    return network;
  }

  /** The network of a folder. */
  public static DevelopmentNetwork open(Path folder) throws IOException {
    CryptoProvider.install();
    return new DevelopmentNetwork(folder, Files.readAllLines(folder.resolve("organizations")));
  }

  private void createOrganization(String mspId, String node) throws IOException {
    Path home = folder.resolve(mspId);
    CertificateAuthority identities =
        CertificateAuthority.create(home.resolve("ca"), mspId, mspId + " CA");
    CertificateAuthority tls =
        CertificateAuthority.create(home.resolve("tlsca"), mspId, mspId + " TLS CA");
    identities.issueIdentity(
        home.resolve(node).resolve("msp"), mspId, node, node + "0", Optional.empty());
    tls.issueTls(home.resolve(node).resolve("tls"), mspId, node + "0");
  }

  /**
   * Enrolls a client as Fabric CA does: the attributes are in its certificate. Enrolling the same
   * name again gives it a new key.
   */
  public EnrolledIdentity enroll(String mspId, String name, Map<String, String> attributes)
      throws IOException {
    return enroll(mspId, name, "client", attributes);
  }

  /** Enrolls an administrator of an organization. */
  public EnrolledIdentity enrollAdmin(String mspId, String name) throws IOException {
    return enroll(mspId, name, "admin", Map.of());
  }

  private EnrolledIdentity enroll(
      String mspId, String name, String unit, Map<String, String> attributes) throws IOException {
    Path home = folder.resolve(mspId);
    EnrolledIdentity identity =
        new EnrolledIdentity(mspId, name, home.resolve("clients").resolve(name));
    Map<String, String> all = new LinkedHashMap<>();
    all.put("hf.Affiliation", "");
    all.put("hf.EnrollmentID", name);
    all.put("hf.Type", unit);
    all.putAll(attributes);
    ObjectNode json = JSON.createObjectNode();
    ObjectNode values = json.putObject("attrs");
    all.forEach(values::put);
    CertificateAuthority.open(home.resolve("ca"))
        .issueIdentity(
            identity.folder().resolve("msp"), mspId, unit, name, Optional.of(json.toString()));
    CertificateAuthority.open(home.resolve("tlsca"))
        .issueTls(identity.folder().resolve("tls"), mspId, name);
    Files.copy(tlsAuthorities(), identity.tlsAuthorities(), StandardCopyOption.REPLACE_EXISTING);
    return identity;
  }

  public Path folder() {
    return folder;
  }

  /** The MSP ids of the organizations with peers. */
  public List<String> organizations() {
    return organizations;
  }

  /** What peers' TLS certificates are trusted by, of all organizations. */
  public Path tlsAuthorities() {
    return folder.resolve("tls-authorities.pem");
  }

  /** The certificate of an organization's authority, OrdererMSP's too. */
  public Path authority(String mspId) {
    return folder.resolve(mspId).resolve("ca/ca.pem");
  }

  Path peerTls(String mspId) {
    return folder.resolve(mspId).resolve("peer/tls");
  }

  SigningIdentity peer(String mspId) throws IOException {
    return SigningIdentity.read(mspId, folder.resolve(mspId).resolve("peer/msp"));
  }

  SigningIdentity orderer() throws IOException {
    return SigningIdentity.read(ORDERER_MSP, folder.resolve(ORDERER_MSP).resolve("orderer/msp"));
  }

  Membership membership() {
    return new Membership(
        organizations.stream()
            .collect(
                Collectors.toMap(
                    mspId -> mspId, mspId -> Pem.certificates(authority(mspId)).getFirst())));
  }
}
