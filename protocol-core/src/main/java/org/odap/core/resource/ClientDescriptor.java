package org.odap.core.resource;

import java.util.List;
import java.util.Optional;

/**
 * Names a client: an application, a project or a developer (ODAP 5.4): {@code
 * odapclient:organization/gateway/unit/name}. It is what a caller says of itself, and proves
 * nothing until its credentials were checked.
 *
 * @param organization identifier of the client's organization
 * @param gateway domain name of the client's home gateway, lower case
 * @param unit organizational unit
 * @param name name within the unit
 */
public record ClientDescriptor(String organization, String gateway, String unit, String name) {
  /** Media type of a descriptor (ODAP 5.4). */
  public static final String MEDIA_TYPE = "application/odapclient";

  /** Most characters of a descriptor. */
  public static final int MAX_LENGTH = 1_024;

  static final String SCHEME = "odapclient:";
  private static final int PARTS = 4;

  public ClientDescriptor {
    Segments.requireSegment("organization", organization);
    Segments.requireHost("gateway", gateway);
    Segments.requireSegment("unit", unit);
    Segments.requireSegment("name", name);
  }

  /** The descriptor the text stands for, if it stands for one; 5.5's form with "//" is one too. */
  public static Optional<ClientDescriptor> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    List<String> parts = Segments.split(withoutScheme(text).orElse(""));
    if (parts.size() != PARTS
        || !Segments.isHost(Segments.host(parts.get(1)))
        || !parts.stream().allMatch(Segments::isSegment)) {
      return Optional.empty();
    }
    return Optional.of(
        new ClientDescriptor(
            parts.getFirst(), Segments.host(parts.get(1)), parts.get(2), parts.get(3)));
  }

  /** The text of the descriptor, in the form of 5.4. */
  public String format() {
    return SCHEME + String.join("/", organization, gateway, unit, name);
  }

  @Override
  public String toString() {
    return format();
  }

  static Optional<String> withoutScheme(String text) {
    if (!text.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String rest = text.substring(SCHEME.length());
    return Optional.of(rest.startsWith("//") ? rest.substring(2) : rest);
  }
}
