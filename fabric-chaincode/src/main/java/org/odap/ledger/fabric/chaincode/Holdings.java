package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import org.hyperledger.fabric.shim.ChaincodeStub;

/** What accounts hold, told apart or counted as the class has it. */
final class Holdings {
  private final Consents consents;
  private final UniqueAssets unique;
  private final Balances balances;

  Holdings(WorldState state, ChaincodeStub stub) {
    this.consents = new Consents(state);
    this.unique = new UniqueAssets(state, consents);
    this.balances = new Balances(state, consents, stub);
  }

  Consents consents() {
    return consents;
  }

  UniqueAssets unique() {
    return unique;
  }

  Balances balances() {
    return balances;
  }

  void create(Asset asset, String owner) {
    switch (asset.kind()) {
      case UNIQUE -> unique.create(asset.assetClass(), asset.idOrAmount(), owner);
      case FUNGIBLE -> balances.credit(owner, asset.assetClass(), asset.idOrAmount());
    }
  }

  void destroy(Asset asset, String owner, String issuerMspId) {
    switch (asset.kind()) {
      case UNIQUE -> unique.destroy(asset.assetClass(), asset.idOrAmount(), owner, issuerMspId);
      case FUNGIBLE -> balances.destroy(owner, asset.assetClass(), asset.idOrAmount(), issuerMspId);
    }
  }

  void move(Asset asset, String owner, String to) {
    switch (asset.kind()) {
      case UNIQUE -> unique.move(asset.assetClass(), asset.idOrAmount(), owner, to);
      case FUNGIBLE -> {
        balances.debit(owner, asset.assetClass(), asset.idOrAmount());
        balances.credit(to, asset.assetClass(), asset.idOrAmount());
      }
    }
  }

  /** Consent to one lock by gateways of the MSP; an empty MSP takes all consent back. */
  void approve(Asset asset, String owner, String mspId) {
    switch (asset.kind()) {
      case UNIQUE -> unique.approve(asset.assetClass(), asset.idOrAmount(), owner, mspId);
      case FUNGIBLE ->
          consents.change(
              owner,
              asset.assetClass(),
              consent ->
                  mspId.isEmpty()
                      ? consent.withoutAmounts()
                      : consent.withAmount(mspId, asset.idOrAmount()));
    }
  }

  /** 2.3. */
  void lock(Asset asset, String owner, String mspId, String transferId, long expiry) {
    String assetClass = asset.assetClass();
    BigInteger idOrAmount = asset.idOrAmount();
    switch (asset.kind()) {
      case UNIQUE -> unique.lock(assetClass, idOrAmount, owner, mspId, transferId, expiry);
      case FUNGIBLE -> balances.lock(owner, assetClass, idOrAmount, mspId, transferId, expiry);
    }
  }

  /** Rollback of 2.3. */
  void unlock(Asset asset, String owner, String transferId) {
    switch (asset.kind()) {
      case UNIQUE -> unique.unlock(asset.assetClass(), asset.idOrAmount(), owner, transferId);
      case FUNGIBLE -> balances.unlock(owner, asset.assetClass(), asset.idOrAmount(), transferId);
    }
  }

  /** 3.3. */
  void extinguish(Asset asset, String owner, String transferId) {
    switch (asset.kind()) {
      case UNIQUE -> unique.extinguish(asset.assetClass(), asset.idOrAmount(), owner, transferId);
      case FUNGIBLE -> balances.extinguish(owner, asset.assetClass(), transferId);
    }
  }

  /** 2.4: whatever could make the creation impossible is refused now. */
  void announce(Asset asset, String transferId) {
    if (asset.kind() == AssetKind.UNIQUE) {
      unique.announce(asset.assetClass(), asset.idOrAmount(), transferId);
    }
  }

  /** Rollback of 2.4. */
  void withdraw(Asset asset, String transferId) {
    if (asset.kind() == AssetKind.UNIQUE) {
      unique.withdraw(asset.assetClass(), asset.idOrAmount(), transferId);
    }
  }

  /** 3.5. */
  void arrive(Asset asset, String beneficiary, String transferId) {
    switch (asset.kind()) {
      case UNIQUE -> unique.arrive(asset.assetClass(), asset.idOrAmount(), beneficiary, transferId);
      case FUNGIBLE -> balances.credit(beneficiary, asset.assetClass(), asset.idOrAmount());
    }
  }
}
