package org.odap.log.access;

import java.util.Optional;
import java.util.function.Supplier;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.runtime.identity.Identity;

/**
 * Whom a log lets in (recovery-01 5, "access_control_profile"). Fixed when the log is made: the
 * profile is that of its first entry, so that no later entry can widen it.
 *
 * @param profile unspecified and unknown ones let in the creator only
 * @param creator whose certificate made the log; never taken from what an entry says
 */
public record LogAccess(AccessControlProfile profile, Identity creator) {
  /** The creator, and backups by the profile. The counterparty never writes. */
  public boolean mayWrite(Identity caller) {
    return caller.equals(creator) || (isSharedInside() && isOurGateway(caller));
  }

  /**
   * Whoever may write, and the counterparty by the profile.
   *
   * @param counterparty the other gateway of the session, as the creator named it
   */
  public boolean mayRead(Identity caller, Supplier<Optional<String>> counterparty) {
    return mayWrite(caller)
        || (profile == AccessControlProfile.ACCESS_CONTROL_PROFILE_COUNTERPARTY
            && counterparty.get().filter(caller.uri()::equals).isPresent());
  }

  private boolean isSharedInside() {
    return switch (profile) {
      case ACCESS_CONTROL_PROFILE_ORGANISATION, ACCESS_CONTROL_PROFILE_COUNTERPARTY -> true;
      case ACCESS_CONTROL_PROFILE_CREATOR_ONLY, ACCESS_CONTROL_PROFILE_UNSPECIFIED, UNRECOGNIZED ->
          false;
    };
  }

  /** Of the creator's organization and kind: its clients and other services are no gateways. */
  private boolean isOurGateway(Identity caller) {
    return caller.organization().equals(creator.organization())
        && kind(caller).equals(kind(creator));
  }

  private static String kind(Identity identity) {
    return identity.uri().substring(0, identity.uri().indexOf(':'));
  }
}
