package org.odap.ledger.ethereum.development;

import static org.odap.ledger.ethereum.escrow.EscrowCalls.address;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.encode;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.word;

import java.math.BigInteger;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.escrow.EscrowCalls;
import org.odap.ledger.ethereum.escrow.EscrowEvents;
import org.odap.ledger.ethereum.escrow.Retirement;
import org.odap.ledger.ethereum.escrow.TokenKind;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.generated.Uint256;

/** The escrow with one unique and one fungible class, deployed anew, and their administrator. */
public final class DevelopmentContracts {
  private static final BigInteger UNLIMITED = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

  private final Wallet administrator;
  private final Address escrow;
  private final Address title;
  private final Address cash;
  private final long startBlock;

  /** Deploys all three and enrols both classes; what leaves by transfer is burned. */
  public DevelopmentContracts(Chain chain) {
    this.administrator = Wallet.funded(chain);
    this.startBlock = chain.blockNumber();
    this.escrow = deployed("OdapEscrow");
    this.title = deployed("OdapTitle");
    this.cash = deployed("OdapCash");
    enrol(title, TokenKind.UNIQUE);
    enrol(cash, TokenKind.FUNGIBLE);
  }

  public Address escrow() {
    return escrow;
  }

  public Address title() {
    return title;
  }

  public Address cash() {
    return cash;
  }

  public long startBlock() {
    return startBlock;
  }

  /** Who may enrol classes and give roles. */
  public Wallet administrator() {
    return administrator;
  }

  /** Lets an account do transfer steps, and create and destroy assets. */
  public void appoint(Address adapter) {
    grant(escrow, "GATEWAY_ROLE", adapter);
    grant(escrow, "ISSUER_ROLE", adapter);
  }

  public void mintTitle(Address owner, BigInteger id) {
    administrator.call(title, encode("mint", address(owner), new Uint256(id)));
  }

  public void mintCash(Address owner, BigInteger amount) {
    administrator.call(cash, encode("mint", address(owner), new Uint256(amount)));
  }

  /** The owner's consent to every transfer there will be. */
  public void approveAll(Wallet owner) {
    owner.call(title, encode("setApprovalForAll", address(escrow), new Bool(true)));
    owner.call(cash, encode("approve", address(escrow), new Uint256(UNLIMITED)));
  }

  private Address deployed(String name) {
    String data = CompiledContract.read(name).deployment(address(administrator.address()));
    return administrator.deploy(data);
  }

  private void enrol(Address token, TokenKind kind) {
    administrator.call(escrow, EscrowCalls.enrolToken(token, kind, Retirement.BURN));
    grant(token, "MINTER_ROLE", escrow);
  }

  private void grant(Address contract, String role, Address account) {
    String roleWord = EscrowEvents.topicOf(role).substring(2);
    administrator.call(contract, encode("grantRole", word(roleWord), address(account)));
  }
}
