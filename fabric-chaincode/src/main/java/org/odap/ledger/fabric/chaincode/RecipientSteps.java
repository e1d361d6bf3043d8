package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.Optional;

/**
 * The steps on the recipient's ledger (ARCH 7, 8):
 *
 * <pre>transfer: ANNOUNCED -> CREATED, or WITHDRAWN</pre>
 *
 * Whatever could make the creation impossible is refused when the asset is announced, because after
 * the commit point on the other ledger the creation has to succeed.
 */
final class RecipientSteps {
  private static final Table RECORDS = Table.INCOMING;

  private final Invocation call;
  private final TransferSteps steps;

  RecipientSteps(Invocation call) {
    this.call = call;
    this.steps = new TransferSteps(call);
  }

  /** 2.4: announces the asset to its beneficiary. */
  String logIncoming(
      StepKey key, String assetClass, BigInteger idOrAmount, String beneficiary, String reference) {
    StepParameters parameters = StepParameters.referringTo(reference);
    Optional<Incoming> known = hold(key);
    if (known.isPresent()) {
      Incoming record = known.get();
      if (record.state() == SideState.WITHDRAWN) {
        throw Refusals.outOfOrder("the transfer was withdrawn before");
      }
      if (!record.isOf(assetClass, idOrAmount, beneficiary)) {
        throw Refusals.conflict(record.steps().get(Step.LOG_INCOMING));
      }
      return steps.repeated(RECORDS, key, Step.LOG_INCOMING, record, parameters);
    }
    Asset asset = Asset.of(call.classes().requireTransferable(assetClass), idOrAmount);
    call.holdings().announce(asset, key.transferId());
    return steps.changed(
        RECORDS,
        key,
        Step.LOG_INCOMING,
        Incoming.announced(
            call.caller().mspId(), key, asset, beneficiary, steps.done(key, parameters)));
  }

  /** 3.5: creates the announced asset for its beneficiary. */
  String create(StepKey key, StepParameters creation) {
    Incoming record =
        hold(key).orElseThrow(() -> Refusals.outOfOrder("the transfer is not announced here"));
    if (record.state() == SideState.WITHDRAWN) {
      throw Refusals.outOfOrder("the transfer was withdrawn before");
    }
    if (record.state() == SideState.CREATED) {
      return steps.repeated(RECORDS, key, Step.CREATE, record, creation);
    }
    call.holdings().arrive(record.heldAsset(), record.beneficiary(), key.transferId());
    return steps.changed(
        RECORDS,
        key,
        Step.CREATE,
        record.with(SideState.CREATED, key.epoch(), Step.CREATE, steps.done(key, creation)));
  }

  /**
   * Rollback of 2.4: withdraws the announcement. Before it has arrived it makes sure that it never
   * will stand.
   */
  String withdraw(StepKey key) {
    Optional<Incoming> known = hold(key);
    StepDone withdrawal = steps.done(key, StepParameters.NONE);
    if (known.isEmpty()) {
      Incoming givenUp = Incoming.givenUp(call.caller().mspId(), key, withdrawal);
      return steps.changed(RECORDS, key, Step.WITHDRAW, givenUp);
    }
    Incoming record = known.get();
    return switch (record.state()) {
      case WITHDRAWN -> steps.repeated(RECORDS, key, Step.WITHDRAW, record);
      case ANNOUNCED -> {
        call.holdings().withdraw(record.heldAsset(), key.transferId());
        yield steps.changed(
            RECORDS,
            key,
            Step.WITHDRAW,
            record.with(SideState.WITHDRAWN, key.epoch(), Step.WITHDRAW, withdrawal));
      }
      default -> throw Refusals.outOfOrder("the asset is created");
    };
  }

  private Optional<Incoming> hold(StepKey key) {
    return steps.hold(Incoming.class, RECORDS, key);
  }
}
