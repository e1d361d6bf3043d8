package org.odap.attestation.development;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.odap.api.attestation.v1.Quote;
import org.odap.attestation.appraisal.Policy;
import org.odap.attestation.appraisal.Verifier;
import org.odap.attestation.attester.Attester;
import org.odap.attestation.attester.AttesterConfig;
import org.odap.attestation.attester.KeyKind;
import org.odap.attestation.challenge.Challenge;
import org.odap.attestation.tpm.EventLog;
import org.odap.attestation.tpm.HashAlgorithm;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.identity.CryptoProvider;
import org.odap.runtime.tpm.DevelopmentTpm;
import org.odap.runtime.tpm.Measurement;

/**
 * Measures quotes by a TPM in software and their verification, on one thread: {@code QuoteBench
 * FOLDER QUOTES}. Its last line of output is a JSON list of {@link Rates}.
 */
public final class QuoteBench {
  private static final String GATEWAY = "odapgw://beta.example/gateway-1";

  /** Any key does: it is hashed, not used. */
  private static final String TLS_KEY = "MFkwEwYHKoZIzj0CAQ";

  private static final List<Measurement> BOOT =
      List.of(
          new Measurement(0, "firmware"),
          new Measurement(4, "boot loader"),
          new Measurement(7, "secure boot"));

  private final DevelopmentTpm chip;
  private final Path folder;
  private final Path vendor;
  private final Path eventLog;

  /**
   * What was measured with one kind of attestation key.
   *
   * @param quotesPerSecond by the TPM, with reading the PCRs
   * @param verificationsPerSecond signature, certificate chain, every field, event log
   * @param appraisalsPerSecond the same, with the key's counters on disk before the next
   */
  public record Rates(
      String signature,
      int quotes,
      double quotesPerSecond,
      double verificationsPerSecond,
      double appraisalsPerSecond) {}

  private QuoteBench(DevelopmentTpm chip, Path folder, Path vendor, Path eventLog) {
    this.chip = chip;
    this.folder = folder;
    this.vendor = vendor;
    this.eventLog = eventLog;
  }

  /** A challenge and its answer. */
  private record Answered(Challenge challenge, Quote quote) {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2) {
      System.err.println("usage: QuoteBench FOLDER QUOTES");
      System.exit(2);
    }
    System.out.println(
        new ObjectMapper()
            .writeValueAsString(run(Path.of(arguments[0]), Integer.parseInt(arguments[1]))));
  }

  /** Measures every kind of attestation key, so many quotes each, after as many to warm up. */
  public static List<Rates> run(Path folder, int quotes) throws Exception {
    CryptoProvider.install();
    Path vendor = folder.resolve("vendor");
    List<Rates> rates = new ArrayList<>();
    try (DevelopmentTpm chip = DevelopmentTpm.start(folder.resolve("tpm"), vendor)) {
      QuoteBench bench = new QuoteBench(chip, folder, vendor, chip.boot(BOOT));
      for (KeyKind kind : KeyKind.values()) {
        rates.add(bench.measured(kind, quotes));
      }
    }
    return rates;
  }

  private Rates measured(KeyKind kind, int quotes) throws Exception {
    Verifier verifier = verifier(kind);
    Attester attester = attester(kind);
    try {
      activate(verifier, attester);
      var _ = appraisalSeconds(verifier, answered(verifier, attester, quotes));
      long start = System.nanoTime();
      List<Answered> answered = answered(verifier, attester, quotes);
      double quoteSeconds = seconds(start);
      var _ = verificationSeconds(verifier, answered);
      double verificationSeconds = verificationSeconds(verifier, answered);
      return new Rates(
          kind.name().toLowerCase(Locale.ROOT),
          quotes,
          quotes / quoteSeconds,
          quotes / verificationSeconds,
          quotes / appraisalSeconds(verifier, answered));
    } finally {
      attester.stop(Duration.ZERO);
    }
  }

  private Verifier verifier(KeyKind kind) throws Exception {
    Policy policy = Policy.read(Files.writeString(folder.resolve("policy.yaml"), policy()));
    Verifier verifier =
        new Verifier(
            () -> policy,
            folder.resolve("known-" + kind),
            Duration.ofHours(1),
            "odapattestation://alpha.example/verifier",
            Clock.systemUTC());
    verifier.start();
    return verifier;
  }

  private String policy() throws Exception {
    Map<Integer, ByteString> pcrs =
        EventLog.parse(ByteString.copyFrom(Files.readAllBytes(eventLog)))
            .replay(HashAlgorithm.SHA256);
    Map<Integer, String> values = new TreeMap<>();
    for (Measurement measurement : BOOT) {
      values.computeIfAbsent(
          measurement.pcr(),
          pcr -> "[\"" + HexFormat.of().formatHex(pcrs.get(pcr).toByteArray()) + "\"]");
    }
    return """
    profiles:
      - name: bench
        gateways: [%s]
        endorsement-roots: [%s]
        event-log-required: true
        pcr-values: %s
    """
        .formatted(GATEWAY, DevelopmentTpm.root(vendor), values.toString().replace("=", ": "));
  }

  private Attester attester(KeyKind kind) {
    String handle =
        switch (kind) {
          case ECDSA -> "0x8101ff01";
          case RSASSA -> "0x8101ff02";
          case RSAPSS -> "0x8101ff03";
        };
    Attester attester =
        new Attester(
            new AttesterConfig(
                Optional.empty(),
                Optional.of(chip.address()),
                kind,
                handle,
                DevelopmentTpm.RSA_KEY_HANDLE,
                DevelopmentTpm.RSA_CERTIFICATE_INDEX,
                Optional.of(DevelopmentTpm.issuer(vendor)),
                Optional.of(eventLog),
                Duration.ofSeconds(30)),
            new ServiceHealth());
    attester.start();
    return attester;
  }

  private static void activate(Verifier verifier, Attester attester) throws Exception {
    Answered first = answered(verifier, attester, 1).getFirst();
    ByteString secret =
        switch (verifier.offerCredential(GATEWAY, first.quote())) {
          case Verifier.Offer.Made made ->
              attester.activate(made.credential().blob(), made.credential().encryptedSecret());
          case Verifier.Offer.Known _, Verifier.Offer.TooMany _ -> ByteString.EMPTY;
        };
    taken(verifier.appraise(first.challenge().binding().nonce(), first.quote(), secret));
  }

  private static List<Answered> answered(Verifier verifier, Attester attester, int count)
      throws Exception {
    List<Answered> answered = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Challenge challenge = verifier.challenge(GATEWAY, "session", TLS_KEY).orElseThrow();
      answered.add(new Answered(challenge, attester.quote(challenge.binding(), challenge.pcrs())));
    }
    return answered;
  }

  private static double verificationSeconds(Verifier verifier, List<Answered> answered) {
    long start = System.nanoTime();
    for (Answered one : answered) {
      verifier
          .fault(one.challenge(), one.quote())
          .ifPresent(fault -> {
            throw new IllegalStateException(fault);
          });
    }
    return seconds(start);
  }

  private static double appraisalSeconds(Verifier verifier, List<Answered> answered)
      throws Exception {
    long start = System.nanoTime();
    for (Answered one : answered) {
      taken(verifier.appraise(one.challenge().binding().nonce(), one.quote(), ByteString.EMPTY));
    }
    return seconds(start);
  }

  private static void taken(Verifier.Verdict verdict) {
    if (verdict instanceof Verifier.Verdict.Refused refused) {
      throw new IllegalStateException(refused.reason());
    }
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
