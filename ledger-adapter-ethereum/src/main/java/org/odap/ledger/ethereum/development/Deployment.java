package org.odap.ledger.ethereum.development;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.odap.ledger.ethereum.chain.Address;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was set up on a development chain, as {@code ethereum.json} tells it to whoever writes the
 * configurations.
 *
 * @param startBlock block in which the escrow was deployed
 * @param adapter account that may act for gateways, for one adapter
 */
public record Deployment(
    URI nodeUrl,
    long chainId,
    long startBlock,
    Address escrow,
    Address title,
    Address cash,
    Adapter adapter,
    Address originator,
    Path originatorKeyFile) {

  /** Name of the file in the output folder. */
  public static final String FILE = "ethereum.json";

  /** An account an adapter signs with. */
  public record Adapter(Address account, Path keyFile) {}

  String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("nodeUrl", nodeUrl.toString());
    json.put("chainId", chainId);
    json.put("startBlock", startBlock);
    json.put("escrow", escrow.text());
    json.put("title", title.text());
    json.put("cash", cash.text());
    json.putObject("adapter")
        .put("account", adapter.account().text())
        .put("keyFile", adapter.keyFile().toString());
    json.put("originator", originator.text());
    json.put("originatorKeyFile", originatorKeyFile.toString());
    return json.toPrettyString();
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(FILE), toJson() + "\n");
  }

  /** Reads what an earlier run wrote into a folder. */
  public static Deployment read(Path folder) throws IOException {
    JsonNode json = JsonMapper.shared().readTree(Files.readString(folder.resolve(FILE)));
    return new Deployment(
        URI.create(json.path("nodeUrl").asString()),
        json.path("chainId").asLong(),
        json.path("startBlock").asLong(),
        new Address(json.path("escrow").asString()),
        new Address(json.path("title").asString()),
        new Address(json.path("cash").asString()),
        new Adapter(
            new Address(json.path("adapter").path("account").asString()),
            Path.of(json.path("adapter").path("keyFile").asString())),
        new Address(json.path("originator").asString()),
        Path.of(json.path("originatorKeyFile").asString()));
  }
}
