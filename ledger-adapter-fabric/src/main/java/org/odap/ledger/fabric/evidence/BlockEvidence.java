package org.odap.ledger.fabric.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Block;
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
public final class BlockEvidence {
  /** Name of the format in claims. */
  public static final String FORMAT = "urn:odap:evidence:fabric-block:v1";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Form form;
  private final int index;
  private final PackedBlock packed;

  /** How much of the block is shown. */
  public enum Form {
    BLOCK,
    ENVELOPE
  }

  BlockEvidence(Form form, int index, PackedBlock packed) {
    this.form = form;
    this.index = index;
    this.packed = packed;
  }

  /** The evidence in a claim's proof; empty where it has another shape. */
  public static Optional<BlockEvidence> parse(String proof) {
    try {
      JsonNode root = JSON.readTree(proof);
      Form form = Form.valueOf(root.path("form").asText().toUpperCase(Locale.ROOT));
      int index = Integer.parseInt(root.path("index").asText());
      BlockEvidence evidence =
          new BlockEvidence(form, index, PackedBlock.parse(root.path("block").asText()));
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
        .put("block", packed.text())
        .toString();
  }

  /** How much of the block is shown. */
  public Form form() {
    return form;
  }

  /** The step's place in the whole block. */
  public int index() {
    return index;
  }

  /** The block, as far as it is shown. */
  public Block block() {
    return packed.block();
  }

  /** The step's transaction. */
  public Envelope envelope() throws IOException {
    return Envelope.parseFrom(block().getData().getData(form == Form.BLOCK ? index : 0));
  }

  private boolean isInBounds() {
    int shown = block().getData().getDataCount();
    return block().getMetadata().getMetadataCount() > BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE
        && index >= 0
        && (form == Form.BLOCK ? index < shown : shown == 1);
  }
}
