package org.odap.gateway.directory;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.gateway.policy.ProposalRule;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.rpc.OdapException;

/**
 * New transfers are for gateways of active VASPs only, and a gateway is of a VASP when that VASP's
 * entity certificate, as the directory has it, has issued the gateway's (ARCH 5, 6). Transfers
 * under way are not asked about again: stopping one half-way would help nobody.
 */
public final class ActiveVasps implements ProposalRule {
  private static final String ACTIVE = "active";

  private final Function<String, Optional<GetVaspResponse>> directory;
  private final BiFunction<String, String, List<X509Certificate>> chains;
  private final String own;

  /**
   * The rule.
   *
   * @param directory gives the VASP of an organization, or throws UNAVAILABLE
   * @param chains gives the certificate chain of a known gateway's key, its own first
   * @param own identity of this gateway, which is not asked about
   */
  public ActiveVasps(
      Function<String, Optional<GetVaspResponse>> directory,
      BiFunction<String, String, List<X509Certificate>> chains,
      String own) {
    this.directory = directory;
    this.chains = chains;
    this.own = own;
  }

  /**
   * Before this gateway proposes a transfer to another.
   *
   * @throws OdapException VASP_NOT_ACTIVE; UNAVAILABLE while the directory can't be asked
   */
  public void require(String gateway, String pubkey, long now) {
    against(gateway, pubkey, now)
        .ifPresent(why -> {
          throw new OdapException(
              ErrorReason.ERROR_REASON_VASP_NOT_ACTIVE, "recipient_gateway: " + why);
        });
  }

  @Override
  public List<Rejection> judge(InitializationRequest proposal, String peer, long now) {
    return against(peer, proposal.getSourceGatewayPubkey(), now)
        .map(why ->
            Rejection.newBuilder().setField("source_gateway_pubkey").setDescription(why).build())
        .stream()
        .toList();
  }

  private Optional<String> against(String gateway, String pubkey, long now) {
    if (gateway.equals(own)) {
      return Optional.empty();
    }
    String organization = new Identity(gateway).organization();
    Optional<GetVaspResponse> vasp = directory.apply(organization);
    if (vasp.isEmpty()) {
      return Optional.of("the directory knows no VASP of " + organization);
    }
    if (!vasp.get().getStatus().equals(ACTIVE)) {
      return Optional.of("the VASP of " + organization + " is " + vasp.get().getStatus());
    }
    return isIssuedBy(vasp.get().getEntityCertificate(), chains.apply(gateway, pubkey), now)
        ? Optional.empty()
        : Optional.of(
            "the certificate of "
                + gateway
                + " does not chain to the entity certificate of its VASP");
  }

  @SuppressWarnings("JavaUtilDate") // PKIXParameters knows no other.
  private static boolean isIssuedBy(String entity, List<X509Certificate> chain, long now) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Set<TrustAnchor> anchors =
          factory
              .generateCertificates(
                  new ByteArrayInputStream(entity.getBytes(StandardCharsets.US_ASCII)))
              .stream()
              .map(one -> new TrustAnchor((X509Certificate) one, null))
              .collect(Collectors.toSet());
      Set<X509Certificate> entities =
          anchors.stream().map(TrustAnchor::getTrustedCert).collect(Collectors.toSet());
      List<X509Certificate> path = chain.stream().filter(one -> !entities.contains(one)).toList();
      if (path.isEmpty()) {
        // Nothing to find fault with is nothing to trust.
        return false;
      }
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setDate(new Date(now));
      // Certificates here live for days; who leaves is suspended in the directory.
      parameters.setRevocationEnabled(false);
      CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(path), parameters);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
