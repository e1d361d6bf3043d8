package org.odap.resource.catalog;

import java.util.List;

/** Files of a catalog that can't be used, with everything that is wrong. */
public final class CatalogException extends Exception {
  private static final long serialVersionUID = 1;

  CatalogException(List<String> mistakes) {
    super(String.join("\n", mistakes));
  }
}
