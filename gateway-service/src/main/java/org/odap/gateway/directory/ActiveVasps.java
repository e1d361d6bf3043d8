package org.odap.gateway.directory;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.gateway.policy.ProposalRule;
import org.odap.runtime.identity.EntityCertificates;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
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
  private final Predicate<String> exempt;

  /**
   * The rule.
   *
   * @param directory gives the VASP of an organization, or throws UNAVAILABLE
   * @param chains gives the certificate chain of a known gateway's key, its own first
   * @param exempt gateways that are not asked about, this one among them
   */
  public ActiveVasps(
      Function<String, Optional<GetVaspResponse>> directory,
      BiFunction<String, String, List<X509Certificate>> chains,
      Predicate<String> exempt) {
    this.directory = directory;
    this.chains = chains;
    this.exempt = exempt;
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
    if (exempt.test(gateway)) {
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
    return isIssuedBy(vasp.get(), chains.apply(gateway, pubkey), now)
        ? Optional.empty()
        : Optional.of(
            "the certificate of "
                + gateway
                + " does not chain to the entity certificate of its VASP");
  }

  private static boolean isIssuedBy(GetVaspResponse vasp, List<X509Certificate> chain, long now) {
    try {
      return EntityCertificates.of(vasp.getOrganization(), vasp.getEntityCertificate())
          .chain(chain, now)
          .isPresent();
    } catch (IdentityException e) {
      return false;
    }
  }
}
