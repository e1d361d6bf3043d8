package org.odap.gateway.peer;

import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;

/**
 * The keys of one gateway identity, each with the certificates that vouch for it: the primary's
 * first, then those of its backups (recovery-01 4.2).
 *
 * <p>Mutable: certificates met in handshakes are added to those configured. Guarded by its monitor.
 */
public final class CertifiedKeys {
  private final List<X509Certificate> first;
  private final Map<String, List<X509Certificate>> chains = new LinkedHashMap<>();

  /** Keys with these chains, each its own certificate first; at least one. */
  public CertifiedKeys(List<List<X509Certificate>> configured) {
    first = List.copyOf(configured.getFirst());
    configured.forEach(chain -> chains.putIfAbsent(key(chain), List.copyOf(chain)));
  }

  /** Takes a certificate that TLS has checked; its issuers are those of the first. */
  public synchronized void met(X509Certificate certificate) {
    List<X509Certificate> chain =
        Stream.concat(Stream.of(certificate), first.stream().skip(1)).toList();
    certified(chain);
  }

  /** Takes one more key, with the chain that vouches for it. */
  public synchronized void certified(List<X509Certificate> chain) {
    chains.putIfAbsent(key(chain), List.copyOf(chain));
  }

  /** The chain that vouches for a key; empty when the key is not known. */
  public synchronized List<X509Certificate> chain(String key) {
    return chains.getOrDefault(key, List.of());
  }

  /** Whether a certificate vouches for a key. */
  public boolean knows(String key) {
    return !chain(key).isEmpty();
  }

  /** The configured keys and those met, in this order. */
  public synchronized List<String> keys() {
    return List.copyOf(chains.keySet());
  }

  /**
   * PEM of the chains of the keys that were used, one after the other.
   *
   * @param opening the key the session began with: its chain goes first
   */
  public synchronized List<String> pems(String opening, Predicate<String> used) {
    Stream<List<X509Certificate>> later =
        chains.entrySet().stream()
            .filter(known -> !known.getKey().equals(opening) && used.test(known.getKey()))
            .map(Map.Entry::getValue);
    return Stream.concat(Stream.of(chains.getOrDefault(opening, first)), later)
        .flatMap(List::stream)
        .map(Pem::text)
        .toList();
  }

  private static String key(List<X509Certificate> chain) {
    return SigningKey.encode(chain.getFirst().getPublicKey());
  }
}
