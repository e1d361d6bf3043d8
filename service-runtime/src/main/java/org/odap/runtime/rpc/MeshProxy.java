package org.odap.runtime.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service meshes whose proxies we understand: each says in a header of its own who called. */
public enum MeshProxy {
  /**
   * Envoy, which appends an element to {@code x-forwarded-client-cert} for the certificate that it
   * checked itself. What a caller wrote there stands before it.
   */
  ISTIO("x-forwarded-client-cert") {
    @Override
    Optional<String> name(String value) {
      Matcher part = PART.matcher(value);
      List<String> uris = new ArrayList<>();
      int end = 0;
      while (end < value.length()) {
        if (!part.region(end, value.length()).lookingAt()) {
          return Optional.empty();
        }
        if (part.group("key").equals("URI")) {
          uris.add(part.group("value"));
        }
        if (part.group("separator").equals(",")) {
          uris.clear();
        }
        end = part.end();
      }
      return uris.size() == 1 ? Optional.of(uris.getFirst()) : Optional.empty();
    }
  },
  /** Linkerd's, which removes what a caller wrote into {@code l5d-client-id}. */
  LINKERD("l5d-client-id") {
    @Override
    Optional<String> name(String value) {
      return Optional.of(value);
    }
  };

  private static final Pattern PART =
      Pattern.compile(
          "(?<key>[A-Za-z]+)=(?<value>\"(?:[^\"\\\\]|\\\\.)*+\"|[^\",;]*+)(?<separator>[,;]|$)");

  private final String header;

  MeshProxy(String header) {
    this.header = header;
  }

  /** The header's name. */
  String header() {
    return header;
  }

  /** What the mesh calls the caller; empty when the header's value names nobody, or several. */
  abstract Optional<String> name(String value);
}
