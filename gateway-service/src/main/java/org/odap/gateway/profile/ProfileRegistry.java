package org.odap.gateway.profile;

import java.util.Optional;
import org.odap.api.common.v1.AssetProfile;
import org.odap.runtime.rpc.OdapException;

/** Where profiles come from that are not in a gateway's own files (ODAP 4.3, 5.7). */
public interface ProfileRegistry {
  /** No registry: all that is known is in files. */
  ProfileRegistry NONE =
      new ProfileRegistry() {
        @Override
        public Optional<AssetProfile> look(String id) {
          return Optional.empty();
        }

        @Override
        public Optional<AssetProfile> last(String id) {
          return Optional.empty();
        }
      };

  /**
   * The profile as the registry has it now, or as it last had it while it can't be reached.
   *
   * @throws OdapException UNAVAILABLE when it can't be reached and never said anything
   */
  Optional<AssetProfile> look(String id);

  /** The profile as the registry last said it; asks nobody. */
  Optional<AssetProfile> last(String id);
}
