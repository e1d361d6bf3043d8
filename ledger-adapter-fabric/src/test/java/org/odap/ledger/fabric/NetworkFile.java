package org.odap.ledger.fabric;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.odap.ledger.fabric.development.membership.CertificateAuthority;
import org.odap.ledger.fabric.evidence.KnownChannel;
import org.odap.ledger.fabric.network.IdentityFiles;
import org.odap.ledger.fabric.network.PeerConfig;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** The network that tests run against: the development peer, or a real one from a file. */
record NetworkFile(
    PeerConfig peer,
    @Description("channel on which the chaincode is committed") @Default("odap-channel")
        String channel,
    @Description("name of the chaincode") @Default("odap") String chaincode,
    @Description("MSP id of the organization whose peer this is") String mspId,
    @Description("folder with ca.pem and key.pem of that organization's authority: tests enroll")
        Path authority,
    @Description("organizations whose peers endorse") @Bounds(min = "1")
        List<FabricLedgerConfig.OrganizationConfig> endorsers,
    @Description("of how many of them an endorsement is demanded") @Default("1")
        int endorsementsMin,
    @Description("organizations whose nodes order") @Bounds(min = "1")
        List<FabricLedgerConfig.OrganizationConfig> orderers) {

  /** Names the file of a real network. */
  static final String VARIABLE = "ODAP_FABRIC_NETWORK";

  /** The network that the environment names. */
  static NetworkFile ofEnvironment() {
    try {
      return ConfigFile.read(Path.of(System.getenv(VARIABLE)), NetworkFile.class);
    } catch (ConfigException e) {
      throw new IllegalStateException(VARIABLE + ": " + e.getMessage(), e);
    }
  }

  /** Enrolls somebody into a folder, as the organization's own authority would. */
  IdentityFiles enroll(Path folder, String name, String unit, String... roles) {
    StringBuilder attributes =
        new StringBuilder("{\"attrs\":{\"hf.EnrollmentID\":\"" + name + "\"");
    for (String role : roles) {
      attributes.append(",\"").append(role).append("\":\"true\"");
    }
    Path msp = folder.resolve(UUID.randomUUID().toString());
    try {
      CertificateAuthority.open(authority)
          .issueIdentity(msp, mspId, unit, name, Optional.of(attributes.append("}}").toString()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new IdentityFiles(mspId, msp.resolve("signcerts"), msp.resolve("keystore"));
  }

  /** What an adapter is told of the channel to check its evidence. */
  FabricLedgerConfig.ChannelConfig trusted(String dltSystem) {
    return new FabricLedgerConfig.ChannelConfig(
        dltSystem, channel, chaincode, endorsers, endorsementsMin, orderers, 1, true);
  }

  /** By the adapter's name of the ledger. */
  Map<String, KnownChannel> known(String dltSystem) {
    return Map.of(dltSystem, trusted(dltSystem).known());
  }
}
