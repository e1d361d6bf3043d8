package org.odap.cli.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.odap.cli.CliException;

/**
 * What was set up on a development chain: contracts and accounts.
 *
 * @param escrow address of the escrow contract
 * @param startBlock block it was deployed in
 * @param names the tokens' addresses
 * @param originator account that approved the escrow
 * @param adapterKeyFiles keys of the accounts that act for the gateway, one an adapter
 */
record ChainAccounts(
    long chainId,
    String escrow,
    long startBlock,
    AssetNames names,
    String originator,
    List<String> adapterKeyFiles) {
  /** An account that the node was started with, and that nothing is done with. */
  static final String STRANGER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

  ChainAccounts {
    adapterKeyFiles = List.copyOf(adapterKeyFiles);
  }

  /** The same, with the keys of more adapters' accounts. */
  ChainAccounts with(List<String> more) {
    List<String> keyFiles = new ArrayList<>(adapterKeyFiles);
    keyFiles.addAll(more);
    return new ChainAccounts(chainId, escrow, startBlock, names, originator, keyFiles);
  }

  /** Reads what the development chain's set-up wrote. */
  static ChainAccounts read(Path folder) {
    Path file = folder.resolve("ethereum.json");
    try {
      JsonNode json = new ObjectMapper().readTree(Files.readString(file));
      return new ChainAccounts(
          json.required("chainId").asLong(),
          json.required("escrow").asText(),
          json.required("startBlock").asLong(),
          new AssetNames(json.required("title").asText(), json.required("cash").asText()),
          json.required("originator").asText(),
          List.of(json.required("adapter").required("keyFile").asText()));
    } catch (IOException | IllegalArgumentException broken) {
      throw new CliException("can't read " + file + ": " + broken.getMessage(), broken);
    }
  }
}
