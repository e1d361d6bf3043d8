package org.odap.ledger.fabric.development.ordering;

import com.google.protobuf.ByteString;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.LastConfig;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.MetadataSignature;
import org.hyperledger.fabric.protos.common.OrdererBlockMetadata;
import org.odap.ledger.fabric.development.ledger.Hashes;
import org.odap.ledger.fabric.development.membership.SigningIdentity;

/** Makes blocks as an orderer does: hashed, chained, signed; flags are left to the peer. */
public final class BlockMaker {
  private final SigningIdentity orderer;

  public BlockMaker(SigningIdentity orderer) {
    this.orderer = orderer;
  }

  /** The block of these envelopes on top of another. */
  public Block next(Block last, List<ByteString> envelopes) {
    return block(
        BlockHeader.newBuilder()
            .setNumber(last.getHeader().getNumber() + 1)
            .setPreviousHash(Hashes.hash(last.getHeader())),
        envelopes);
  }

  /** The first block of a chain: its configuration, valid from the start. */
  public static Block genesis(ByteString configuration) {
    BlockData data = BlockData.newBuilder().addData(configuration).build();
    return Block.newBuilder()
        .setHeader(BlockHeader.newBuilder().setDataHash(Hashes.sha256(data.getDataList())))
        .setData(data)
        .setMetadata(
            emptyMetadata()
                .setMetadata(
                    BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE, ByteString.copyFrom(new byte[1])))
        .build();
  }

  private Block block(BlockHeader.Builder begun, List<ByteString> envelopes) {
    BlockHeader header = begun.setDataHash(Hashes.sha256(envelopes)).build();
    // The configuration is in block 0 and never changes.
    ByteString value =
        OrdererBlockMetadata.newBuilder()
            .setLastConfig(LastConfig.newBuilder().setIndex(0))
            .setConsenterMetadata(Metadata.getDefaultInstance().toByteString())
            .build()
            .toByteString();
    ByteString signatureHeader = orderer.signatureHeader().toByteString();
    Metadata signed =
        Metadata.newBuilder()
            .setValue(value)
            .addSignatures(
                MetadataSignature.newBuilder()
                    .setSignatureHeader(signatureHeader)
                    .setSignature(
                        orderer.sign(value.concat(signatureHeader).concat(Hashes.der(header)))))
            .build();
    Metadata lastConfig =
        Metadata.newBuilder()
            .setValue(LastConfig.newBuilder().setIndex(0).build().toByteString())
            .build();
    return Block.newBuilder()
        .setHeader(header)
        .setData(BlockData.newBuilder().addAllData(envelopes))
        .setMetadata(
            emptyMetadata()
                .setMetadata(BlockMetadataIndex.SIGNATURES_VALUE, signed.toByteString())
                .setMetadata(LAST_CONFIG, lastConfig.toByteString()))
        .build();
  }

  // Deprecated in the schema, yet written by every orderer.
  private static final int LAST_CONFIG = 1;
  private static final int METADATA_KINDS = 5;

  private static BlockMetadata.Builder emptyMetadata() {
    BlockMetadata.Builder metadata = BlockMetadata.newBuilder();
    for (int kind = 0; kind < METADATA_KINDS; kind++) {
      metadata.addMetadata(ByteString.EMPTY);
    }
    return metadata;
  }
}
