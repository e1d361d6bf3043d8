/** The chaincode with the transfer record, as its clients see it: functions, answers, refusals. */
package org.odap.ledger.fabric.assets;
