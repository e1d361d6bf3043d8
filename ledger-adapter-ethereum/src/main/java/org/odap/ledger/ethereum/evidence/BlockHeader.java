package org.odap.ledger.ethereum.evidence;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.web3j.crypto.Hash;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;

/** A block's header as JSON-RPC prints it, and the hash it must have. */
final class BlockHeader {
  private enum Form {
    BYTES,
    NUMBER
  }

  private record Field(String name, Form form) {}

  private static final List<Field> ALWAYS =
      List.of(
          new Field("parentHash", Form.BYTES),
          new Field("sha3Uncles", Form.BYTES),
          new Field("miner", Form.BYTES),
          new Field("stateRoot", Form.BYTES),
          new Field("transactionsRoot", Form.BYTES),
          new Field("receiptsRoot", Form.BYTES),
          new Field("logsBloom", Form.BYTES),
          new Field("difficulty", Form.NUMBER),
          new Field("number", Form.NUMBER),
          new Field("gasLimit", Form.NUMBER),
          new Field("gasUsed", Form.NUMBER),
          new Field("timestamp", Form.NUMBER),
          new Field("extraData", Form.BYTES),
          new Field("mixHash", Form.BYTES),
          new Field("nonce", Form.BYTES));

  /** What upgrades added, in their order: London, Shanghai, Cancun, Prague. */
  private static final List<Field> SINCE =
      List.of(
          new Field("baseFeePerGas", Form.NUMBER),
          new Field("withdrawalsRoot", Form.BYTES),
          new Field("blobGasUsed", Form.NUMBER),
          new Field("excessBlobGas", Form.NUMBER),
          new Field("parentBeaconBlockRoot", Form.BYTES),
          new Field("requestsHash", Form.BYTES));

  private BlockHeader() {}

  /**
   * Keccak-256 of the header's RLP. Chains with their own rule (QBFT leaves the seals out) give
   * another value than their block's hash.
   */
  static String hashOf(JsonNode header) {
    List<RlpType> values = new ArrayList<>();
    for (Field field : ALWAYS) {
      values.add(value(header, field));
    }
    for (Field field : SINCE) {
      if (!header.hasNonNull(field.name())) {
        break;
      }
      values.add(value(header, field));
    }
    return Numeric.toHexString(Hash.sha3(RlpEncoder.encode(new RlpList(values))));
  }

  private static RlpString value(JsonNode header, Field field) {
    String text = header.path(field.name()).asString("0x");
    return switch (field.form()) {
      case BYTES -> RlpString.create(Numeric.hexStringToByteArray(text));
      case NUMBER ->
          RlpString.create(text.length() > 2 ? Numeric.decodeQuantity(text) : BigInteger.ZERO);
    };
  }
}
