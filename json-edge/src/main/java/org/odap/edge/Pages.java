package org.odap.edge;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.file.FileService;

/**
 * Pages that an edge serves to browsers beside its methods. They hold nothing secret, so whoever
 * gets a connection gets them; what they show they ask for like any other client.
 *
 * @param path where they are, such as "/console/"
 * @param folder where they lie among the class path's resources
 */
public record Pages(String path, ClassLoader loader, String folder) {
  /** A page runs and loads what this edge serves, and nothing else; nobody else may frame it. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  HttpService service() {
    return FileService.builder(loader, folder)
        .setHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
        .setHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
        .setHeader(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
        .setHeader("cross-origin-opener-policy", "same-origin")
        // A browser asks each time whether they are still the same: an upgrade shows at once.
        .setHeader(HttpHeaderNames.CACHE_CONTROL, "no-cache")
        .build();
  }
}
