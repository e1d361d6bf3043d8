package org.odap.ledger.fabric.chaincode;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One transfer's calls, made by one gateway in one epoch. */
record Transfer(Actors actors, Identity gateway, String id, String epoch, String anchor) {

  static Transfer of(Actors actors) {
    return new Transfer(actors, actors.gateway, Actors.transferId(), "1", "");
  }

  Transfer by(Identity other) {
    return new Transfer(actors, other, id, epoch, anchor);
  }

  Transfer inEpoch(String other) {
    return new Transfer(actors, gateway, id, other, anchor);
  }

  Transfer anchoredAt(String other) {
    return new Transfer(actors, gateway, id, epoch, other);
  }

  ObjectNode lock(String assetClass, String idOrAmount, String owner, String expiry) {
    return lock(assetClass, idOrAmount, owner, expiry, Actors.REFERENCE);
  }

  ObjectNode lock(
      String assetClass, String idOrAmount, String owner, String expiry, String reference) {
    return submit("Lock", id, epoch, assetClass, idOrAmount, owner, expiry, reference, anchor);
  }

  ObjectNode lockDeed() {
    return lock(Actors.DEEDS, "7", actors.alicesAccount, actors.expiry());
  }

  ObjectNode lockCoins(String amount) {
    return lock(Actors.COINS, amount, actors.alicesAccount, actors.expiry());
  }

  ObjectNode unlock() {
    return submit("Unlock", id, epoch, anchor);
  }

  ObjectNode unlockExpired(Identity anybody) {
    return actors.channel.submit(anybody, "UnlockExpired", id);
  }

  ObjectNode finalizeLock() {
    return finalizeLock(Actors.REFERENCE);
  }

  ObjectNode finalizeLock(String reference) {
    return submit("FinalizeLock", id, epoch, reference, anchor);
  }

  ObjectNode recordLocation(String remoteTransactionId) {
    return submit(
        "RecordLocation", id, epoch, Actors.REFERENCE, "sql-1", remoteTransactionId, "9", anchor);
  }

  ObjectNode logIncoming(String assetClass, String idOrAmount, String beneficiary) {
    return logIncoming(assetClass, idOrAmount, beneficiary, Actors.REFERENCE);
  }

  ObjectNode logIncoming(
      String assetClass, String idOrAmount, String beneficiary, String reference) {
    return submit("LogIncoming", id, epoch, assetClass, idOrAmount, beneficiary, reference, anchor);
  }

  ObjectNode create() {
    return create(Actors.OTHER_REFERENCE, Actors.REFERENCE);
  }

  ObjectNode create(String hashCommitFinal, String reference) {
    return submit("CreateFromTransfer", id, epoch, hashCommitFinal, reference, anchor);
  }

  ObjectNode withdraw() {
    return submit("WithdrawIncoming", id, epoch, anchor);
  }

  String record() {
    return actors.channel.evaluate(actors.alice, "GetTransfer", id).toString();
  }

  private ObjectNode submit(String... call) {
    return actors.channel.submit(gateway, call);
  }
}
