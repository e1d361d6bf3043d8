package org.odap.runtime.identity;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key, certificate and trusted organizations of one service, as they stand in its files now.
 *
 * <p>Owns the current material: {@link #reloadIfChanged} swaps all of it at once, and only for
 * material that is right as a whole; handshakes from then on use the new one.
 */
public final class TlsMaterial {
  private static final Logger log = LoggerFactory.getLogger(TlsMaterial.class);

  private final TlsFiles files;
  private final KeyManager keyManager = new KeyManager();
  private final TrustManager trustManager = new TrustManager(Optional.empty(), Optional.empty());
  private volatile Material current;
  private volatile boolean keepsKey;
  private Map<Path, FileStamp> stamps;
  private List<ListedOrganization> listed = List.of();

  private record Material(
      int generation,
      int renewal,
      Identity identity,
      SigningKey key,
      List<X509Certificate> chain,
      Map<String, Instant> anchorsEnd,
      OrganizationTrust trust) {
    Material listing(List<ListedOrganization> listed) {
      return new Material(
          generation + 1, renewal, identity, key, chain, anchorsEnd, trust.withListed(listed));
    }
  }

  private record FileStamp(FileTime modified, long size, Optional<Object> fileKey) {}

  private TlsMaterial(TlsFiles files) {
    this.files = files;
    this.stamps = stampsOf(files);
    this.current = read(files, 1, 1);
  }

  /**
   * Reads the files.
   *
   * @throws IdentityException naming the file that is wrong
   */
  public static TlsMaterial load(TlsFiles files) {
    CryptoProvider.install();
    KeyExchangeGroups.restrict();
    return new TlsMaterial(files);
  }

  /** Our own identity: the URI in our certificate. */
  public Identity identity() {
    return current.identity();
  }

  /** The key of our certificate; it signs our messages too. */
  public SigningKey signingKey() {
    return current.key();
  }

  /** Our certificate. */
  public X509Certificate certificate() {
    return current.chain().getFirst();
  }

  /** Our certificate and its issuers, our own first. */
  public List<X509Certificate> chain() {
    return current.chain();
  }

  /** Until when each organization of the files can be trusted: the end of its last certificate. */
  public Map<String, Instant> anchorsEnd() {
    return current.anchorsEnd();
  }

  /** Hands the current key and chain to each new handshake. */
  public X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  /** Grows by one with each material that comes into force. */
  public int generation() {
    return current.generation();
  }

  /** Grows by one with each set of files that comes into force. */
  public int renewal() {
    return current.renewal();
  }

  /**
   * Trusts these organizations besides those of the files, as far as {@link ListedOrganization}
   * goes, and those listed before no longer. Our own organization is none of them, nor is one of
   * the files: no list says who we are.
   */
  public synchronized void list(List<ListedOrganization> organizations) {
    Material before = current;
    listed =
        organizations.stream()
            .filter(one -> !one.organization().equals(before.identity().organization()))
            .toList();
    Material after = before.listing(listed);
    if (!after.trust().listed().equals(before.trust().listed())) {
      current = after;
    }
  }

  /** What a caller may call that is trusted because a list names it, and for no other reason. */
  public Optional<CallerRule> ruleOfListed(Identity caller) {
    return current.trust().ruleOfListed(caller);
  }

  /** Whether a client that shows this chain would be let in now: an open connection may be old. */
  public boolean isStillTrusted(List<X509Certificate> clientChain) {
    try {
      trustManager.checkClient(clientChain.toArray(X509Certificate[]::new), "UNKNOWN");
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Judges the peer of each new handshake by the current trusted organizations. */
  public X509ExtendedTrustManager trustManager() {
    return trustManager;
  }

  /** As {@link #trustManager}, and takes no other server than this one. */
  public X509ExtendedTrustManager trustManagerFor(Identity server) {
    return new TrustManager(Optional.of(server), Optional.empty());
  }

  /**
   * As {@link #trustManager}, and takes those of our own identity alone, as server and as client.
   */
  public X509ExtendedTrustManager trustManagerOfOwn() {
    Optional<Identity> own = Optional.of(identity());
    return new TrustManager(own, own);
  }

  /**
   * Takes up no other key from now on, and with it no file that is changed besides: what is signed
   * under way names the key there is.
   */
  public void keepKey() {
    keepsKey = true;
  }

  /**
   * Takes over changed files; wrong ones are logged and the former material stays in force.
   *
   * @return whether new material came into force
   */
  public synchronized boolean reloadIfChanged() {
    Map<Path, FileStamp> now = stampsOf(files);
    if (now.equals(stamps)) {
      return false;
    }
    try {
      Material changed = read(files, current.generation(), current.renewal() + 1);
      if (keepsKey && !changed.key().publicKey().equals(current.key().publicKey())) {
        throw new IdentityException(
            files.key()
                + ": another key (expected: the one this service signs with: a new one is taken up"
                + " at a start)");
      }
      current = changed.listing(listed);
      stamps = now;
      log.atInfo()
          .addKeyValue("identity", current.identity())
          .addKeyValue("not_after", certificate().getNotAfter().toInstant())
          .log("TLS material reloaded");
      return true;
    } catch (IdentityException e) {
      // Stamps stay old: a half-written set of files is tried again at the next call.
      log.atError().addKeyValue("cause", e.getMessage()).log("changed TLS material not usable");
      return false;
    }
  }

  private static Material read(TlsFiles files, int generation, int renewal) {
    List<X509Certificate> chain = Pem.certificates(files.certificate());
    X509Certificate own = chain.getFirst();
    Identity identity =
        Identity.of(own)
            .orElseThrow(() ->
                new IdentityException(
                    files.certificate()
                        + ": names no identity (expected: exactly one URI as subject"
                        + " alternative name)"));
    PrivateKey privateKey = Pem.privateKey(files.key());
    SigningKey key;
    try {
      key = SigningKey.of(privateKey, own.getPublicKey());
    } catch (IdentityException e) {
      throw new IdentityException(files.key() + ": " + e.getMessage(), e);
    }
    Map<String, List<X509Certificate>> anchors = new HashMap<>();
    for (TrustedOrganization trusted : files.trusted()) {
      anchors
          .computeIfAbsent(trusted.organization(), organization -> new ArrayList<>())
          .addAll(Pem.certificates(trusted.certificate()));
    }
    return new Material(
        generation, renewal, identity, key, chain, ends(anchors), OrganizationTrust.of(anchors));
  }

  private static Map<String, Instant> ends(Map<String, List<X509Certificate>> anchors) {
    Map<String, Instant> ends = new TreeMap<>();
    anchors.forEach((organization, certificates) ->
        ends.put(
            organization,
            certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow()));
    return ends;
  }

  private static Map<Path, FileStamp> stampsOf(TlsFiles files) {
    List<Path> paths = new ArrayList<>(List.of(files.certificate(), files.key()));
    files.trusted().forEach(trusted -> paths.add(trusted.certificate()));
    Map<Path, FileStamp> stamps = new LinkedHashMap<>();
    for (Path path : paths) {
      try {
        var attributes =
            Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class);
        stamps.put(
            path,
            new FileStamp(
                attributes.lastModifiedTime(),
                attributes.size(),
                Optional.ofNullable(attributes.fileKey())));
      } catch (IOException e) {
        // Missing for a moment while it is replaced; reading it says so if it stays away.
        stamps.put(path, new FileStamp(FileTime.fromMillis(0), -1, Optional.empty()));
      }
    }
    return stamps;
  }

  /** One key only, so there is nothing to choose: the alias names the material in force. */
  private final class KeyManager extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return current.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return current.key().privateKey();
    }
  }

  private final class TrustManager extends X509ExtendedTrustManager {
    private final Optional<Identity> expectedServer;
    private final Optional<Identity> expectedClient;

    TrustManager(Optional<Identity> expectedServer, Optional<Identity> expectedClient) {
      this.expectedServer = expectedServer;
      this.expectedClient = expectedClient;
    }

    private void checkClient(X509Certificate[] chain, String authType) throws CertificateException {
      try {
        current.trust().checkClient(chain, authType);
        requireExpected("client", expectedClient, chain);
      } catch (CertificateException e) {
        throw refused("client", chain, e);
      }
    }

    private void checkServer(X509Certificate[] chain, String authType) throws CertificateException {
      try {
        current.trust().checkServer(chain, authType);
        requireExpected("server", expectedServer, chain);
      } catch (CertificateException e) {
        throw refused("server", chain, e);
      }
    }

    private static void requireExpected(
        String peer, Optional<Identity> expected, X509Certificate[] chain)
        throws CertificateException {
      Optional<Identity> shown = Identity.of(chain[0]);
      if (expected.isPresent() && !expected.equals(shown)) {
        throw new CertificateException(
            peer
                + " is "
                + shown.map(Identity::uri).orElse("nobody")
                + " (expected: "
                + expected.get()
                + ")");
      }
    }

    /** The peer learns no more than that its certificate is bad; the reason is for our operator. */
    private static CertificateException refused(
        String peer, X509Certificate[] chain, CertificateException cause) {
      log.atWarn()
          .addKeyValue("peer", peer)
          .addKeyValue("claims", Identity.of(chain[0]).map(Identity::uri).orElse("nothing"))
          .addKeyValue("cause", cause.getMessage())
          .log("certificate refused");
      return cause;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      checkClient(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      checkClient(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      checkClient(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      checkServer(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      checkServer(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      checkServer(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      // Counterparties are not told whom else we trust.
      return new X509Certificate[0];
    }
  }
}
