package org.odap.ledger.fabric;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.ledger.fabric.evidence.BlockEvidence;
import org.odap.ledger.fabric.evidence.KnownChannel;
import org.odap.ledger.fabric.evidence.TrustRoots;
import org.odap.ledger.fabric.network.IdentityFiles;
import org.odap.ledger.fabric.network.PeerConfig;
import org.odap.ledger.fabric.operation.OtherChaincodes;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;

/** What an operator sets for the Fabric adapter. */
public record FabricLedgerConfig(
    TlsFiles tls,
    RpcServerConfig server,
    OperationsConfig operations,
    @Description("name of the ledger between gateways (DLT system)") @Bounds(min = "1", max = "128")
        String dltSystem,
    PeerConfig peer,
    IdentityFiles identity,
    @Description("channel that is the ledger") @Bounds(min = "1", max = "249") String channel,
    @Description("chaincode on it that holds assets and transfer records")
        @Default("odap")
        @Bounds(min = "1", max = "128")
        String chaincode,
    @Description(
            "MSP ids of the organizations that have to endorse; empty = as the peer finds by the"
                + " chaincode's policy")
        List<String> endorsingOrganizations,
    @Description("other chaincodes that READ, WRITE and INVOKE may use")
        List<ChaincodeConfig> chaincodes,
    EvidenceConfig evidence,
    @Description("usual time from submission to the block, told to gateways")
        @Default("2s")
        @Bounds(min = "1ms", max = "1d")
        Duration usualTime,
    @Description(
            "time after which a step is answered as submitted, if the caller sets no nearer one")
        @Default("30s")
        @Bounds(min = "100ms", max = "1h")
        Duration stepWait)
    implements ServiceConfig, Checked {

  /** A chaincode beside that with the transfer records. */
  public record ChaincodeConfig(
      @Description("its name on the channel") @Bounds(min = "1", max = "128") String name,
      @Description("functions that INVOKE may run, with a contract's name before a colon if needed")
          List<String> functions,
      @Description("function that WRITE runs with key and value; none = no WRITE")
          Optional<String> writeFunction,
      @Description("function that READ runs with the key; none = no READ")
          Optional<String> readFunction) {

    OtherChaincodes.Allowed allowed() {
      return new OtherChaincodes.Allowed(name, functions, writeFunction, readFunction);
    }
  }

  /** What steps are proven with, and whose proofs can be checked. */
  public record EvidenceConfig(
      @Description(
              "block: the step's whole block, others' transactions included; envelope: the step's"
                  + " transaction only, which then is not shown to be in the block")
          @Default("block")
          BlockEvidence.Form form,
      @Description("largest proof, characters; a larger block is shown as an envelope")
          @Default("131072")
          @Bounds(min = "16384", max = "262144")
          int charactersMax,
      @Description("channels whose proofs can be checked by their organizations' keys")
          List<ChannelConfig> channels) {}

  /** A channel, ours or a counterparty's. */
  public record ChannelConfig(
      @Description("name of the ledger between gateways (DLT system)")
          @Bounds(min = "1", max = "128")
          String dltSystem,
      @Description("its channel") @Bounds(min = "1", max = "249") String channel,
      @Description("its chaincode") @Default("odap") @Bounds(min = "1", max = "128")
          String chaincode,
      @Description("organizations whose peers endorse") @Bounds(min = "1")
          List<OrganizationConfig> endorsers,
      @Description("of how many of them an endorsement is demanded")
          @Default("1")
          @Bounds(min = "1")
          int endorsementsMin,
      @Description("organizations whose nodes order") @Bounds(min = "1")
          List<OrganizationConfig> orderers,
      @Description("how many organizations' orderers have to have signed the block")
          @Default("1")
          @Bounds(min = "1")
          int orderersMin,
      @Description(
              "whether certificates name what they are for (NodeOUs); without it any member of an"
                  + " organization passes for its peer")
          @Default("true")
          boolean nodeUnits)
      implements Checked {

    @Override
    public List<String> mistakes() {
      List<String> mistakes = new ArrayList<>();
      atMost(mistakes, "endorsements-min", endorsementsMin, endorsers);
      atMost(mistakes, "orderers-min", orderersMin, orderers);
      return mistakes;
    }

    private static void atMost(
        List<String> mistakes, String key, int wanted, List<OrganizationConfig> organizations) {
      long known = organizations.stream().map(OrganizationConfig::mspId).distinct().count();
      if (wanted > known) {
        mistakes.add(key + ": value: " + wanted + " (expected: at most " + known + ")");
      }
    }

    KnownChannel known() {
      return new KnownChannel(
          dltSystem,
          channel,
          chaincode,
          roots(endorsers, TrustRoots.Unit.PEER),
          endorsementsMin,
          roots(orderers, TrustRoots.Unit.ORDERER),
          orderersMin);
    }

    private TrustRoots roots(List<OrganizationConfig> organizations, TrustRoots.Unit unit) {
      Map<String, List<X509Certificate>> authorities = new LinkedHashMap<>();
      organizations.forEach(organization ->
          authorities.put(organization.mspId(), Pem.certificates(organization.authorities())));
      return new TrustRoots(authorities, nodeUnits ? Optional.of(unit) : Optional.empty());
    }
  }

  /** An organization of a channel. */
  public record OrganizationConfig(
      @Description("its membership service provider (MSP)") @Bounds(min = "1", max = "128")
          String mspId,
      @Description("certificates of its authorities, PEM: the root and any between")
          Path authorities) {}

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    List<String> names = chaincodes.stream().map(ChaincodeConfig::name).toList();
    for (String name : names) {
      if (name.equals(chaincode)) {
        // Its steps are the gateways'; INVOKE would go around all that is checked of them.
        mistakes.add("chaincodes: value: " + name + " (expected: others than the asset chaincode)");
      }
    }
    if (names.stream().distinct().count() < names.size()) {
      mistakes.add("chaincodes: a name twice (expected: each once)");
    }
    List<String> known = evidence.channels().stream().map(ChannelConfig::dltSystem).toList();
    if (known.stream().distinct().count() < known.size()) {
      mistakes.add("evidence.channels: a dlt-system twice (expected: each once)");
    }
    return mistakes;
  }

  /** Reads the trusted keys of all channels, by their ledger's name. */
  Map<String, KnownChannel> knownChannels() {
    Map<String, KnownChannel> known = new LinkedHashMap<>();
    evidence.channels().forEach(channel -> known.put(channel.dltSystem(), channel.known()));
    return known;
  }
}
