package org.odap.gateway.client;

import java.util.Optional;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.gateway.travelrule.TravelRule;
import org.odap.runtime.rpc.OdapException;

/** What an order needs to know of the other side, beyond its gateway's key (ARCH 5, 6). */
public interface Counterpart {
  /** Nothing is known: no directory, no travel-rule data. */
  Counterpart UNKNOWN =
      new Counterpart() {
        @Override
        public StartTransferRequest resolved(StartTransferRequest request) {
          if (!request.getBeneficiaryId().isEmpty()) {
            throw OdapException.fieldInvalid(
                "beneficiary_id", "given", "none: this gateway has no directory");
          }
          return request;
        }

        @Override
        public void require(String gateway, String pubkey, long now) {
          // Whoever is a peer here may be dealt with.
        }

        @Override
        public Optional<String> sealed(
            String document, InitializationRequest terms, String session, String gateway) {
          if (!document.isEmpty()) {
            throw OdapException.fieldInvalid(
                "travel_rule", "given", "none: this gateway takes no travel-rule data");
          }
          return Optional.empty();
        }

        @Override
        public Optional<TravelRule.Kept> kept(String session, String sender) {
          return Optional.empty();
        }
      };

  /**
   * The order with gateway, ledger, account and key of the beneficiary it names; as it is when it
   * names none.
   *
   * @throws OdapException FIELD_INVALID, ACCOUNT_INVALID, PEER_UNKNOWN; UNAVAILABLE while the
   *     directory can't be asked
   */
  StartTransferRequest resolved(StartTransferRequest request);

  /**
   * Before a transfer is proposed to a gateway.
   *
   * @throws OdapException VASP_NOT_ACTIVE; UNAVAILABLE while the directory can't be asked
   */
  void require(String gateway, String pubkey, long now);

  /**
   * Travel-rule data as they travel with a proposal; nothing where none are given and none needed.
   *
   * @param document plain; empty = none
   * @throws OdapException FIELD_MISSING, FIELD_INVALID
   */
  Optional<String> sealed(
      String document, InitializationRequest terms, String session, String gateway);

  /**
   * The travel-rule data of a transfer; nothing where it has none. That they were read is recorded
   * where they are kept.
   *
   * @param sender identity of the sender gateway
   * @throws OdapException UNAVAILABLE
   */
  Optional<TravelRule.Kept> kept(String session, String sender);
}
