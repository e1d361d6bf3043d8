package org.odap.gateway.directory;

import java.util.List;
import java.util.Optional;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.runtime.rpc.OdapException;

/** A directory of VASPs (ARCH 6, 9.3). */
public interface VaspDirectory {
  /**
   * The VASP of an organization, no older than the time to live: who was active once may have been
   * suspended since.
   *
   * @throws OdapException UNAVAILABLE
   */
  Optional<GetVaspResponse> vasp(String organization);

  /**
   * The VASP of an organization as it is now.
   *
   * @throws OdapException UNAVAILABLE
   */
  Optional<GetVaspResponse> vaspAnew(String organization);

  /**
   * All VASPs as they are now.
   *
   * @throws OdapException UNAVAILABLE
   */
  List<GetVaspResponse> vasps();
}
