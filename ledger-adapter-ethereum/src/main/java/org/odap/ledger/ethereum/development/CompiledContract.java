package org.odap.ledger.ethereum.development;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Type;
import tools.jackson.databind.json.JsonMapper;

/** A contract of this module as the compiler left it among the resources. */
public record CompiledContract(String name, String bytecode) {

  /** Reads a contract by its name, such as {@code OdapEscrow}. */
  public static CompiledContract read(String name) {
    String resource = "/org/odap/ledger/ethereum/contracts/" + name + ".json";
    try (InputStream stream =
        Optional.ofNullable(CompiledContract.class.getResourceAsStream(resource))
            .orElseThrow(() -> new IllegalArgumentException("no contract " + name))) {
      String bytecode = JsonMapper.shared().readTree(stream).path("bytecode").asString();
      return new CompiledContract(name, bytecode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a transaction without receiver carries to deploy it. */
  @SuppressWarnings("rawtypes") // web3j's own signature
  public String deployment(Type... constructorArguments) {
    return bytecode + FunctionEncoder.encodeConstructor(List.of(constructorArguments));
  }
}
