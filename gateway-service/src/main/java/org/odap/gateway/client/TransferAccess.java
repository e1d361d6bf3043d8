package org.odap.gateway.client;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.access.Permission;
import org.odap.core.envelope.MessageType;
import org.odap.core.resource.GatewayResources;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.transfer.Transfer;
import org.odap.gateway.access.Access;
import org.odap.gateway.history.Known;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.OdapException;

/**
 * What a client may do with transfers: by the resource a transfer is about, which is its class of
 * assets on this gateway's ledger (ODAP 5.5). Who may not see a transfer is told that there is
 * none.
 */
public final class TransferAccess {
  private static final List<Permission> DECISIONS =
      List.of(Permission.APPROVE, Permission.CANCEL, Permission.RESOLVE);

  private final Access access;
  private final GatewayResources resources;
  private final AssetProfiles profiles;

  /** Checks by an access file. */
  public TransferAccess(Access access, GatewayResources resources, AssetProfiles profiles) {
    this.access = access;
    this.resources = resources;
    this.profiles = profiles;
  }

  /**
   * Before an order is looked at any closer.
   *
   * @throws OdapException PERMISSION_DENIED
   */
  void requireOrder(Caller caller, StartTransferRequest request) {
    access.require(
        caller,
        Permission.TRANSFER,
        resource(request.getSenderDltSystem(), request.getAssetProfileId()),
        request.getRequestId());
  }

  /**
   * The transfer, if the caller may see it.
   *
   * @throws OdapException TRANSFER_UNKNOWN
   */
  Transfer visible(Caller caller, Transfer transfer) {
    if (!access.decide(caller, Permission.VIEW, resource(transfer), transfer.logId())) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN,
          "transfer_id: no transfer " + transfer.session().id() + " here");
    }
    return transfer;
  }

  /**
   * Before a client decides about a transfer.
   *
   * @throws OdapException TRANSFER_UNKNOWN when the caller may not even see it, PERMISSION_DENIED
   */
  void require(Caller caller, Permission permission, Transfer transfer) {
    access.require(caller, permission, resource(visible(caller, transfer)), transfer.logId());
  }

  /** Which of the decisions about a transfer the caller may take. */
  List<String> permissions(Caller caller, Transfer transfer) {
    return permitted(caller, DECISIONS, resource(transfer));
  }

  /** What the caller may do about the gateway as a whole. */
  List<String> permissions(Caller caller) {
    return permitted(caller, List.of(Permission.OPERATE), resources.gateway());
  }

  private List<String> permitted(
      Caller caller, List<Permission> asked, ResourceDescriptor resource) {
    return asked.stream()
        .filter(permission -> access.allows(caller, permission, resource))
        .map(Permission::name)
        .toList();
  }

  /** Whether a watcher may still see its transfer; rules may have changed since it began. */
  boolean sees(Caller caller, Transfer transfer) {
    return access.allows(caller, Permission.VIEW, resource(transfer));
  }

  /**
   * Those of the listed transfers that the caller may see.
   *
   * @param hidden counts the others
   */
  Predicate<Known> visible(Caller caller, AtomicInteger hidden) {
    return known -> {
      String ownDlt = known.role() == Role.SENDER ? known.senderDlt() : known.recipientDlt();
      boolean sees =
          access.allows(caller, Permission.VIEW, resource(ownDlt, known.assetProfileId()));
      int _ = sees ? hidden.get() : hidden.incrementAndGet();
      return sees;
    };
  }

  /** Records how many transfers a caller was shown. */
  void listed(Caller caller, int shown, int hidden) {
    access.listed(caller, Permission.VIEW, resources.gateway(), shown, hidden);
  }

  /** Those of the ledgers that the caller may see. */
  List<String> visibleLedgers(Caller caller, List<String> dltSystems) {
    List<String> visible =
        dltSystems.stream()
            .filter(dlt ->
                Access.client(caller)
                    .filter(client -> access.rules().reaches(client, resources.ledger(dlt)))
                    .isPresent())
            .toList();
    access.listed(
        caller,
        Permission.VIEW,
        resources.gateway(),
        visible.size(),
        dltSystems.size() - visible.size());
    return visible;
  }

  /** The resource a transfer is about: a class of assets on this gateway's ledger. */
  public ResourceDescriptor resource(Transfer transfer) {
    Session session = transfer.session();
    return resource(session.ownDlt(), profile(transfer));
  }

  private static String profile(Transfer transfer) {
    Session session = transfer.session();
    MessageType type = MessageType.INITIALIZATION_REQUEST;
    return (session.role() == Role.SENDER ? session.sent(type) : session.received(type))
        .map(message -> message.as(InitializationRequest.class))
        .or(() -> transfer.approvals().terms())
        .map(proposal -> proposal.getAssetProfile().getProfileId())
        .orElse("");
  }

  private ResourceDescriptor resource(String dltSystem, String profileId) {
    return resources.assets(dltSystem, profiles.assetClass(profileId, dltSystem).orElse(""));
  }
}
