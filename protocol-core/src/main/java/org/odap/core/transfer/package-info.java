/**
 * The transfer as a pure state machine for both gateways (ODAP 6 to 8, recovery-01).
 *
 * <p>A transfer's state is the fold of its log ({@link TransferMachine#apply}). What reaches it is
 * decided by {@link TransferMachine#decide}, which gives entries to append; what is to be done once
 * they are durable follows from the state ({@link TransferMachine#pending}), so that a gateway that
 * starts again goes on by the same way.
 */
package org.odap.core.transfer;
