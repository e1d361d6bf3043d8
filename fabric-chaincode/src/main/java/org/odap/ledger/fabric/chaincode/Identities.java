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

  /**
   * Gives the holder of a certificate a role, or takes it back; says whether that changes anything.
   * It is written in any case and never deleted, so that a transaction of the administrator's that
   * was held back can't be valid after a later one.
   */
  boolean register(Role role, String mspId, String certificateHash, boolean inForce) {
    require(Role.ADMIN, mspId, "the registration of identities");
    boolean before = isRegistered(role, mspId, certificateHash);
    state.put(new Registration(inForce), Table.IDENTITY, role.attribute(), mspId, certificateHash);
    return before != inForce;
  }

  private boolean isRegistered(Role role, String mspId, String certificateHash) {
    return state
        .get(Registration.class, Table.IDENTITY, role.attribute(), mspId, certificateHash)
        .filter(Registration::inForce)
        .isPresent();
  }

  /** Whether the holder of a certificate has a role. */
  record Registration(boolean inForce) {}
}
