/**
 * The ledger of a Hyperledger Fabric channel behind the ledger contract (ODAP 5.10; ARCH 7, 8): its
 * assets, the record of each transfer, and the two state machines behind it, as chaincode.
 */
package org.odap.ledger.fabric.chaincode;
