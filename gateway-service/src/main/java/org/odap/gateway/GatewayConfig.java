package org.odap.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.odap.api.common.v1.LegalStatus;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.core.envelope.PublicKeys;
import org.odap.edge.EdgeConfig;
import org.odap.gateway.credential.TokenIssuerConfig;
import org.odap.gateway.quorum.QuorumKeys;
import org.odap.gateway.tracker.Trackers;
import org.odap.quorum.GroupConfig;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TrustedOrganization;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.rpc.RpcTarget;

/** Configuration of a gateway service. */
public record GatewayConfig(
    TlsFiles tls,
    RpcServerConfig server,
    OperationsConfig operations,
    @Description("who may do what with what lies behind this gateway; taken up when it changes")
        Path accessFile,
    @Description(
            "host name of this gateway in resource names (odapres://organization/host/ledger);"
                + " without one NAME.ORGANIZATION of its identity odapgw://ORGANIZATION/NAME")
        Optional<String> resourceHost,
    @Description("HTTP and JSON for clients and peers; without it there is only gRPC")
        Optional<EdgeConfig> edge,
    CredentialsConfig credentials,
    @Description("the log service this gateway writes to") RpcTarget log,
    LeaseConfig lease,
    SessionsConfig sessions,
    @Description("ledgers behind this gateway") @Bounds(min = "1") List<LedgerConfig> ledgers,
    @Description("the other gateways it deals with") List<PeerConfig> peers,
    @Description(
            "ledgers of other gateways whose participants are known: without their signature no"
                + " claim of such a ledger is taken")
        List<QuorumKeyConfig> quorumKeys,
    @Description(
            "participants of other gateways' ledgers, one by one: they vouch for each transfer with"
                + " a key dealt to them (InterTrust mode), and without that no claim of such a"
                + " ledger is taken, but what is signed with a key of quorum-keys")
        List<GroupConfig> participants,
    @Description("asset profiles it knows") List<ProfileConfig> assetProfiles,
    @Description("server of asset profiles, of the VASP directory and of travel-rule data")
        Optional<ResourcesConfig> resources,
    @Description("travel-rule data; without it none are taken")
        Optional<TravelRuleConfig> travelRule,
    @Description("application profiles it supports beside TRACKER (ODAP 5.8)")
        List<ApplicationProfileConfig> applicationProfiles,
    @Description("where the TRACKER profile may post to; without any it is not supported")
        List<TrackerConfig> trackers,
    @Description(
            "attestation by TPM: without it this gateway proves nothing of its machine, and asks"
                + " nobody")
        Optional<AttestationConfig> attestation,
    PolicyConfig policy,
    @Description(
            "transfers that may run on this replica when it takes an order; proposals of others it"
                + " takes until twice as many run. Without it one for each 256 KiB of its heap")
        @Bounds(min = "1", max = "1000000")
        Optional<Integer> inFlightMax,
    TimingConfig timing,
    @Description(
            "certificates of the other gateways with this one's identity (its primary, its"
                + " backups), PEM, each with its issuers: evidence of what they did needs them, and"
                + " what is proposed to one that is gone is taken by another")
        List<Path> replicas,
    @Description("for crash tests only: folder whose files name where transfers are held")
        Optional<Path> failPoints)
    implements ServiceConfig, Checked {

  /** What clients prove themselves with besides certificates (ODAP 5.6.2). */
  public record CredentialsConfig(
      @Description("authorization servers whose OAuth 2.0 tokens (JWT) are taken")
          List<TokenIssuerConfig> issuers) {}

  /** The right to write this gateway's logs. */
  public record LeaseConfig(
      @Description(
              "name of this replica, the same after its restart and no other's;"
                  + " without one its key is its name")
          @Bounds(min = "1", max = "128")
          Optional<String> holder,
      @Description("time-out T after which a silent replica's transfers are another's")
          @Default("15s")
          @Bounds(min = "1s", max = "10m")
          Duration duration) {}

  /** Clients' sessions (ODAP 5.6). */
  public record SessionsConfig(
      @Description("time without a new action after which a session ends")
          @Default("1h")
          @Bounds(min = "1s", max = "720h")
          Duration idle) {}

  /** A ledger behind this gateway. */
  public record LedgerConfig(
      @Description("identifier of the ledger, as used between gateways")
          @Bounds(min = "1", max = "128")
          String dltSystem,
      @Description("its adapters, which take calls in turn") RpcTarget adapter,
      @Description("time an adapter has for one call")
          @Default("30s")
          @Bounds(min = "100ms", max = "10m")
          Duration deadline,
      @Description("its participants, where they sign together what this gateway claims of it")
          Optional<QuorumConfig> quorum) {}

  /** The participants of a ledger behind this gateway (IT). */
  public record QuorumConfig(
      @Description("the attestation service that collects their signatures") RpcTarget service,
      @Description(
              "which of their keys; without it they sign only with keys that the other side deals"
                  + " them for a transfer (InterTrust mode)")
          Optional<String> keyId,
      @Description("time they have for one signature")
          @Default("10s")
          @Bounds(min = "100ms", max = "10m")
          Duration deadline) {}

  /** The participants of another gateway's ledger (IT). */
  public record QuorumKeyConfig(
      @Description("identifier of the ledger, as used between gateways")
          @Bounds(min = "1", max = "128")
          String dltSystem,
      @Description("the key they sign with together, base64url of its 96 bytes") String publicKey)
      implements Checked {
    @Override
    public List<String> mistakes() {
      return QuorumKeys.key(publicKey).isPresent()
          ? List.of()
          : List.of(
              "public-key: not a key (expected: base64url of a compressed point of G2, 96 bytes)");
    }
  }

  /** How messages travel between two gateways (API type 2); what is signed is the same. */
  public enum Binding {
    /** Over gRPC. */
    GRPC,
    /** As JSON over HTTP. */
    JSON
  }

  /** Whether another gateway's machine is to be attested by its TPM (ARCH 6). */
  public enum Attesting {
    /** No transfer without it. */
    REQUIRED,
    /** It is asked for; where it fails the transfer goes on, and that is logged. */
    PREFERRED,
    /** Nothing is asked. */
    OFF
  }

  /** How this gateway proves what its machine is, and has others' proofs appraised (ARCH 6). */
  public record AttestationConfig(
      @Description(
              "our own attestation service on this machine; it appraises others' proofs, too, where"
                  + " no verifier is named")
          RpcTarget service,
      @Description("our own attestation service that appraises others' proofs")
          Optional<RpcTarget> verifier,
      @Description("whether gateways that only the directory names must prove what they are")
          @Default("off")
          Attesting listedPeers,
      @Description("time for each call of an attestation, ours and the other gateway's")
          @Default("10s")
          @Bounds(min = "100ms", max = "60s")
          Duration deadline,
      @Description("how long before its end a result is renewed")
          @Default("30s")
          @Bounds(min = "0s", max = "1h")
          Duration renewBefore) {}

  /** Another gateway. */
  public record PeerConfig(
      @Description("where it listens; its edge's address where the binding is json")
          RpcTarget target,
      @Description("how it is spoken to: over grpc, or with json over HTTP") @Default("grpc")
          Binding binding,
      @Description("its certificate first, then its issuers, PEM") Path certificate,
      @Description("its backups, which have its identity and keys of their own")
          List<BackupConfig> backups,
      @Description("id (LEI) of its VASP; without it the directory is asked") Optional<String> vasp,
      @Description(
              "key that travel-rule data for it are encrypted to, base64url of the SPKI DER;"
                  + " without it the directory is asked")
          Optional<String> encryptionPubkey,
      @Description("whether its machine must prove what it is before a transfer") @Default("off")
          Attesting attestation,
      @Description(
              "ledgers behind it: orders that name a ledger and no gateway go to one of those in"
                  + " front of it, by chance")
          List<String> ledgers)
      implements Checked {
    public PeerConfig {
      ledgers = List.copyOf(ledgers);
    }

    @Override
    public List<String> mistakes() {
      List<String> mistakes = new ArrayList<>();
      if (encryptionPubkey.filter(key -> PublicKeys.parse(key).isEmpty()).isPresent()) {
        mistakes.add(
            "encryption-pubkey: not a key (expected: base64url of the SPKI DER of a P-256 key)");
      }
      if (target.mesh()) {
        mistakes.add(
            "target.mesh: value: true (expected: false: gateways know each other by their own"
                + " certificates)");
      }
      return mistakes;
    }
  }

  /** A backup of another gateway. */
  public record BackupConfig(
      @Description("where it listens, host:port") String address,
      @Description("its certificate first, then its issuers, PEM") Path certificate) {}

  /** An asset profile and what its assets are called on our ledgers. */
  public record ProfileConfig(
      @Description("the profile, JSON by docs/json-schemas/asset-profile.schema.json")
          Optional<Path> file,
      @Description("instead of a file: id (URI) of a profile that the registry in resources has")
          Optional<String> id,
      @Description("class of the assets by dlt-system") @Bounds(min = "1")
          Map<String, String> classes) {}

  /** Servers of resources outside any ledger (ODAP 4.3, API type 3). */
  public record ResourcesConfig(
      @Description("where it listens") RpcTarget target,
      @Description("how long its answers are good for")
          @Default("5m")
          @Bounds(min = "1s", max = "24h")
          Duration ttl,
      @Description("time it has for one call") @Default("5s") @Bounds(min = "100ms", max = "60s")
          Duration deadline,
      @Description(
              "whether new transfers are agreed to only with gateways of VASPs that its directory"
                  + " says are active and whose entity certificate has issued the gateway's")
          @Default("false")
          boolean activeVaspsOnly,
      @Description(
              "whose gateways are peers though the configuration names none of them; nobody's"
                  + " without it")
          Optional<ListedPeersConfig> peers) {}

  /**
   * Whose gateways are dealt with because the directory lists them (ARCH 9.3). Organizations in
   * {@code tls.trusted} are not among them: of these the configuration speaks.
   */
  public record ListedPeersConfig(
      @Description("organizations, such as beta.example") List<String> organizations,
      @Description("all that the directory lists; new transfers only while they are active")
          @Default("false")
          boolean anyActive,
      @Description(
              "file that keeps what the directory told last, so that transfers under way go on"
                  + " after a start without it")
          Optional<Path> memory)
      implements Checked {
    @Override
    public List<String> mistakes() {
      return organizations.isEmpty() == anyActive
          ? List.of()
          : List.of("organizations: value: " + organizations + " (expected: some, or any-active)");
    }
  }

  /** Travel-rule data: whose must come with a transfer, and how they travel (ARCH 6). */
  public record TravelRuleConfig(
      @Description("id (LEI) of this gateway's VASP") @Bounds(min = "1", max = "35") String vasp,
      @Description(
              "private key that data for this gateway are encrypted to, PEM (PKCS#8), P-256;"
                  + " another than the certificate's")
          Path key,
      @Description(
              "asset profiles whose transfers need travel-rule data: id with the amount above which"
                  + " they do; unique assets of these profiles always do")
          Map<String, String> requiredAbove,
      @Description("identities that may read this gateway's stored data") List<String> readers)
      implements Checked {
    @Override
    public List<String> mistakes() {
      return requiredAbove.entrySet().stream()
          .filter(entry -> !entry.getValue().matches("0|[1-9][0-9]{0,77}"))
          .map(entry ->
              "required-above."
                  + entry.getKey()
                  + ": value: "
                  + entry.getValue()
                  + " (expected: an amount in quotes)")
          .toList();
    }
  }

  /** Legal status of an asset, as its issuer states it (ARCH 6). */
  public enum LegalStanding {
    /** The issuer states none. */
    UNSTATED(LegalStatus.LEGAL_STATUS_UNSPECIFIED),
    /** Issued under a regulator's supervision. */
    REGULATED(LegalStatus.LEGAL_STATUS_REGULATED),
    /** Exempt from supervision. */
    EXEMPT(LegalStatus.LEGAL_STATUS_EXEMPT),
    /** Neither. */
    UNREGULATED(LegalStatus.LEGAL_STATUS_UNREGULATED);

    private final LegalStatus stated;

    LegalStanding(LegalStatus stated) {
      this.stated = stated;
    }

    /** Whether a profile states it. */
    public boolean is(LegalStatus status) {
      return status == stated;
    }
  }

  /** An issuer of assets, and the key its profiles are signed with. */
  public record IssuerConfig(
      @Description("issuer as its profiles name it") @Bounds(min = "1", max = "256") String issuer,
      @Description("its P-256 key, base64url of the SPKI DER") String pubkey)
      implements Checked {
    @Override
    public List<String> mistakes() {
      return PublicKeys.parse(pubkey).isPresent()
          ? List.of()
          : List.of("pubkey: not a key (expected: base64url of the SPKI DER of a P-256 key)");
    }
  }

  /** Which assets are taken, by what their profiles say (ODAP 5.7, ARCH 6). */
  public record ProfileRulesConfig(
      @Description("ids of asset profiles taken; empty = all that are known")
          List<String> acceptedProfiles,
      @Description("issuers whose assets are taken; empty = all") List<String> acceptedIssuers,
      @Description("issuers whose assets are not taken") List<String> deniedIssuers,
      @Description("legal statuses taken; empty = all") List<LegalStanding> legalStatuses,
      @Description(
              "jurisdiction of this gateway's ledgers, ISO 3166-1 alpha-2; without it no asset"
                  + " with transfer restrictions is taken")
          Optional<String> jurisdiction,
      @Description("whether profiles are taken whose issuer's key is not among issuers")
          @Default("true")
          boolean unsigned,
      @Description("issuers whose keys are known: their profiles must be signed")
          List<IssuerConfig> issuers)
      implements Checked {
    @Override
    public List<String> mistakes() {
      List<String> mistakes = new ArrayList<>();
      jurisdiction
          .filter(code -> !code.matches("[A-Z]{2}"))
          .ifPresent(code ->
              mistakes.add("jurisdiction: value: " + code + " (expected: two capital letters)"));
      if (issuers.stream().map(IssuerConfig::issuer).distinct().count() < issuers.size()) {
        mistakes.add("issuers: an issuer twice (expected: each once)");
      }
      return mistakes;
    }
  }

  /** A named extension of an application or vendor. */
  public record ApplicationProfileConfig(
      @Bounds(min = "1", max = "64") String name,
      @Description("its X- parameters, each with the pattern its value fits")
          Map<String, String> parameters) {}

  /** A service that transfers' steps are posted to. */
  public record TrackerConfig(
      @Description("its origin, such as https://api.tracker.example") String origin,
      @Description("file with the secret, at least 16 bytes, that posts are signed with")
          Path secretFile,
      @Description("certificates of authorities its own comes from, PEM; else Java's")
          Optional<Path> authorities,
      @Description("time for one post and its answer")
          @Default("10s")
          @Bounds(min = "100ms", max = "5m")
          Duration timeout,
      @Description(
              "how long it may refuse an entry (status 4xx but 408, 425, 429) before no more of that"
                  + " transfer is posted; with 410 none is at once")
          @Default("24h")
          @Bounds(max = "8784h")
          Duration patience) {}

  /** Who must agree before this gateway does. */
  public enum Approval {
    /** The rules alone decide. */
    NONE,
    /** A client approves every incoming transfer. */
    ALWAYS
  }

  /** The side of a transfer. */
  public enum TransferSide {
    /** Orders of this gateway's clients. */
    SENDER,
    /** Proposals of other gateways. */
    RECIPIENT,
    /** Both. */
    BOTH
  }

  /** Transfers that persons are to approve, each with an identity of its own. */
  public record ApprovalRule(
      @Description("orders of this gateway's clients, proposals of other gateways, or both")
          @Default("both")
          TransferSide side,
      @Description("how many must approve; who ordered the transfer is none of them")
          @Default("1")
          @Bounds(min = "1", max = "9")
          int approvers,
      @Description("only of these asset profiles; empty = of any") List<String> assetProfiles,
      @Description("only with these gateways; empty = with any") List<String> counterparties,
      @Description("only of more than this amount; a unique asset counts as 1")
          Optional<String> amountAbove) {}

  /** How two gateways commit (ARCH 6, recovery-01 4.1). */
  public enum CommitFlow {
    /** Two-phase commit. */
    TWO_PHASE,
    /** Three-phase commit. */
    THREE_PHASE
  }

  /** What this gateway agrees to in phase 1 (ODAP 6.2). */
  public record PolicyConfig(
      @Description("whether a client must approve incoming transfers") @Default("none")
          Approval approval,
      @Description(
              "ids of asset profiles whose incoming transfers a client must approve in any case")
          List<String> approvalProfiles,
      @Description("transfers that persons must approve; of several rules that fit the strictest")
          List<ApprovalRule> approvals,
      @Description("how long an order waits for approval")
          @Default("24h")
          @Bounds(min = "1s", max = "8784h")
          Duration approvalWait,
      @Description("ids of asset profiles not taken, whatever else is known")
          List<String> deniedProfiles,
      @Description("evidence formats taken; empty = whatever the sender offers")
          List<String> evidenceFormats,
      @Description("commitment flows taken; empty = both") List<CommitFlow> commitFlows,
      @Description("longest lock taken part in") @Default("24h") @Bounds(min = "1s", max = "8784h")
          Duration lockMax,
      @Description("whether to propose again on the terms a denial offers") @Default("true")
          boolean acceptAlternatives,
      @Description("whether each ledger step takes the hash of this gateway's log to the ledger")
          @Default("false")
          boolean anchorLog,
      ProfileRulesConfig profiles) {
    /** How this gateway keeps its logs, as it tells the others (ODAP 6.1, recovery-01 4.4). */
    public LoggingProfile loggingProfile() {
      return anchorLog
          ? LoggingProfile.LOGGING_PROFILE_LEDGER_HASH
          : LoggingProfile.LOGGING_PROFILE_LOCAL_STORE;
    }
  }

  /** Times reckoned with (ODAP 7.3). */
  public record TimingConfig(
      @Description("how far clocks may be apart") @Default("2s") @Bounds(max = "5m")
          Duration clockSkew,
      @Description("one message and its answer between gateways")
          @Default("2s")
          @Bounds(min = "1ms", max = "5m")
          Duration roundTrip,
      @Description("finality of a counterparty's ledger") @Default("5s") @Bounds(max = "24h")
          Duration remoteFinality,
      @Description("shortest lock taken part in") @Default("15s") @Bounds(max = "24h")
          Duration lockMin,
      @Description("lock when the client names none")
          @Default("10m")
          @Bounds(min = "1s", max = "24h")
          Duration lockDefault,
      @Description("how long a silent peer or ledger is waited for before a transfer is given up")
          @Default("60s")
          @Bounds(min = "100ms", max = "24h")
          Duration patience) {}

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (server.mesh().isPresent()) {
      mistakes.add(
          "server.mesh: (expected: none: gateways know each other by the certificates of their own"
              + " TLS)");
    }
    Set<String> known = new HashSet<>();
    for (LedgerConfig ledger : ledgers) {
      if (!known.add(ledger.dltSystem())) {
        mistakes.add(
            "ledgers: value: " + ledger.dltSystem() + " twice (expected: each dlt-system once)");
      }
    }
    for (ProfileConfig profile : assetProfiles) {
      if (profile.file().isPresent() == profile.id().isPresent()) {
        mistakes.add("asset-profiles: " + profile + " (expected: either file or id)");
      }
      if (profile.id().isPresent() && resources.isEmpty()) {
        mistakes.add(
            "asset-profiles: value: "
                + profile.id().get()
                + " (expected: resources to ask for it)");
      }
      for (String dlt : profile.classes().keySet()) {
        if (!known.contains(dlt)) {
          mistakes.add("asset-profiles: value: " + dlt + " (expected: one of " + known + ")");
        }
      }
    }
    if (quorumKeys.stream().map(QuorumKeyConfig::dltSystem).distinct().count()
        < quorumKeys.size()) {
      mistakes.add("quorum-keys: a ledger twice (expected: each dlt-system once)");
    }
    if (participants.stream().map(GroupConfig::dltSystem).distinct().count()
        < participants.size()) {
      mistakes.add("participants: a ledger twice (expected: each dlt-system once)");
    }
    applicationProfiles.forEach(profile -> mistakes.addAll(mistakes(profile)));
    trackers.stream()
        .map(TrackerConfig::origin)
        .filter(origin -> !origin.matches("https://[^/?#@]+") || Trackers.origin(origin).isEmpty())
        .forEach(origin ->
            mistakes.add(
                "trackers.origin: value: " + origin + " (expected: https://host or with :port)"));
    policy.approvals().stream()
        .flatMap(rule -> rule.amountAbove().stream())
        .filter(amount -> !amount.matches("0|[1-9][0-9]{0,77}"))
        .forEach(amount ->
            mistakes.add(
                "policy.approvals.amount-above: value: " + amount + " (expected: a decimal)"));
    Set<String> trusted =
        tls.trusted().stream().map(TrustedOrganization::organization).collect(Collectors.toSet());
    resources.stream()
        .flatMap(rules -> rules.peers().stream())
        .flatMap(listed -> listed.organizations().stream())
        .filter(trusted::contains)
        .forEach(organization ->
            mistakes.add(
                "resources.peers.organizations: value: "
                    + organization
                    + " (expected: none of tls.trusted)"));
    if (travelRule.isPresent() && resources.isEmpty()) {
      mistakes.add("travel-rule: no place to keep the data (expected: resources)");
    }
    if (attestation.isEmpty()
        && peers.stream().anyMatch(peer -> peer.attestation() != Attesting.OFF)) {
      mistakes.add("peers.attestation: nobody to appraise its proof (expected: attestation)");
    }
    if (timing.lockMin().compareTo(policy.lockMax()) > 0) {
      mistakes.add("timing.lock-min: longer than policy.lock-max");
    }
    return mistakes;
  }

  private static List<String> mistakes(ApplicationProfileConfig profile) {
    List<String> mistakes = new ArrayList<>();
    profile
        .parameters()
        .forEach((name, pattern) -> {
          if (!name.startsWith("X-")) {
            mistakes.add(
                "application-profiles.parameters: value: " + name + " (expected: a name with X-)");
          }
          try {
            var _ = Pattern.compile(pattern);
          } catch (PatternSyntaxException e) {
            mistakes.add(
                "application-profiles.parameters: value: " + pattern + " (expected: a pattern)");
          }
        });
    return mistakes;
  }
}
