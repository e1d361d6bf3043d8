package org.odap.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.rpc.RpcTarget;

/** Configuration of a gateway service. */
public record GatewayConfig(
    TlsFiles tls,
    RpcServerConfig server,
    OperationsConfig operations,
    @Description("the log service this gateway writes to") RpcTarget log,
    LeaseConfig lease,
    @Description("ledgers behind this gateway") @Bounds(min = "1") List<LedgerConfig> ledgers,
    @Description("the other gateways it deals with") List<PeerConfig> peers,
    @Description("asset profiles it knows") List<ProfileConfig> assetProfiles,
    PolicyConfig policy,
    TimingConfig timing,
    @Description(
            "certificates of the other gateways with this one's identity (its primary, its backups),"
                + " PEM, each with its issuers: evidence of what they did needs them")
        List<Path> replicas,
    @Description("for crash tests only: folder whose files name where transfers are held")
        Optional<Path> failPoints)
    implements ServiceConfig, Checked {

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

  /** A ledger behind this gateway. */
  public record LedgerConfig(
      @Description("identifier of the ledger, as used between gateways")
          @Bounds(min = "1", max = "128")
          String dltSystem,
      @Description("its adapter") RpcTarget adapter,
      @Description("time an adapter has for one call")
          @Default("30s")
          @Bounds(min = "100ms", max = "10m")
          Duration deadline) {}

  /** Another gateway. */
  public record PeerConfig(
      @Description("where it listens") RpcTarget target,
      @Description("its certificate first, then its issuers, PEM") Path certificate,
      @Description("its backups, which have its identity and keys of their own")
          List<BackupConfig> backups) {}

  /** A backup of another gateway. */
  public record BackupConfig(
      @Description("where it listens, host:port") String address,
      @Description("its certificate first, then its issuers, PEM") Path certificate) {}

  /** An asset profile and what its assets are called on our ledgers. */
  public record ProfileConfig(
      @Description("the profile, JSON") Path file,
      @Description("class of the assets by dlt-system") @Bounds(min = "1")
          Map<String, String> classes) {}

  /** Who must agree before this gateway does. */
  public enum Approval {
    /** The rules alone decide. */
    NONE,
    /** A client approves every incoming transfer. */
    ALWAYS
  }

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
          boolean anchorLog) {
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
    Set<String> known = new HashSet<>();
    for (LedgerConfig ledger : ledgers) {
      if (!known.add(ledger.dltSystem())) {
        mistakes.add(
            "ledgers: value: " + ledger.dltSystem() + " twice (expected: each dlt-system once)");
      }
    }
    for (ProfileConfig profile : assetProfiles) {
      for (String dlt : profile.classes().keySet()) {
        if (!known.contains(dlt)) {
          mistakes.add("asset-profiles: value: " + dlt + " (expected: one of " + known + ")");
        }
      }
    }
    if (timing.lockMin().compareTo(policy.lockMax()) > 0) {
      mistakes.add("timing.lock-min: longer than policy.lock-max");
    }
    return mistakes;
  }
}
