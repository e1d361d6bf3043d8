package org.odap.ledger.fabric.evidence;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Block;

/**
 * Makes proofs of steps. Steps of one block have the block's text in common, so the last ones made
 * are kept.
 */
public final class EvidenceMaker {
  private static final int KEPT_MAX = 8;

  /** Blocks hold the same certificates over and over: no other text gets this much smaller. */
  private static final int BYTES_A_CHARACTER_MAX = 32;

  private final BlockEvidence.Form wanted;
  private final int charactersMax;
  private final Map<Block, PackedBlock> kept =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Block, PackedBlock> eldest) {
              return size() > KEPT_MAX;
            }
          });

  /**
   * @param wanted how much of a block is to be shown
   * @param charactersMax what a proof may have at most
   */
  public EvidenceMaker(BlockEvidence.Form wanted, int charactersMax) {
    this.wanted = wanted;
    this.charactersMax = charactersMax;
  }

  /**
   * The evidence of a transaction in a block; the smaller form where the wanted one exceeds the
   * limit, and none where that does too.
   */
  public Optional<BlockEvidence> of(Block block, int index) {
    return whole(block, index)
        .filter(this::fits)
        .or(() ->
            Optional.of(
                new BlockEvidence(
                    BlockEvidence.Form.ENVELOPE, index, PackedBlock.lone(block, index))))
        .filter(this::fits);
  }

  private Optional<BlockEvidence> whole(Block block, int index) {
    boolean isHopeless = block.getSerializedSize() > (long) charactersMax * BYTES_A_CHARACTER_MAX;
    return wanted == BlockEvidence.Form.ENVELOPE || isHopeless
        ? Optional.empty()
        : Optional.of(
            new BlockEvidence(
                BlockEvidence.Form.BLOCK, index, kept.computeIfAbsent(block, PackedBlock::whole)));
  }

  private boolean fits(BlockEvidence evidence) {
    return evidence.toJson().length() <= charactersMax;
  }
}
