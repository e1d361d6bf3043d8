package org.odap.gateway.credential;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.odap.runtime.identity.TlsMaterial;

/** An issuer of tokens with its keys on an HTTPS server, as authorization servers have them. */
final class AuthorizationServer implements AutoCloseable {
  static final String AUDIENCE = "odapgw://alpha.example/gateway-1";
  static final String CLIENT = "odapclient://alpha.example/gateway-1.alpha.example/office/clerk";

  private final HttpsServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile ECKey key = newKey();

  AuthorizationServer(TlsMaterial tls) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {tls.keyManager()}, null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          byte[] keys = keys().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/jwk-set+json");
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
  }

  private static ECKey newKey() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(UUID.randomUUID().toString()).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  URI keysAt() {
    return URI.create("https://localhost:" + server.getAddress().getPort() + "/keys");
  }

  String issuer() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  /** The public keys. */
  String keys() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  ECKey key() {
    return key;
  }

  /** From now on signs with another key. */
  void rotate() {
    key = newKey();
  }

  int timesAsked() {
    return asked.get();
  }

  /** What a sound token says. */
  JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .audience(AUDIENCE)
        .subject(CLIENT)
        .issueTime(Date.from(now))
        .notBeforeTime(Date.from(now.minusSeconds(1)))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  String token(JWTClaimsSet.Builder claims) {
    return token(claims, key);
  }

  static String token(JWTClaimsSet.Builder claims, ECKey key) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
              claims.build());
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
