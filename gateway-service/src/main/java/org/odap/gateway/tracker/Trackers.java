package org.odap.gateway.tracker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.odap.gateway.GatewayConfig.TrackerConfig;

/**
 * The trackers this gateway posts to. A client and the other gateway name the URL: they choose
 * among the configured hosts and decide nothing else. Nothing is posted to any other host, over
 * anything but verified TLS, or to where an answer redirects.
 */
public final class Trackers {
  private static final String ALGORITHM = "HmacSHA256";

  /** What a tracker may answer is its status; of the rest nothing is read. */
  private record Tracker(
      String origin,
      SecretKeySpec secret,
      HttpClient client,
      Duration timeout,
      Duration patience) {}

  private final List<Tracker> trackers = new ArrayList<>();
  private final Clock clock;

  /**
   * Trackers of a configuration.
   *
   * @throws IOException naming the file that can't be used
   */
  public Trackers(List<TrackerConfig> configs, Clock clock) throws IOException {
    this.clock = clock;
    for (TrackerConfig config : configs) {
      byte[] secret =
          Files.readString(config.secretFile()).strip().getBytes(StandardCharsets.UTF_8);
      if (secret.length < 16) {
        throw new IOException(
            "secret "
                + config.secretFile()
                + ": "
                + secret.length
                + " bytes (expected: 16 or more)");
      }
      HttpClient.Builder client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(config.timeout());
      if (config.authorities().isPresent()) {
        client.sslContext(trusting(config.authorities().get()));
      }
      String origin = origin(config.origin()).orElseThrow();
      trackers.add(
          new Tracker(
              origin,
              new SecretKeySpec(secret, ALGORITHM),
              client.build(),
              config.timeout(),
              config.patience()));
    }
  }

  /** Which URLs may be posted to; empty when there is no tracker. */
  public Optional<Predicate<String>> allowed() {
    return trackers.isEmpty()
        ? Optional.empty()
        : Optional.of(url -> url.length() <= 1_024 && origin(url).flatMap(this::find).isPresent());
  }

  /** The https origin of a URL, lower case with its port; empty when it is none. */
  public static Optional<String> origin(String url) {
    try {
      URI uri = new URI(url);
      if (!"https".equalsIgnoreCase(uri.getScheme())
          || uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null) {
        return Optional.empty();
      }
      int port = uri.getPort() < 0 ? 443 : uri.getPort();
      return Optional.of("https://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /**
   * Posts a text; gives the status.
   *
   * @param key the same in each attempt
   * @throws IOException when no answer came, or the URL is none of a tracker's any more
   */
  int post(URI url, String key, byte[] body) throws IOException, InterruptedException {
    Tracker tracker = tracker(url);
    String timestamp = Long.toString(clock.millis());
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(tracker.timeout())
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .header("X-Odap-Timestamp", timestamp)
            .header("X-Odap-Signature", "v1=" + signature(tracker.secret(), timestamp, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<InputStream> answer =
        tracker.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
    answer.body().close();
    return answer.statusCode();
  }

  /**
   * How long a tracker may refuse an entry before it is given up.
   *
   * @throws IOException when the URL is none of a tracker's any more
   */
  Duration patience(URI url) throws IOException {
    return tracker(url).patience();
  }

  private Tracker tracker(URI url) throws IOException {
    return origin(url.toString())
        .flatMap(this::find)
        .orElseThrow(() -> new IOException("its host is none of the gateway's trackers"));
  }

  /** HMAC-SHA256 over timestamp, a dot, and the body, in lower-case hex. */
  static String signature(SecretKeySpec secret, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private Optional<Tracker> find(String origin) {
    return trackers.stream().filter(tracker -> tracker.origin().equals(origin)).findFirst();
  }

  private static SSLContext trusting(java.nio.file.Path authorities) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(authorities)))) {
        store.setCertificateEntry("authority-" + number++, one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("authorities " + authorities + ": " + e.getMessage(), e);
    }
  }
}
