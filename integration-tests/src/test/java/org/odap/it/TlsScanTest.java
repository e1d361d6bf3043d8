package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.cli.system.Attesting;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.MembersPlan;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.it.system.ServiceProcess;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.it.system.TlsOffer;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;

/**
 * Scans every TCP port that any service of the suite listens on (CARD-3, ODAP 5.6). The system
 * names the ports, so that none is forgotten: each is either behind mutual TLS 1.3, or the one
 * operations port of its process, on loopback. That nothing but TLS 1.3 is spoken leaves no
 * renegotiation and no compression to look for (RFC 8446 4.1.2).
 */
@Tag("CARD-3")
@Tag("ODAP-5")
@ExtendWith(SharedSystem.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsScanTest {
  /** What transfers are shown with in place of ledgers and devices of others. */
  private static final Set<String> STAND_INS =
      Set.of("anvil", "swtpm", "org.h2.tools.Server", "fabric-development-peer.jar");

  private static final Set<String> SERVICES =
      Set.of(
          "gateway-service",
          "log-service",
          "resource-service",
          "attestation-service",
          "ledger-adapter-sql",
          "ledger-adapter-ethereum",
          "ledger-adapter-fabric");

  private static final List<Integer> SUITES =
      List.of(
          CipherSuite.TLS_AES_256_GCM_SHA384,
          CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
          CipherSuite.TLS_AES_128_GCM_SHA256);

  /** Of TLS 1.3: integrity without secrecy (RFC 9150), and short tags. */
  private static final List<Integer> WEAK_SUITES =
      List.of(0xC0B4, 0xC0B5, CipherSuite.TLS_AES_128_CCM_8_SHA256);

  private static final List<Integer> GROUPS =
      List.of(NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1);

  /** Below 128 bits of security, or retired by TLS 1.3. */
  private static final List<Integer> WEAK_GROUPS =
      List.of(
          NamedGroup.ffdhe2048,
          NamedGroup.secp224r1,
          NamedGroup.secp192r1,
          NamedGroup.secp160r1,
          NamedGroup.sect233k1);

  private static final List<Integer> SCHEMES =
      List.of(SignatureScheme.ecdsa_secp256r1_sha256, SignatureScheme.rsa_pss_rsae_sha256);

  private static final List<Integer> WEAK_SCHEMES =
      List.of(
          SignatureScheme.ecdsa_sha1,
          SignatureScheme.rsa_pkcs1_sha1,
          // ECDSA, RSA and DSA with SHA-224, DSA with SHA-1 and SHA-256, RSA with MD5.
          0x0303,
          0x0301,
          0x0302,
          0x0202,
          0x0402,
          0x0101);

  private static final TlsOffer GOOD =
      new TlsOffer(List.of(ProtocolVersion.TLSv13), SUITES, GROUPS, SCHEMES);

  private static final byte[] HTTP2_PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);

  private static final int TLS_ALERT = 21;
  private static final int TIMEOUT_MILLIS = 20_000;

  @TempDir private static Path folder;
  private static RunningSystem members;

  /** A port of a process. */
  record Door(ServiceProcess process, InetSocketAddress address) {
    InetSocketAddress reached() {
      return address.getAddress().isAnyLocalAddress()
          ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
          : address;
    }

    @Override
    public String toString() {
      return process + " at " + address;
    }
  }

  /** Two ledgers of two kinds with their members, between attested machines. */
  @BeforeAll
  static void start(StorySystem friends) throws InterruptedException, IOException {
    assertThat(friends.folder()).exists();
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    members =
        RunningSystem.start(
            new SystemPlan(
                    Files.createTempDirectory(Files.createDirectories(target), "tls-"),
                    new Side("alpha", LedgerKind.ETHEREUM),
                    new Side("beta", LedgerKind.FABRIC),
                    true,
                    SystemPlan.SMALL)
                .with(new MembersPlan(1, 0, MembersPlan.Keys.DEALT, 1))
                .with(Attesting.PREFERRED),
            Installation.here(),
            progress -> {});
  }

  @AfterAll
  static void stop() {
    if (members != null) {
      members.close();
    }
  }

  private static List<ServiceProcess> services() {
    return ServiceProcess.all().stream()
        .filter(process -> process.module().filter(SERVICES::contains).isPresent())
        .toList();
  }

  private static boolean isPlain(Door door) {
    return plain(door, "GET /health/live HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200 ");
  }

  private static Stream<Door> doors(ServiceProcess process) {
    return process.listening().stream().map(address -> new Door(process, address));
  }

  static List<Door> secured() {
    return services().stream().flatMap(TlsScanTest::doors).filter(door -> !isPlain(door)).toList();
  }

  @Test
  void everyServiceRunsAndNothingElseListensButStandInsOnLoopback() {
    assertThat(services())
        .extracting(process -> process.module().orElseThrow())
        .containsAll(SERVICES);
    assertThat(ServiceProcess.all())
        .filteredOn(process -> !services().contains(process) && !process.listening().isEmpty())
        .allSatisfy(other -> {
          assertThat(other.command()).anyMatch(word -> STAND_INS.stream().anyMatch(word::endsWith));
          assertThat(other.listening()).allMatch(one -> one.getAddress().isLoopbackAddress());
        });
  }

  @Test
  void onePortOfEachProcessIsPlainAndItIsForOperationsOnLoopback() {
    assertThat(services())
        .allSatisfy(process ->
            assertThat(doors(process).filter(TlsScanTest::isPlain))
                .singleElement()
                .satisfies(door -> {
                  assertThat(door.address().getAddress().isLoopbackAddress()).isTrue();
                  assertThat(plain(door, "GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 404 ");
                  assertThat(plain(door, "POST /metrics HTTP/1.0\r\n\r\n"))
                      .startsWith("HTTP/1.1 405 ");
                }));
  }

  @ParameterizedTest
  @MethodSource("secured")
  void tls13IsTakenWithAClientCertificateAskedForAndWithoutEarlyData(Door door) throws IOException {
    TlsOffer.Taken taken = GOOD.to(door.reached()).orElseThrow();

    assertThat(taken.version()).isEqualTo(ProtocolVersion.TLSv13);
    assertThat(taken.suite()).isIn(SUITES);
    assertThat(taken.isCertificateAsked()).isTrue();
    assertThat(taken.clientSchemes())
        .contains(SignatureScheme.ecdsa_secp256r1_sha256)
        .doesNotContainAnyElementsOf(WEAK_SCHEMES);
    assertThat(taken.isEarlyDataTaken()).isFalse();
    for (int suite : SUITES) {
      assertThat(GOOD.withSuites(List.of(suite)).to(door.reached())).isPresent();
    }
    for (int group : GROUPS) {
      assertThat(GOOD.withGroups(List.of(group)).to(door.reached())).isPresent();
    }
  }

  @ParameterizedTest
  @MethodSource("secured")
  void olderVersionsAreRefused(Door door) throws IOException {
    // Whatever these versions know, even without secrecy.
    List<Integer> all =
        Stream.concat(
                IntStream.rangeClosed(0x0001, 0x00C5).boxed(),
                IntStream.rangeClosed(0xC001, 0xC0AF).boxed())
            .toList();
    TlsOffer old = GOOD.withSuites(Stream.concat(all.stream(), SUITES.stream()).toList());

    for (ProtocolVersion version :
        List.of(
            ProtocolVersion.TLSv12,
            ProtocolVersion.TLSv11,
            ProtocolVersion.TLSv10,
            ProtocolVersion.SSLv3)) {
      assertThat(old.withVersions(version).to(door.reached())).as(version.getName()).isEmpty();
    }
    assertThat(
            old.withVersions(ProtocolVersion.TLSv13, ProtocolVersion.TLSv12, ProtocolVersion.TLSv11)
                .to(door.reached()))
        .as("nobody is talked down")
        .hasValueSatisfying(taken -> assertThat(taken.version()).isEqualTo(ProtocolVersion.TLSv13));
  }

  @ParameterizedTest
  @MethodSource("secured")
  void weakSuitesGroupsAndSchemesAreRefused(Door door) throws IOException {
    for (int suite : WEAK_SUITES) {
      assertThat(GOOD.withSuites(List.of(suite)).to(door.reached()))
          .as("suite %04x", suite)
          .isEmpty();
    }
    for (int group : WEAK_GROUPS) {
      assertThat(GOOD.withGroups(List.of(group)).to(door.reached()))
          .as(NamedGroup.getText(group))
          .isEmpty();
    }
    for (int scheme : WEAK_SCHEMES) {
      assertThat(GOOD.withSchemes(List.of(scheme)).to(door.reached()))
          .as("scheme %04x", scheme)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("secured")
  void onlyTrustedCertificatesAreLetIn(Door door) throws Exception {
    TlsFiles own = door.process().tls();
    Identity identity = Identity.of(Pem.certificates(own.certificate()).getFirst()).orElseThrow();
    DevelopmentPki forger =
        DevelopmentPki.create(Files.createTempDirectory(folder, "forger"), identity.organization());
    DevelopmentPki stranger =
        DevelopmentPki.create(Files.createTempDirectory(folder, "stranger"), "stranger.example");
    TlsFiles unknown =
        stranger.issue(new Identity("odapgw://stranger.example/gateway-1"), "unknown", List.of());

    assertThat(refusal(door, Optional.of(own))).as("the service's own certificate").isEmpty();
    assertThat(refusal(door, Optional.empty())).get().asString().contains("certificate");
    assertThat(refusal(door, Optional.of(unknown))).get().asString().contains("certificate");
    assertThat(refusal(door, Optional.of(forger.issue(identity, "forged", List.of()))))
        .get()
        .asString()
        .contains("certificate");
  }

  @ParameterizedTest
  @MethodSource("secured")
  void whoSpeaksWithoutTlsLearnsNothing(Door door) {
    for (String words :
        List.of(
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
            new String(HTTP2_PREFACE, StandardCharsets.ISO_8859_1))) {
      String answer = plain(door, words);
      // An alert of TLS, which says no more than that this is none.
      assertThat(answer.isEmpty() || (answer.charAt(0) == TLS_ALERT && answer.length() == 7))
          .as(answer)
          .isTrue();
    }
  }

  /** What a service says to a certificate; empty when it talks HTTP/2. */
  private static Optional<String> refusal(Door door, Optional<TlsFiles> shown)
      throws IOException, GeneralSecurityException {
    List<KeyManager> keys = new ArrayList<>();
    shown.ifPresent(files -> keys.add(TlsMaterial.load(files).keyManager()));
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        keys.toArray(KeyManager[]::new),
        new TrustManager[] {TlsMaterial.load(door.process().tls()).trustManager()},
        null);
    InetSocketAddress at = door.reached();
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      // A server's HTTP/2 settings, which it sends first, begin with their length, below 2^16.
      return socket.getInputStream().read() == 0 ? Optional.empty() : Optional.of("no HTTP/2");
    } catch (SSLException refused) {
      return Optional.of(refused.toString());
    }
  }

  /** All that is answered to such bytes until the connection ends. */
  private static String plain(Door door, String words) {
    InetSocketAddress at = door.reached();
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException broken) {
      return "";
    }
  }
}
