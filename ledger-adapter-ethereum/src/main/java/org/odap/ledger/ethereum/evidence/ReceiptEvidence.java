package org.odap.ledger.ethereum.evidence;

import java.util.Optional;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Block;
import org.odap.ledger.ethereum.chain.Log;
import org.odap.ledger.ethereum.chain.Receipt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The proof of a step (ARCH 8, "evidence"): the header of its block, the transaction's receipt, and
 * which of the receipt's logs is the step's event. As JSON:
 *
 * <pre>{"chainId", "escrow", "header": {...}, "receipt": {...}, "logIndex"}</pre>
 *
 * with header and receipt as the node printed them.
 */
public record ReceiptEvidence(
    String chainId, String escrow, JsonNode header, JsonNode receipt, String logIndex) {
  /** Name of the format in claims. */
  public static final String FORMAT = "urn:odap:evidence:ethereum-receipt:v1";

  private static final JsonMapper JSON = JsonMapper.shared();

  /** The evidence of a log in a block. */
  public static ReceiptEvidence of(
      long chainId, Address escrow, Block block, Receipt receipt, Log log) {
    return new ReceiptEvidence(
        Long.toString(chainId),
        escrow.text(),
        block.header(),
        receipt.printed(),
        Long.toString(log.logIndex()));
  }

  /** The evidence in a claim's proof; empty where it has another shape. */
  public static Optional<ReceiptEvidence> parse(String proof) {
    try {
      JsonNode root = JSON.readTree(proof);
      boolean complete =
          root.path("chainId").isString()
              && root.path("escrow").isString()
              && root.path("header").isObject()
              && root.path("receipt").isObject()
              && root.path("logIndex").isString();
      return complete
          ? Optional.of(
              new ReceiptEvidence(
                  root.path("chainId").asString(),
                  root.path("escrow").asString(),
                  root.path("header"),
                  root.path("receipt"),
                  root.path("logIndex").asString()))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** The claim's proof. */
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("chainId", chainId);
    root.put("escrow", escrow);
    root.set("header", header);
    root.set("receipt", receipt);
    root.put("logIndex", logIndex);
    return root.toString();
  }

  /** Whether the header has the hash that the receipt names its block by. */
  public boolean isHeaderSelfConsistent() {
    return BlockHeader.hashOf(header).equals(receipt.path("blockHash").asString(""));
  }
}
