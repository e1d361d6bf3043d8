package org.odap.core.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whom an access rule speaks of: an individual, a group or an organization (ODAP 5.5). Written as a
 * client descriptor in which a part may be "*" and parts at the end may be left out: {@code
 * odapclient:hsbc} is the whole organization, a star in place of the gateway means all its
 * gateways.
 *
 * <p>The draft shows rules for individuals only; the stars are this suite's.
 */
public final class ClientPattern {
  private static final String ANY = "*";
  private static final int PARTS = 4;
  private static final int GATEWAY = 1;

  private final List<String> parts;

  private ClientPattern(List<String> parts) {
    this.parts = List.copyOf(parts);
  }

  /** The pattern the text stands for, if it stands for one. */
  public static Optional<ClientPattern> parse(String text) {
    if (text.length() > ClientDescriptor.MAX_LENGTH) {
      return Optional.empty();
    }
    List<String> parts =
        new ArrayList<>(Segments.split(ClientDescriptor.withoutScheme(text).orElse("")));
    if (parts.size() > PARTS || !allWellFormed(parts)) {
      return Optional.empty();
    }
    if (parts.size() > GATEWAY) {
      parts.set(GATEWAY, Segments.host(parts.get(GATEWAY)));
    }
    while (parts.size() > 1 && parts.getLast().equals(ANY)) {
      parts.removeLast();
    }
    return Optional.of(new ClientPattern(parts));
  }

  /** The text of the pattern; stars at the end are left out. */
  public String format() {
    return ClientDescriptor.SCHEME + String.join("/", parts);
  }

  /** Whether the pattern speaks of this client. */
  public boolean matches(ClientDescriptor client) {
    List<String> theirs =
        List.of(client.organization(), client.gateway(), client.unit(), client.name());
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).equals(ANY) && !parts.get(i).equals(theirs.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientPattern that && parts.equals(that.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  @Override
  public String toString() {
    return format();
  }

  private static boolean allWellFormed(List<String> parts) {
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      boolean wellFormed =
          i == GATEWAY ? Segments.isHost(Segments.host(part)) : Segments.isSegment(part);
      if (!part.equals(ANY) && !wellFormed) {
        return false;
      }
    }
    return true;
  }
}
