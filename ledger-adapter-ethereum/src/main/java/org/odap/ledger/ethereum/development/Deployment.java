package org.odap.ledger.ethereum.development;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.odap.ledger.ethereum.chain.Address;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was set up on a development chain, as {@code ethereum.json} tells it to whoever writes the
 * configurations.
 *
 * @param startBlock block in which the escrow was deployed
 * @param adapters accounts that may act for gateways: each adapter needs one for itself
 */
public record Deployment(
    URI nodeUrl,
    long chainId,
    long startBlock,
    Address escrow,
    Address title,
    Address cash,
    List<Adapter> adapters,
    Address originator,
    Path originatorKeyFile) {

  /** Name of the file in the output folder. */
  public static final String FILE = "ethereum.json";

  /** An account an adapter signs with. */
  public record Adapter(Address account, Path keyFile) {}

  public Deployment {
    adapters = List.copyOf(adapters);
  }

  String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("nodeUrl", nodeUrl.toString());
    json.put("chainId", chainId);
    json.put("startBlock", startBlock);
    json.put("escrow", escrow.text());
    json.put("title", title.text());
    json.put("cash", cash.text());
    ArrayNode accounts = json.putArray("adapters");
    for (Adapter adapter : adapters) {
      accounts
          .addObject()
          .put("account", adapter.account().text())
          .put("keyFile", adapter.keyFile().toString());
    }
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
    List<Adapter> adapters = new ArrayList<>();
    for (JsonNode adapter : json.path("adapters")) {
      adapters.add(
          new Adapter(
              new Address(adapter.path("account").asString()),
              Path.of(adapter.path("keyFile").asString())));
    }
    return new Deployment(
        URI.create(json.path("nodeUrl").asString()),
        json.path("chainId").asLong(),
        json.path("startBlock").asLong(),
        new Address(json.path("escrow").asString()),
        new Address(json.path("title").asString()),
        new Address(json.path("cash").asString()),
        adapters,
        new Address(json.path("originator").asString()),
        Path.of(json.path("originatorKeyFile").asString()));
  }
}
