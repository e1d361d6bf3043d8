package org.odap.ledger.fabric.chaincode;

import java.time.Duration;
import java.util.UUID;

/** A channel with two organizations, two classes, and the people and gateways that tests need. */
final class Actors {
  static final String DEEDS = "deeds";
  static final String COINS = "coins";
  static final String REFERENCE = "a".repeat(64);
  static final String OTHER_REFERENCE = "b".repeat(64);
  static final Duration LOCK_LASTS = Duration.ofMinutes(1);

  final InMemoryChannel channel = new InMemoryChannel();
  final Organization alpha = new Organization("AlphaMSP");
  final Organization beta = new Organization("BetaMSP");
  final Identity admin = alpha.enroll("admin", "odap.admin");
  final Identity issuer = alpha.enroll("issuer", "odap.issuer");
  final Identity gateway = alpha.enroll("gateway", "odap.gateway");
  final Identity alice = alpha.enroll("alice");
  final Identity bob = alpha.enroll("bob");
  final Identity betaAdmin = beta.enroll("admin", "odap.admin");
  final Identity betaIssuer = beta.enroll("issuer", "odap.issuer");
  final Identity betaGateway = beta.enroll("gateway", "odap.gateway");
  final String alicesAccount = "AlphaMSP/alice";
  final String bobsAccount = "AlphaMSP/bob";

  Actors() {
    channel.submit(admin, "DefineClass", DEEDS, "UNIQUE");
    channel.submit(admin, "DefineClass", COINS, "FUNGIBLE");
  }

  static String transferId() {
    return UUID.randomUUID().toString();
  }

  String expiry() {
    return String.valueOf(channel.now() + LOCK_LASTS.toMillis());
  }

  /** Alice owns deed 7 and 100 coins, and consents to locks by her organization's gateway. */
  Actors withAlicesAssets() {
    channel.submit(issuer, "CreateAsset", "r1", DEEDS, "7", alicesAccount);
    channel.submit(issuer, "CreateAsset", "r2", COINS, "100", alicesAccount);
    channel.submit(alice, "Approve", DEEDS, "7", "AlphaMSP");
    channel.submit(alice, "Approve", COINS, "100", "AlphaMSP");
    return this;
  }

  String balance(String account) {
    return channel.evaluate(alice, "GetBalance", COINS, account).get("free").asText();
  }

  String lockedBalance(String account) {
    return channel.evaluate(alice, "GetBalance", COINS, account).get("locked").asText();
  }

  String owner(String id) {
    return channel.evaluate(alice, "GetAsset", DEEDS, id).get("owner").asText();
  }
}
