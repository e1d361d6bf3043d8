package org.odap.ledger.fabric.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.Envelope;

/**
 * The proof of a step (ARCH 8, "evidence"): its block, with the orderers' signatures and the peers'
 * verdicts on its transactions, and which of these is the step. As JSON:
 *
 * <pre>{"form": "block" or "envelope", "index", "block"}</pre>
 *
 * where the block is a {@code common.Block}, compressed by gzip, in base64url. In the form {@code
 * envelope} it holds the step's transaction only: smaller, and shows nobody else's, but then
 * nothing shows that the transaction is in the block of that header.
 */
public record BlockEvidence(Form form, int index, Block block) {
  /** Name of the format in claims. */
  public static final String FORMAT = "urn:odap:evidence:fabric-block:v1";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Who sent a proof must not decide how much memory it takes here. */
  private static final int BLOCK_BYTES_MAX = 16 << 20;

  /** How much of the block is shown. */
  public enum Form {
    BLOCK,
    ENVELOPE
  }

  /**
   * The evidence of a transaction in a block; the smaller form where the wanted one exceeds the
   * limit, and none where that does too.
   *
   * @param charactersMax of the proof as text
   */
  public static Optional<BlockEvidence> of(Block block, int index, Form wanted, int charactersMax) {
    Block needed =
        Block.newBuilder()
            .setHeader(block.getHeader())
            .setData(block.getData())
            .setMetadata(needed(block.getMetadata()))
            .build();
    Block lone =
        needed.toBuilder()
            .setData(BlockData.newBuilder().addData(block.getData().getData(index)))
            .build();
    return Optional.of(new BlockEvidence(Form.BLOCK, index, needed))
        .filter(evidence -> wanted == Form.BLOCK && evidence.fits(charactersMax))
        .or(() -> Optional.of(new BlockEvidence(Form.ENVELOPE, index, lone)))
        .filter(evidence -> evidence.fits(charactersMax));
  }

  /** The evidence in a claim's proof; empty where it has another shape. */
  public static Optional<BlockEvidence> parse(String proof) {
    try {
      JsonNode root = JSON.readTree(proof);
      Form form = Form.valueOf(root.path("form").asText().toUpperCase(Locale.ROOT));
      int index = Integer.parseInt(root.path("index").asText());
      byte[] packed = Base64.getUrlDecoder().decode(root.path("block").asText());
      BlockEvidence evidence = new BlockEvidence(form, index, Block.parseFrom(unpacked(packed)));
      return evidence.isInBounds() ? Optional.of(evidence) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The claim's proof. */
  public String toJson() {
    return JSON.createObjectNode()
        .put("form", form.name().toLowerCase(Locale.ROOT))
        .put("index", Integer.toString(index))
        .put("block", Base64.getUrlEncoder().withoutPadding().encodeToString(packed(block)))
        .toString();
  }

  /** The step's transaction. */
  public Envelope envelope() throws IOException {
    return Envelope.parseFrom(block.getData().getData(form == Form.BLOCK ? index : 0));
  }

  private boolean isInBounds() {
    int shown = block.getData().getDataCount();
    return block.getMetadata().getMetadataCount() > BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE
        && index >= 0
        && (form == Form.BLOCK ? index < shown : shown == 1);
  }

  private boolean fits(int charactersMax) {
    return toJson().length() <= charactersMax;
  }

  /** The peers' other notes (commit hash, Raft) say nothing of the step. */
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
