package org.odap.ledger.fabric.chaincode;

import java.util.Set;

/** Which identities have which roles (ODAP 5.5): by attribute, or by registered certificate. */
final class Identities {
  private final WorldState state;
  private final Caller caller;

  Identities(WorldState state, Caller caller) {
    this.state = state;
    this.caller = caller;
  }

  Caller caller() {
    return caller;
  }

  Set<Role> callersRoles() {
    Set<Role> roles = caller.certifiedRoles();
    for (Role role : Role.values()) {
      if (isRegistered(role, caller.mspId(), caller.certificateHash())) {
        roles.add(role);
      }
    }
    return roles;
  }

  void require(Role role) {
    // Only who has no attribute costs a read, which every commit checks again.
    if (!caller.certifiedRoles().contains(role)
        && !isRegistered(role, caller.mspId(), caller.certificateHash())) {
      throw Refusals.denied(
          "the caller's certificate has no attribute "
              + role.attribute()
              + "=true, and is not registered for this role; have its organization's CA give the"
              + " attribute, or an administrator register the certificate");
    }
  }

  /** Requires the role, in the organization whose matter it is. */
  void require(Role role, String mspId, String matter) {
    require(role);
    if (!caller.mspId().equals(mspId)) {
      throw Refusals.denied(
          matter
              + " is a matter of value: "
              + mspId
              + " (expected: the caller's own MSP, "
              + caller.mspId()
              + ")");
    }
  }

  /** Registers a certificate; says whether that changes anything. */
  boolean register(Role role, String mspId, String certificateHash) {
    requireOwnAdministrator(mspId);
    if (isRegistered(role, mspId, certificateHash)) {
      return false;
    }
    state.put(
        new Registration(caller.account()),
        Table.IDENTITY,
        role.attribute(),
        mspId,
        certificateHash);
    return true;
  }

  /** Takes a registration back; says whether there was one. */
  boolean deregister(Role role, String mspId, String certificateHash) {
    requireOwnAdministrator(mspId);
    if (!isRegistered(role, mspId, certificateHash)) {
      return false;
    }
    state.delete(Table.IDENTITY, role.attribute(), mspId, certificateHash);
    return true;
  }

  private void requireOwnAdministrator(String mspId) {
    require(Role.ADMIN, mspId, "the registration of identities");
  }

  private boolean isRegistered(Role role, String mspId, String certificateHash) {
    return state
        .get(Registration.class, Table.IDENTITY, role.attribute(), mspId, certificateHash)
        .isPresent();
  }

  /** Who registered a certificate. */
  record Registration(String registeredBy) {}
}
