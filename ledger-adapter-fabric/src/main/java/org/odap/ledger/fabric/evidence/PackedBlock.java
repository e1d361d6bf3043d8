package org.odap.ledger.fabric.evidence;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;

/** A block as proofs show it: what they need of it, and its text, gzip in base64url. */
record PackedBlock(Block block, String text) {
  /** Who sent a proof must not decide how much memory it takes here. */
  private static final int BLOCK_BYTES_MAX = 16 << 20;

  /** All of a block but the peers' notes (commit hash, Raft) that say nothing of a step. */
  static PackedBlock whole(Block block) {
    return of(
        Block.newBuilder()
            .setHeader(block.getHeader())
            .setData(block.getData())
            .setMetadata(needed(block.getMetadata()))
            .build());
  }

  /** A block of which one transaction is shown. */
  static PackedBlock lone(Block block, int index) {
    return whole(
        block.toBuilder()
            .setData(BlockData.newBuilder().addData(block.getData().getData(index)))
            .build());
  }

  static PackedBlock parse(String text) throws IOException {
    byte[] packed = Base64.getUrlDecoder().decode(text);
    return new PackedBlock(Block.parseFrom(unpacked(packed)), text);
  }

  static PackedBlock of(Block block) {
    return new PackedBlock(
        block, Base64.getUrlEncoder().withoutPadding().encodeToString(packed(block)));
  }

  private static BlockMetadata needed(BlockMetadata metadata) {
    BlockMetadata.Builder needed = BlockMetadata.newBuilder();
    for (int i = 0; i <= BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE; i++) {
      boolean isNeeded =
          i == BlockMetadataIndex.SIGNATURES_VALUE
              || i == BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE;
      needed.addMetadata(
          isNeeded && i < metadata.getMetadataCount() ? metadata.getMetadata(i) : ByteString.EMPTY);
    }
    return needed.build();
  }

  private static byte[] packed(Block block) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(bytes)) {
      block.writeTo(packing);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can be written to", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] unpacked(byte[] packed) throws IOException {
    try (GZIPInputStream unpacking = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] bytes = unpacking.readNBytes(BLOCK_BYTES_MAX + 1);
      if (bytes.length > BLOCK_BYTES_MAX) {
        throw new IOException("the block is larger than " + BLOCK_BYTES_MAX + " bytes");
      }
      return bytes;
    }
  }
}
