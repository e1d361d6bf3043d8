package org.odap.ledger.fabric.evidence;

/**
 * A channel whose evidence can be checked without asking it.
 *
 * @param dltSystem its name between gateways
 * @param endorsers organizations whose peers endorse
 * @param endorsementsMin of how many of them an endorsement is demanded
 * @param orderers organizations whose nodes order
 * @param orderersMin how many organizations' orderers have to have signed the block
 */
public record KnownChannel(
    String dltSystem,
    String channel,
    String chaincode,
    TrustRoots endorsers,
    int endorsementsMin,
    TrustRoots orderers,
    int orderersMin) {}
