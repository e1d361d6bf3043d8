package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an owner consents to with its assets of one class, beside the consent that stands with a
 * unique asset.
 *
 * @param amounts by MSP, how many units its gateways may still lock, or its issuers destroy
 * @param standing MSPs whose gateways may lock whatever the owner holds, until it is taken back
 */
record Consent(Map<String, BigInteger> amounts, List<String> standing) {
  static final Consent NONE = new Consent(Map.of(), List.of());

  Consent {
    amounts = Map.copyOf(amounts);
    standing = List.copyOf(standing);
  }

  BigInteger amount(String mspId) {
    return amounts.getOrDefault(mspId, BigInteger.ZERO);
  }

  Consent withAmount(String mspId, BigInteger amount) {
    Map<String, BigInteger> changed = new HashMap<>(amounts);
    if (amount.signum() == 0) {
      changed.remove(mspId);
    } else {
      changed.put(mspId, amount);
    }
    return new Consent(changed, standing);
  }

  Consent withoutAmounts() {
    return new Consent(Map.of(), standing);
  }

  Consent withStanding(String mspId) {
    return new Consent(
        amounts, Stream.concat(standing.stream(), Stream.of(mspId)).distinct().sorted().toList());
  }

  Consent withoutStanding() {
    return new Consent(amounts, List.of());
  }
}
