package org.odap.ledger.ethereum.escrow;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.Log;

/** One deployed escrow, as it stands on the node's present chain. Changes nothing. */
public final class Escrow {
  private final Chain chain;
  private final Address address;

  public Escrow(Chain chain, Address address) {
    this.chain = chain;
    this.address = address;
  }

  /** A class of assets, as the escrow's administrator enrolled it. */
  public record Rules(TokenKind kind, Retirement retirement) {}

  public Address address() {
    return address;
  }

  public TransferRecord transferOf(TransferId id) {
    return TransferRecord.read(ask(EscrowCalls.transferOf(id)));
  }

  public Rules rulesOf(Address token) {
    Words words = ask(EscrowCalls.rulesOf(token));
    return new Rules(
        TokenKind.of(words.uint(0).intValueExact()), Retirement.of(words.uint(1).intValueExact()));
  }

  /** The transfer that has a unique asset locked. */
  public Optional<TransferId> lockHolder(Address token, BigInteger id) {
    Words words = ask(EscrowCalls.uniqueHoldOf(token, id));
    return words.isZero(0) ? Optional.empty() : TransferId.ofTopic("0x" + words.word(0));
  }

  /** Whether an asset was made or destroyed under this request id, 64 hex digits. */
  public boolean isRequestDone(String requestWord) {
    return !ask(EscrowCalls.requestDone(requestWord)).isZero(0);
  }

  public List<Address> enrolledTokens() {
    Words words = ask(EscrowCalls.enrolledTokens());
    List<Address> tokens = new ArrayList<>();
    for (int i = 0; i < words.uint(1).intValueExact(); i++) {
      tokens.add(words.address(2 + i));
    }
    return tokens;
  }

  /**
   * What a step left in the chain's log; empty where the step is not done, or where the chain
   * changed between two questions.
   */
  public Optional<Log> logOf(TransferId id, LedgerStep step, TransferRecord record) {
    OptionalLong block = record.blockOf(step);
    if (block.isEmpty()) {
      return Optional.empty();
    }
    List<List<String>> topics = List.of(List.of(EscrowEvents.topic(step)), List.of(id.topic()));
    return chain
        .logs(List.of(address.text()), topics, block.getAsLong(), block.getAsLong())
        .stream()
        .findFirst();
  }

  private Words ask(String data) {
    CallMessage message = new CallMessage(Address.ZERO.text(), address.text(), data);
    return Words.of(chain.call(message, "latest"));
  }
}
