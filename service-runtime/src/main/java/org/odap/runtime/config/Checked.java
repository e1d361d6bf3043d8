package org.odap.runtime.config;

import java.util.List;

/** A configuration record that checks its keys against each other, once each is right by itself. */
public interface Checked {
  /** One line a mistake, starting with the key; empty when there is none. */
  List<String> mistakes();
}
