package org.odap.cli.system;

import org.odap.core.resource.GatewayResources;
import org.odap.runtime.identity.Identity;

/**
 * One side of a system: an organization with a gateway in front of one ledger (ODAP 4).
 *
 * @param name short name of the organization, e.g. "alpha"
 * @param kind kind of its ledger
 */
public record Side(String name, LedgerKind kind) {
  /** Host part of the organization's identities. */
  public String organization() {
    return name + ".example";
  }

  /** The ledger's name between gateways, e.g. "sql-alpha". */
  public String dltSystem() {
    return kind.label() + "-" + name;
  }

  /** The gateway's identity. */
  public Identity gateway() {
    return identity("odapgw", "gateway-1");
  }

  /** What a gateway's files and process are called: number 0 is the primary, then its backups. */
  public static String gatewayName(int number) {
    return number == 0 ? "gateway" : "backup-" + number;
  }

  /** What an adapter's files and process are called: number 0 is the first, then its replicas. */
  public static String ledgerName(int number) {
    return number == 0 ? "ledger" : "ledger-" + (number + 1);
  }

  /** What a log node's files and process are called: number 0 is the first, then the others. */
  public static String logName(int number) {
    return number == 0 ? "log" : "log-" + (number + 1);
  }

  /** The log service's identity. */
  public Identity log() {
    return identity("odaplog", "log");
  }

  /** The ledger adapter's identity. */
  public Identity ledger() {
    return identity("odapledger", dltSystem());
  }

  /** The attestation service's identity. */
  public Identity attestation() {
    return identity("odapattestation", "attestation");
  }

  /** The identity of a member of its ledger, by number from 1. */
  public Identity member(int number) {
    return identity("odapparticipant", memberName(number));
  }

  /** The identity of an adapter that members look at the ledger through, by number from 1. */
  public Identity memberLedger(int number) {
    return identity("odapledger", memberLedgerName(number));
  }

  /** What a member's files and process are called. */
  static String memberName(int number) {
    return "member-" + number;
  }

  /** What the files and process of a members' adapter are called. */
  static String memberLedgerName(int number) {
    return "members-ledger-" + number;
  }

  /** The client's identity: who orders transfers and issues assets. */
  public Identity client() {
    return identity("odapclient", gatewayHost() + "/finance/treasury");
  }

  /** Names of what lies behind the gateway. */
  public GatewayResources resources() {
    return GatewayResources.of(gateway().uri()).orElseThrow();
  }

  private String gatewayHost() {
    return resources().gateway().gateway();
  }

  private Identity identity(String scheme, String member) {
    return new Identity(scheme + "://" + organization() + "/" + member);
  }
}
