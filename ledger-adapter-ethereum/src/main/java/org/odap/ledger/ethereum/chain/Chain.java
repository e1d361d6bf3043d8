package org.odap.ledger.ethereum.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.http.HttpService;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One Ethereum node, asked over JSON-RPC. Every answer is the node's view at that moment: nothing
 * here is remembered. Throws {@link ChainUnavailableException} where the node gave no answer and
 * {@link ChainRefusedException} where the answer is an error.
 */
public final class Chain implements AutoCloseable {
  private static final List<String> NOT_IN_HEADER =
      List.of("transactions", "withdrawals", "uncles", "size", "totalDifficulty");

  private final OkHttpClient http;
  private final HttpService service;

  /**
   * @param headers sent along with every request: how a node behind a guard knows its caller
   */
  public Chain(URI url, Duration timeout, Map<String, String> headers) {
    this.http = new OkHttpClient.Builder().callTimeout(timeout).connectTimeout(timeout).build();
    this.service = new HttpService(url.toString(), http);
    service.addHeaders(headers);
  }

  /** The answer of any JSON-RPC method, read as a tree. */
  public static final class TreeResponse extends Response<JsonNode> {}

  public long chainId() {
    return quantity(ask("eth_chainId")).longValueExact();
  }

  public long blockNumber() {
    return quantity(ask("eth_blockNumber")).longValueExact();
  }

  /** A block by tag: latest, pending, safe, finalized; or by number as 0x-hex. */
  public Optional<Block> block(String numberOrTag) {
    return optional(ask("eth_getBlockByNumber", numberOrTag, false)).map(Chain::toBlock);
  }

  public Optional<Block> block(long number) {
    return block(hex(number));
  }

  public Optional<Receipt> receipt(String transactionHash) {
    return optional(ask("eth_getTransactionReceipt", transactionHash))
        .filter(receipt -> receipt.hasNonNull("blockHash"))
        .map(Chain::toReceipt);
  }

  /** Whether the node knows a transaction, in a block or waiting for one. */
  public boolean knowsTransaction(String transactionHash) {
    return transaction(transactionHash).isPresent();
  }

  /** A transaction as the node prints it, in a block or waiting for one. */
  public Optional<JsonNode> transaction(String transactionHash) {
    return optional(ask("eth_getTransactionByHash", transactionHash));
  }

  /** How many transactions an account has sent, by the state of the given tag. */
  public BigInteger transactionCount(String account, String tag) {
    return quantity(ask("eth_getTransactionCount", account, tag));
  }

  /** Runs a contract's function without a transaction; a revert is a refusal with its data. */
  public String call(CallMessage message, String numberOrTag) {
    return ask("eth_call", parameters(message), numberOrTag).asString();
  }

  public BigInteger estimateGas(CallMessage message) {
    return quantity(ask("eth_estimateGas", parameters(message)));
  }

  /** The tip per gas that the node suggests; empty where it has no opinion. */
  public Optional<BigInteger> suggestedPriorityFee() {
    try {
      return Optional.of(quantity(ask("eth_maxPriorityFeePerGas")));
    } catch (ChainRefusedException e) {
      return Optional.empty();
    }
  }

  /** Hands a signed transaction to the node, which answers with its hash. */
  public String sendRawTransaction(String signedTransaction) {
    return ask("eth_sendRawTransaction", signedTransaction).asString();
  }

  public String code(String address) {
    return ask("eth_getCode", address, "latest").asString();
  }

  /**
   * Logs of contracts in a range of blocks, both ends included.
   *
   * @param topics one entry per topic position: the values accepted there, none for any
   */
  public List<Log> logs(
      List<String> addresses, List<List<String>> topics, long fromBlock, long toBlock) {
    Map<String, Object> filter = new LinkedHashMap<>();
    if (!addresses.isEmpty()) {
      filter.put("address", addresses);
    }
    List<Object> wanted = new ArrayList<>();
    for (List<String> values : topics) {
      wanted.add(values.isEmpty() ? null : values);
    }
    filter.put("topics", wanted);
    filter.put("fromBlock", hex(fromBlock));
    filter.put("toBlock", hex(toBlock));
    List<Log> logs = new ArrayList<>();
    for (JsonNode log : ask("eth_getLogs", filter)) {
      logs.add(toLog(log));
    }
    return logs;
  }

  /** Any method by name: for what only some nodes offer. */
  public JsonNode ask(String method, Object... parameters) {
    TreeResponse response;
    try {
      response = new Request<>(method, List.of(parameters), service, TreeResponse.class).send();
    } catch (IOException e) {
      throw new ChainUnavailableException("The Ethereum node did not answer " + method, e);
    } catch (RuntimeException e) {
      // The JSON reader throws these where an answer is not JSON-RPC, such as a proxy's page.
      throw new ChainUnavailableException(
          "The Ethereum node's answer is not JSON-RPC: " + method, e);
    }
    if (response.hasError()) {
      Response.Error error = response.getError();
      throw new ChainRefusedException(
          method,
          error.getCode(),
          Optional.ofNullable(error.getMessage()).orElse("no message"),
          revertData(error));
    }
    JsonNode result = response.getResult();
    return Optional.ofNullable(result).orElse(NullNode.getInstance());
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }

  /** A number as JSON-RPC writes it. */
  public static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  private static Map<String, Object> parameters(CallMessage message) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("from", message.from());
    parameters.put("to", message.to());
    parameters.put("data", message.data());
    return parameters;
  }

  private static String revertData(Response.Error error) {
    String data = Optional.ofNullable(error.getData()).orElse("");
    // Nodes print the data bare, quoted, or within a sentence; the hex is what counts.
    int start = data.indexOf("0x");
    if (start < 0) {
      return "";
    }
    int end = start + 2;
    while (end < data.length() && Character.digit(data.charAt(end), 16) >= 0) {
      end++;
    }
    return data.substring(start, end);
  }

  private static Optional<JsonNode> optional(JsonNode node) {
    return node.isNull() || node.isMissingNode() ? Optional.empty() : Optional.of(node);
  }

  private static BigInteger quantity(JsonNode node) {
    if (!node.isString()) {
      throw new ChainUnavailableException("The Ethereum node's answer is not a quantity: " + node);
    }
    return Numeric.decodeQuantity(node.asString());
  }

  private static Block toBlock(JsonNode node) {
    ObjectNode header = ((ObjectNode) node).deepCopy();
    header.remove(NOT_IN_HEADER);
    return new Block(
        quantity(node.path("number")).longValueExact(),
        node.path("hash").asString(""),
        node.path("parentHash").asString(""),
        quantity(node.path("timestamp")).longValueExact(),
        optional(node.path("baseFeePerGas")).map(Chain::quantity),
        header);
  }

  private static Receipt toReceipt(JsonNode node) {
    List<Log> logs = new ArrayList<>();
    for (JsonNode log : node.path("logs")) {
      logs.add(toLog(log));
    }
    return new Receipt(
        node.path("transactionHash").asString(),
        quantity(node.path("transactionIndex")).longValueExact(),
        quantity(node.path("blockNumber")).longValueExact(),
        node.path("blockHash").asString(),
        quantity(node.path("status")).signum() > 0,
        quantity(node.path("gasUsed")),
        logs,
        node);
  }

  private static Log toLog(JsonNode node) {
    List<String> topics = new ArrayList<>();
    for (JsonNode topic : node.path("topics")) {
      topics.add(topic.asString());
    }
    return new Log(
        node.path("address").asString(),
        topics,
        node.path("data").asString(),
        quantity(node.path("blockNumber")).longValueExact(),
        node.path("blockHash").asString(),
        node.path("transactionHash").asString(),
        quantity(node.path("logIndex")).longValueExact());
  }
}
