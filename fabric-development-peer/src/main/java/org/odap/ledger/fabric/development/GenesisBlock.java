package org.odap.ledger.fabric.development;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.odap.ledger.fabric.development.ordering.BlockMaker;

/** A channel's first block: who its organizations are, where a reader of the chain looks for it. */
final class GenesisBlock {
  private GenesisBlock() {}

  static Block of(DevelopmentNetwork network, String channel) throws IOException {
    ConfigGroup root =
        ConfigGroup.newBuilder()
            .putGroups("Application", organizations(network, network.organizations()))
            .putGroups("Orderer", organizations(network, List.of(DevelopmentNetwork.ORDERER_MSP)))
            .build();
    ConfigEnvelope config =
        ConfigEnvelope.newBuilder().setConfig(Config.newBuilder().setChannelGroup(root)).build();
    ChannelHeader header =
        ChannelHeader.newBuilder()
            .setType(HeaderType.CONFIG_VALUE)
            .setVersion(1)
            .setChannelId(channel)
            .build();
    Payload payload =
        Payload.newBuilder()
            .setHeader(Header.newBuilder().setChannelHeader(header.toByteString()))
            .setData(config.toByteString())
            .build();
    return BlockMaker.genesis(
        Envelope.newBuilder().setPayload(payload.toByteString()).build().toByteString());
  }

  private static ConfigGroup organizations(DevelopmentNetwork network, List<String> mspIds)
      throws IOException {
    ConfigGroup.Builder all = ConfigGroup.newBuilder();
    for (String mspId : mspIds) {
      ByteString authority = ByteString.copyFrom(Files.readAllBytes(network.authority(mspId)));
      FabricMSPConfig msp =
          FabricMSPConfig.newBuilder().setName(mspId).addRootCerts(authority).build();
      ConfigValue value =
          ConfigValue.newBuilder()
              .setValue(MSPConfig.newBuilder().setConfig(msp.toByteString()).build().toByteString())
              .setModPolicy("Admins")
              .build();
      all.putGroups(mspId, ConfigGroup.newBuilder().putValues("MSP", value).build());
    }
    return all.build();
  }
}
