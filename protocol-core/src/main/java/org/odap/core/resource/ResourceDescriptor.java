package org.odap.core.resource;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;

/**
 * Names a gateway, a ledger behind it, or something on that ledger (ODAP 5.3): {@code
 * odapres://organization/gateway[/dlt[/resource]]}.
 *
 * @param organization identifier of the owner, e.g. an LEI; a claim, not a proof
 * @param gateway fully qualified domain name of the gateway, lower case
 * @param dlt name of the ledger at this gateway, "" = the gateway itself (discovery, ODAP 5.9)
 * @param resource what the ledger knows by this text, "" = the ledger itself; may have several
 *     segments
 */
public record ResourceDescriptor(String organization, String gateway, String dlt, String resource) {
  /** Media type of a descriptor (ODAP 5.3). */
  public static final String MEDIA_TYPE = "application/odapres";

  /** Most characters of a descriptor. */
  public static final int MAX_LENGTH = 2_048;

  private static final String SCHEME = "odapres://";

  public ResourceDescriptor {
    Segments.requireSegment("organization", organization);
    Segments.requireHost("gateway", gateway);
    if (!dlt.isEmpty()) {
      Segments.requireSegment("dlt", dlt);
    } else if (!resource.isEmpty()) {
      throw new IllegalArgumentException("a resource without a dlt: " + resource);
    }
    if (!resource.isEmpty()) {
      Segments.split(resource).forEach(part -> Segments.requireSegment("resource", part));
    }
  }

  /** The descriptor the text stands for, if it stands for one. */
  public static Optional<ResourceDescriptor> parse(String text) {
    if (text.length() > MAX_LENGTH || !text.startsWith(SCHEME)) {
      return Optional.empty();
    }
    List<String> parts = Segments.split(text.substring(SCHEME.length()));
    if (parts.size() < 2
        || !Segments.isHost(Segments.host(parts.get(1)))
        || !Segments.isSegment(parts.getFirst())
        || !parts.stream().skip(2).allMatch(Segments::isSegment)) {
      return Optional.empty();
    }
    return Optional.of(
        new ResourceDescriptor(
            parts.getFirst(),
            Segments.host(parts.get(1)),
            parts.size() > 2 ? parts.get(2) : "",
            parts.size() > 3 ? String.join("/", parts.subList(3, parts.size())) : ""));
  }

  /** The resource as the ledger knows it: its text without encoding (ODAP 5.3.4). */
  public String location() {
    return Segments.split(resource).stream().map(Segments::decode).collect(joining("/"));
  }

  /** The name of the ledger without encoding. */
  public String dltSystem() {
    return Segments.decode(dlt);
  }

  /** The text of the descriptor. */
  public String format() {
    StringBuilder text = new StringBuilder(SCHEME).append(organization).append('/').append(gateway);
    if (!dlt.isEmpty()) {
      text.append('/').append(dlt);
    }
    if (!resource.isEmpty()) {
      text.append('/').append(resource);
    }
    return text.toString();
  }

  /**
   * Whether the other is this or lies below it (ODAP 5.5). Whole segments count: {@code
   * odapres://a/b/bit} does not cover {@code odapres://a/b/bitcoin}.
   */
  public boolean covers(ResourceDescriptor other) {
    String own = format();
    String theirs = other.format();
    return theirs.startsWith(own)
        && (theirs.length() == own.length() || theirs.charAt(own.length()) == '/');
  }

  @Override
  public String toString() {
    return format();
  }
}
