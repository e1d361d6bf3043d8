package org.odap.edge;

import com.linecorp.armeria.common.RequestHeaders;
import java.util.Set;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;

/**
 * A browser shows its certificate for whichever page asks it to, and every method answers to GET:
 * so pages of others are refused, and so is what a browser does on its own.
 */
final class BrowserRules {
  private static final String SITE = "sec-fetch-site";
  private static final String PURPOSE = "sec-purpose";
  // "none" is a person who typed the address.
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private BrowserRules() {}

  static void check(RequestHeaders headers) {
    String site = headers.get(SITE, "none");
    if (!OWN_SITES.contains(site)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PERMISSION_DENIED, "asked by a page of another site");
    }
    if (headers.get(PURPOSE, "").contains("prefetch")) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PERMISSION_DENIED, "asked by a browser ahead of its user");
    }
  }
}
