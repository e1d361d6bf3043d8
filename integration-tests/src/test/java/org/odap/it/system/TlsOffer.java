package org.odap.it.system;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * What a client offers in a TLS handshake: what is old or weak as well, which Java's own client no
 * longer does. The client shows no certificate and takes any.
 *
 * @param suites numbers of cipher suites (RFC 8446 B.4)
 * @param groups numbers of named groups (RFC 8446 4.2.7), the first with a key share
 * @param schemes numbers of signature schemes (RFC 8446 4.2.3)
 */
public record TlsOffer(
    List<ProtocolVersion> versions,
    List<Integer> suites,
    List<Integer> groups,
    List<Integer> schemes) {
  private static final int TIMEOUT_MILLIS = 20_000;

  /** What a server took of an offer. */
  public record Taken(
      ProtocolVersion version,
      int suite,
      boolean isCertificateAsked,
      Set<Integer> clientSchemes,
      boolean isEarlyDataTaken) {}

  /** Copies the lists. */
  public TlsOffer {
    versions = List.copyOf(versions);
    suites = List.copyOf(suites);
    groups = List.copyOf(groups);
    schemes = List.copyOf(schemes);
  }

  /** The same with other versions. */
  public TlsOffer withVersions(ProtocolVersion... others) {
    return new TlsOffer(List.of(others), suites, groups, schemes);
  }

  /** The same with other suites. */
  public TlsOffer withSuites(List<Integer> others) {
    return new TlsOffer(versions, others, groups, schemes);
  }

  /** The same with other groups. */
  public TlsOffer withGroups(List<Integer> others) {
    return new TlsOffer(versions, suites, others, schemes);
  }

  /** The same with other schemes. */
  public TlsOffer withSchemes(List<Integer> others) {
    return new TlsOffer(versions, suites, groups, others);
  }

  /**
   * Makes the offer; empty when the server ends the handshake before its own part is done.
   *
   * @throws IOException when it is this client that goes no further
   */
  public Optional<Taken> to(InetSocketAddress server) throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      Client client = new Client();
      Protocol protocol = new Protocol(socket);
      try {
        protocol.connect(client);
        // Tickets come after the handshake; so does the alert of whoever wants a certificate.
        int _ = protocol.getInputStream().read();
      } catch (TlsFatalAlertReceived | EOFException | SocketException refused) {
        // What the client learned before says how far it came.
      }
      return client.isServerDone
          ? Optional.of(
              new Taken(
                  client.version,
                  client.suite,
                  client.isCertificateAsked,
                  Set.copyOf(client.clientSchemes),
                  protocol.isEarlyDataTaken))
          : Optional.empty();
    }
  }

  /** Looks into the tickets that the library itself has no use for. */
  private static final class Protocol extends TlsClientProtocol {
    private boolean isEarlyDataTaken;

    Protocol(Socket socket) throws IOException {
      super(socket.getInputStream(), socket.getOutputStream());
    }

    @Override
    protected void receive13NewSessionTicket(ByteArrayInputStream ticket) throws IOException {
      // Lifetime and age (RFC 8446 4.6.1).
      TlsUtils.readUint32(ticket);
      TlsUtils.readUint32(ticket);
      TlsUtils.readOpaque8(ticket);
      TlsUtils.readOpaque16(ticket);
      byte[] extensions = TlsUtils.readOpaque16(ticket);
      ByteArrayInputStream rest = new ByteArrayInputStream(extensions);
      while (rest.available() > 0) {
        isEarlyDataTaken |= TlsUtils.readUint16(rest) == TlsExtensionsUtils.EXT_early_data;
        TlsUtils.readOpaque16(rest);
      }
    }
  }

  /** Notes what the server says. */
  private final class Client extends DefaultTlsClient {
    private ProtocolVersion version = ProtocolVersion.SSLv3;
    private int suite;
    private boolean isServerDone;
    private boolean isCertificateAsked;
    private final Set<Integer> clientSchemes = new HashSet<>();

    Client() {
      super(new BcTlsCrypto(new SecureRandom()));
    }

    @Override
    public ProtocolVersion[] getProtocolVersions() {
      return versions.toArray(ProtocolVersion[]::new);
    }

    @Override
    public int[] getCipherSuites() {
      return suites.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    @SuppressWarnings("JdkObsolete") // The library's own type.
    protected Vector<Integer> getSupportedGroups(@SuppressWarnings("rawtypes") Vector roles) {
      return new Vector<>(groups);
    }

    @Override
    @SuppressWarnings("JdkObsolete")
    public Vector<Integer> getEarlyKeyShareGroups() {
      return new Vector<>(
          groups.stream()
              .filter(group -> NamedGroup.refersToASpecificGroup(group))
              .limit(1)
              .toList());
    }

    @Override
    @SuppressWarnings("JdkObsolete")
    protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
      return new Vector<>(
          schemes.stream().map(SignatureScheme::getSignatureAndHashAlgorithm).toList());
    }

    @Override
    public void notifyServerVersion(ProtocolVersion chosen) throws IOException {
      super.notifyServerVersion(chosen);
      version = chosen;
    }

    @Override
    public void notifySelectedCipherSuite(int chosen) {
      super.notifySelectedCipherSuite(chosen);
      suite = chosen;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
      super.notifyHandshakeComplete();
      isServerDone = true;
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate certificate) {
          // Whose it is matters to other tests.
        }

        @Override
        @SuppressWarnings("NullAway")
        public TlsCredentials getClientCredentials(CertificateRequest request) {
          isCertificateAsked = true;
          for (Object algorithm : request.getSupportedSignatureAlgorithms()) {
            clientSchemes.add(SignatureScheme.from((SignatureAndHashAlgorithm) algorithm));
          }
          return null;
        }
      };
    }
  }
}
