package org.odap.ledger.ethereum.step;

import static org.odap.ledger.ethereum.escrow.EscrowCalls.address;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.encode;

import java.math.BigInteger;
import java.util.Optional;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.utils.Numeric;

/** What ERC-20 and ERC-721 tokens answer. */
public record Tokens(Chain chain) {
  /** Event of both standards: topics are from, to and (ERC-721 only) the id. */
  static final String TRANSFER = EscrowEvents.topicOf("Transfer(address,address,uint256)");

  /** What an account holds of an ERC-20 token, or how many of an ERC-721 token. */
  public BigInteger balanceOf(Address token, Address account) {
    return Numeric.toBigInt(ask(token, encode("balanceOf", address(account))));
  }

  /** Who owns a unique asset; empty where it does not exist, which most tokens say by reverting. */
  public Optional<Address> ownerOf(Address token, BigInteger id) {
    try {
      String word = ask(token, encode("ownerOf", new Uint256(id)));
      Address owner = Address.ofHex("0x" + word.substring(word.length() - 40));
      return owner.equals(Address.ZERO) ? Optional.empty() : Optional.of(owner);
    } catch (ChainRefusedException e) {
      return Optional.empty();
    }
  }

  /** All units of an ERC-20 token. */
  public BigInteger totalSupply(Address token) {
    return Numeric.toBigInt(ask(token, encode("totalSupply")));
  }

  private String ask(Address token, String data) {
    return chain.call(new CallMessage(Address.ZERO.text(), token.text(), data), "latest");
  }
}
